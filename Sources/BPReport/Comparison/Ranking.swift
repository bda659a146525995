import BPRegistry
import BPTraining

/// Whether the recorded measures of models can be ranked: only those of the same rows, and of the same measure.
struct Ranking {
    /// The settings in which the models differ and on which every measure depends.
    let differing: [String]
    /// What makes losses differ that mean the same; nil if nothing does.
    let lossReason: String?

    init(_ models: [ComparedModel]) {
        func differ<Value: Hashable>(_ name: String, _ value: (ComparedModel) -> Value) -> String? {
            Set(models.map(value)).count > 1 ? name : nil
        }
        // Without a part that is held out no seed decides which rows are trained on.
        let hasParts = models.contains { $0.spec.fractions.validation > 0 || $0.spec.fractions.test > 0 }
        differing = [
            differ("dataset") { $0.run.dataset }, differ("target") { $0.spec.encoding.target.name },
            differ("task") { $0.spec.task }, differ("validation") { $0.spec.fractions.validation },
            differ("test") { $0.spec.fractions.test }, hasParts ? differ("split_seed") { $0.spec.splitSeed } : nil,
        ].compactMap { $0 }
        lossReason =
            differ("loss functions") { $0.spec.loss } ?? (Ranking.sharesLoss(models) ? nil : "encodings of the target")
    }

    /// Whether the loss of the same predictions is the same number in all models.
    static func sharesLoss(_ models: [ComparedModel]) -> Bool {
        models.allSatisfy {
            $0.spec.loss == models[0].spec.loss && $0.spec.encoding.target == models[0].spec.encoding.target
        }
    }

    /// Whether losses can be ranked, and whether scores can.
    var ranksLosses: Bool { differing.isEmpty && lossReason == nil }
    var ranksScores: Bool { differing.isEmpty }

    /// A sentence about what is not ranked; nil if everything is.
    var sentence: String? {
        if !differing.isEmpty {
            return "no value is marked as the best: these models cannot be ranked, because they differ in "
                + differing.joined(separator: ", ")
        }
        return lossReason.map { "losses are not ranked, because the \($0) differ" }
    }

    /// The places of the best of some values; none if fewer than two are numbers, or if all are equal.
    static func best(_ values: [Double?], isLowest: Bool) -> Set<Int> {
        let known = values.compactMap { $0 }.filter(\.isFinite)
        guard known.count > 1, let best = isLowest ? known.min() : known.max(), known.contains(where: { $0 != best })
        else { return [] }
        return Set(values.indices.filter { values[$0] == best })
    }
}
