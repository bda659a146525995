import BPCore
public import BPData
public import BPRegistry

/// Where a fork goes on from.
package struct ForkOrigin: Sendable {
    /// The point, on a line of the run that recorded it.
    package let point: Point
    /// Whether the optimizer's slots and its count of steps carry over: if the rule stays the same.
    package let keepsSlots: Bool
    /// The epoch limit of the parent's last attempt.
    let epochLimit: Int?
    let parent: RecordedRun
    /// Where the epochs of the fork lie.
    let grid: EpochGrid
}

extension TrainingPlan {
    /// A run that goes on from the state that `reference` names, with the changes that `options` ask for. Its encoding
    /// is the parent's, since the weights are made for it; everything else that is not named is the parent's too.
    /// - Parameters:
    ///   - reference: a version stands for the point it was made of.
    ///   - table: other data of the same columns; the parent's unless said.
    ///   - file: the parent's data, if the registry keeps only their hash.
    ///   - model: the model's name; the parent's unless said.
    /// - Throws: `cannotFork` for what makes another network of it, `otherColumns`, `notAtEpochEnd` for data, batch
    ///   size, shares, order or seed that change inside an epoch, `setting`; `RegistryError`, `DataError`, `CoreError`.
    public init(
        forking reference: Reference, in registry: Registry, options: TrainingOptions, table: Table? = nil,
        file: DataFile? = nil, model: String? = nil
    ) throws {
        let point = try registry.recordedPoint(reference)
        let parent = try RecordedRun(registry, run: point.run, file: file)
        try parent.refuseDivergence(at: point)
        let data = table ?? parent.table
        let isOther = NewDataset(data, limit: 0).hash != parent.run.dataset
        if isOther { try parent.checkTypes(of: data) }
        var (spec, split, epochwise) = try parent.spec.forked(
            options, run: point.run, after: point.epoch, table: data)
        if isOther { epochwise.append("data") }
        let end = parent.grid.end(of: point.epoch)
        guard epochwise.isEmpty || point.iteration == end else {
            throw TrainingError.notAtEpochEnd(point, changes: epochwise, before: point.epoch)
        }
        spec.dataset = nil
        let keepsSlots = spec.optimizer.name == parent.spec.optimizer.name
        let attempts = try registry.attempts(ofRun: point.run)
        let trainingData = try TrainingData(data, spec: spec, split: split)
        let grid = EpochGrid(
            length: spec.iterationsPerEpoch(trainingRows: trainingData.training.samples.count), after: point.epoch,
            endingAt: end, stepOrigin: keepsSlots ? parent.grid.stepOrigin : point.iteration)
        origin = ForkOrigin(
            point: point, keepsSlots: keepsSlots, epochLimit: attempts.last?.settings.epochLimit, parent: parent,
            grid: grid)
        imported = nil
        self.spec = spec
        self.table = data
        self.data = trainingData
        self.model = try ModelName(model ?? parent.run.model).text
        // Without another name it is the parent's, whose columns and target a fork has.
        isNameDerived = false
        dataNotes = table?.notes ?? []
        notes =
            dataNotes
            + [TrainingPlan.slotNote(from: parent.spec.optimizer, to: spec.optimizer)].compactMap { $0 }
        let splitChanges = epochwise.filter { ["data", "split seed", "validation", "test"].contains($0) }
        let fault = try OutputFault(
            spec.network.outputActivation, spec.loss, spec.encoding, data, trainingData.split)
        warnings =
            (isOther ? TrainingPlan.doubts(about: data, spec) : []) + trainingData.notes
            + (fault.map { [$0.what] } ?? [])
            + (splitChanges.isEmpty
                ? []
                : [
                    "\(splitChanges.joined(separator: " and ")) changed: rows that are held out now may be rows that "
                        + "run \(point.run) was trained on"
                ])
    }

    /// Doubts about the columns that `spec` uses of other data.
    private static func doubts(about table: Table, _ spec: TrainingSpec) -> [String] {
        guard let target = spec.columns.first(where: { $0.role == .target }) else { return [] }
        let features = spec.columns.filter { $0.role == .feature }.map(\.name)
        return TableFinding.sentences(table.findings(target: target.name, features: features))
    }

    /// The columns that the run ignores which a fork of this point would continue: other data for it need not fit there.
    package static func ignoredColumns(forking reference: Reference, in registry: Registry) throws -> Set<String> {
        let point = try registry.recordedPoint(reference)
        let spec = try RecordedRun.spec(registry, run: point.run, anyNumerics: true)
        return Set(spec.columns.filter { $0.role == .ignored }.map(\.name))
    }

    /// A note if another rule loses the optimizer's memory.
    private static func slotNote(from old: Optimizer, to new: Optimizer) -> String? {
        if old.name == new.name { return nil }
        let lost = old.slotNames.isEmpty ? "" : "; what \(old.name) remembered is left behind"
        return "\(new.name) begins without memory, its steps counted from 1\(lost)"
    }
}

extension RecordedRun {
    /// Refuses data with text in columns that are numbers in this run, or the other way round.
    fileprivate func checkTypes(of other: Table) throws(DataError) {
        for column in spec.columns where column.role != .ignored {
            guard let mine = table.columns.first(where: { $0.name == column.name }),
                let theirs = other.columns.first(where: { $0.name == column.name })
            else { continue }
            guard (mine.type == .text) == (theirs.type == .text) else {
                throw DataError(
                    .badValue,
                    theirs.type == .text
                        ? "run \(run.number) has numbers there, these data text"
                        : "run \(run.number) has text there, these data numbers",
                    file: other.file, columnName: column.name)
            }
        }
    }
}
