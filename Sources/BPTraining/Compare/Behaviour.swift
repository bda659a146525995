import BPData
import BPRegistry

/// What models do with the same rows.
public struct Behaviour: Sendable {
    /// `train`, `validation`, `test`, `all` or `unseen`; nil for data that were given.
    public let split: String?
    /// How many rows.
    public let rows: Int
    /// How well each model does; nil where it was not measured.
    public let scores: [Evaluation?]
    /// How many of the rows each model was trained on, or rows of equal content where its data are others; nil where
    /// that cannot be known.
    public let trainedOn: [Int?]
    /// Each of the other models against the base, the first one; nil if one of the two was not
    /// measured, or if a prediction of one is not finite.
    public let pairs: [PairBehaviour?]
    /// What could not be compared, and what to bear in mind, one sentence each.
    public let notes: [String]
    /// What makes the scores look other than they are: rows that a model was trained on, predictions that are not finite.
    public let warnings: [String]

    init(
        _ models: [ComparedModel], on choice: RowChoice, rowLimit: Int, in registry: Registry
    ) throws {
        let base = models[0]
        // A model that predicts something else has no say in which rows are chosen.
        let refusals = models.map { Behaviour.refusal(base, $0) }
        let comparable = zip(models, refusals).filter { $0.1 == nil }.map { $0.0 }
        let chosen = try ComparedRows(choice, comparable, in: registry)
        var notes = chosen.notes
        var warnings: [String] = []
        var measured: [(evaluation: Evaluation, outputs: [Float])?] = []
        for (index, model) in models.enumerated() {
            if let reason = refusals[index] {
                notes.append(reason)
                measured.append(nil)
                continue
            }
            do {
                let (evaluation, outputs, unknown) = try model.loaded.model.measure(
                    chosen.table, rows: chosen.rows, unknown: .zero)
                measured.append((evaluation, outputs))
                if let unknown { notes.append("\(model.reference): \(unknown)") }
                if let fault = evaluation.nonFinite { warnings.append("\(model.reference): \(fault)") }
            } catch {
                // Of the base nothing is left to compare with.
                if index == 0 { throw error }
                notes.append("\(model.reference) cannot be used on these rows: \(error)")
                measured.append(nil)
            }
        }
        var trainedOn: [Int?] = []
        for (model, result) in zip(models, measured) {
            guard result != nil else {
                trainedOn.append(nil)
                continue
            }
            do {
                let seen = try SeenRows(model, of: chosen.table, base: chosen.split == nil ? nil : base, in: registry)
                let count = chosen.rows.count { seen.contains($0) }
                trainedOn.append(count)
                if count > 0, chosen.split != StoredSplit.train.rawValue, chosen.split != StoredSplit.all.rawValue {
                    warnings.append(
                        "\(count) of the \(chosen.rows.count) rows were training rows of \(model.reference): "
                            + "its score there is no measure of new data")
                }
            } catch {
                trainedOn.append(nil)
                notes.append("whether \(model.reference) was trained on these rows is not known: \(error)")
            }
        }
        split = chosen.split
        rows = chosen.rows.count
        scores = measured.map { $0?.evaluation }
        self.trainedOn = trainedOn
        (self.notes, self.warnings) = (notes, warnings)
        pairs = try models.indices.dropFirst().map { index in
            guard let first = measured[0], let second = measured[index] else { return nil }
            // A test over predictions of which one is no number would call chance what is an overflow.
            guard first.evaluation.hasPredictions, second.evaluation.hasPredictions else { return nil }
            return try PairBehaviour(
                chosen, (base.loaded.model, first.outputs), (models[index].loaded.model, second.outputs),
                rowLimit: rowLimit)
        }
    }

    /// Why the predictions of two models are not comparable; nil where they are.
    private static func refusal(_ base: ComparedModel, _ other: ComparedModel) -> String? {
        let (a, b) = (base.loaded.model.encoding, other.loaded.model.encoding)
        let (x, y) = (base.reference, other.reference)
        if a.target.name != b.target.name {
            return "\(x) predicts \(a.target.name), \(y) predicts \(b.target.name): their predictions are not compared"
        }
        if a.task != b.task {
            return "\(x) is a \(a.task.rawValue), \(y) a \(b.task.rawValue): their predictions are not compared"
        }
        guard let first = a.classes, let second = b.classes, first != second else { return nil }
        func list(_ labels: ClassLabels) -> String {
            let names = labels.names
            return names.prefix(12).joined(separator: ", ") + (names.count > 12 ? ", … (\(names.count))" : "")
        }
        return "the classes of \(x) are \(list(first)), those of \(y) are \(list(second)): "
            + "their predictions are not compared"
    }
}
