import BPRegistry
import BPTraining

/// Whether the recorded measures of models can be ranked: only those of the same rows, and of the same measure.
struct Ranking {
    /// The settings in which the models differ and on which every measure depends.
    let differing: [String]
    /// What makes losses differ that mean the same; nil if nothing does.
    let lossReason: String?

    init(_ models: [ComparedModel]) {
        let base = models[0]
        func differences(_ measure: Comparability.Measure) -> [Comparability.Difference] {
            models.dropFirst().flatMap { model -> [Comparability.Difference] in
                guard let ground = base.ground, let other = model.ground else { return [.dataset] }
                return ground.differences(from: other, by: measure)
            }
        }
        func names(_ difference: Comparability.Difference) -> [String] {
            switch difference {
            case .dataset: ["dataset"]
            case .target: ["target"]
            case .shares(let validation, let test):
                (validation == base.ground?.validation ? [] : ["validation"])
                    + (test == base.ground?.test ? [] : ["test"])
            case .splitSeed: ["split_seed"]
            case .loss, .scale: []
            }
        }
        var found = Set(differences(.score).flatMap(names))
        // Another task of the same target; other data or targets have tasks of their own.
        if found.isEmpty, Set(models.map(\.spec.task)).count > 1 { found = ["task"] }
        differing = Ranking.order.filter(found.contains)
        lossReason =
            differences(.loss).lazy.compactMap { difference in
                switch difference {
                case .loss: "loss functions"
                case .scale: "scales of the target"
                default: nil
                }
            }.first
    }

    private static let order = ["dataset", "target", "task", "validation", "test", "split_seed"]

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
