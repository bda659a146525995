import BPJSON
import BPRegistry
import BPStore

/// The rows of a restoration, within its transaction. Each run and version is recognised or added; then everything new
/// is checked as in `verify`.
struct RowMerge {
    let contents: TransferContents
    let restoration: Restoration
    let store: Store
    let now: Int64

    init(_ contents: TransferContents, _ restoration: Restoration, _ store: Store) {
        (self.contents, self.restoration, self.store) = (contents, restoration, store)
        now = store.environment.now()
    }

    /// - Parameters:
    ///   - runs: the runs of this transaction, parents first.
    ///   - isLast: whether the models are completed.
    func merge(_ runs: [TransferContents.Run], isLast: Bool) throws {
        let isFirst = restoration.runs.isEmpty
        if isFirst { for dataset in contents.datasets { try merge(dataset) } }
        var here: [UUIDv7: RunRow] = [:]
        for run in runs { here[run.uuid] = try store.runs.find(uuid: run.uuid) }
        try assignNumbers(runs, here)
        var changed: [Int] = []
        for run in runs {
            if let row = here[run.uuid] {
                if let number = try recognise(run, row) { changed.append(number) }
            } else {
                changed.append(try add(run))
            }
        }
        if isLast { for model in contents.models { try complete(model) } }
        try check(changed)
    }

    // MARK: Runs

    /// A run that is here: it is extended if the source continues it; otherwise its versions that were deleted are
    /// restored.
    /// - Returns: its number, if anything has changed.
    private func recognise(_ run: TransferContents.Run, _ row: RunRow) throws -> Int? {
        if let gain = try RunComparison(run, row, restoration, store).gain() { return try extend(gain) }
        let number = row.id
        report(run, number, try store.models.need(row.model).name, .alreadyThere, row.iterations)
        var added: [TransferContents.Version] = []
        for version in run.versions where try merge(version, ofRun: number) { added.append(version) }
        guard !added.isEmpty else { return nil }
        var row = try store.runs.need(number)
        row.versions += added.count
        try store.update(row)
        try restoreMeasures(of: added, run, number)
        try annotate(versions: added)
        return number
    }

    private func add(_ run: TransferContents.Run) throws -> Int {
        guard let number = restoration.runs[run.uuid] else {
            throw store.damaged("run \(run.number)", "it has no number")
        }
        if try store.specs.find(run.row.spec) == nil, let spec = contents.specs[run.row.spec] {
            try store.insert(spec)
            try store.registry.update { $0.specs += 1 }
        }
        // The series of this very run may be here if its deletion can be undone; both are kept.
        try store.segments.vacate(number)
        var model = try modelRow(run.model)
        model.runs += 1
        try store.update(model)
        var row = run.row
        row.id = number
        row.model = model.id
        row.parentRun = run.parent.flatMap { restoration.runs[$0] }
        row.segments = run.segments.count
        row.attempts = run.attempts.count
        row.settings = run.settings.count
        row.versions = 0
        row.evaluations = run.evaluations.count
        row.metrics = run.metrics.count
        try store.insert(row)
        for (segment, parent) in run.segments { try addSegment(segment, parent, of: run, number) }
        for var attempt in run.attempts {
            attempt.run = number
            if attempt.ended == nil { (attempt.ended, attempt.status) = (row.updated, .interrupted) }
            try store.insert(attempt)
        }
        for var setting in run.settings {
            setting.run = number
            try store.insert(setting)
        }
        for var metric in run.metrics {
            metric.run = number
            try store.insert(metric)
        }
        for var pin in run.pins {
            pin.run = number
            try store.insert(pin)
        }
        if !run.pins.isEmpty { try store.registry.update { $0.pins += run.pins.count } }
        try addKeyframes(run.keyframes, number)
        for version in run.versions where try merge(version, ofRun: number) { row.versions += 1 }
        try store.update(row)
        for (evaluation, version) in run.evaluations { try add(evaluation, version, number) }
        try store.registry.update { registry in
            registry.runs += 1
            registry.lastRun = max(number, registry.lastRun)
        }
        try annotate(.run(number), run.annotations, versions: run.versions)
        try store.events.add(
            .restored, of: .run(number), at: now,
            [
                "uuid": .string(run.uuid.description), "number": JSONValue(run.number),
                "registry": .string(contents.registry.description),
            ])
        report(run, number, run.model, .added, row.iterations)
        return number
    }

    func report(
        _ run: TransferContents.Run, _ number: Int, _ model: String, _ outcome: RestoreReport.Outcome,
        _ iterations: Int, from before: Int? = nil
    ) {
        restoration.report.runs.append(
            RestoreReport.Run(
                uuid: run.uuid, number: number, archivedNumber: run.number, model: model, outcome: outcome,
                iterations: iterations, iterationsBefore: before))
    }

    /// Adds keyframes, and counts them in their segments.
    /// - Parameter attempts: the number here of each attempt, if it is another than in the source.
    func addKeyframes(
        _ keyframes: [(row: KeyframeRow, tensors: [TransferContents.Tensor])], _ number: Int,
        attempts: [Int: Int] = [:]
    ) throws {
        guard !keyframes.isEmpty else { return }
        var id = 0
        try store.registry.update { registry in
            id = registry.lastKeyframe
            registry.lastKeyframe += keyframes.count
        }
        for (keyframe, tensors) in keyframes {
            id += 1
            var row = keyframe
            (row.id, row.run, row.attempt) = (id, number, attempts[row.attempt] ?? row.attempt)
            (row.state, row.tensors) = (.complete, tensors.count)
            for tensor in tensors { try need(tensor) }
            try store.keyframes.insert(row, tensors.map { TensorName(name: $0.name, digest: $0.digest) })
        }
        for (segment, frames) in Dictionary(grouping: keyframes, by: \.row.segment) {
            try store.segments.addKeyframes(frames.count, run: number, number: segment)
        }
    }

    /// Makes sure that a tensor is here, or in an archive that is recorded here.
    func need(_ tensor: TransferContents.Tensor) throws {
        guard try store.tensors.isWhole(tensor.digest) || store.archives.tombstone(of: tensor.digest) != nil else {
            throw RegistryError.conflict(
                place: "content \(tensor.digest.short)",
                what: "it is not here; if something else deleted it meanwhile, restoring again writes it again")
        }
    }

    func add(_ evaluation: EvaluationRow, _ version: UUIDv7?, _ number: Int) throws {
        var row = evaluation
        row.id = try store.evaluations.nextID()
        row.run = number
        row.version = try version.flatMap { try store.versions.find(uuid: $0)?.id }
        try store.insert(row)
    }
}
