package import BPCore
import BPData
public import BPRegistry

/// An attempt at a run, from its first iteration (`start`) or from where it was left (`resume`) to its end.
///
///     let plan = try TrainingPlan(table, options: options)
///     let session = try TrainingSession.start(plan, in: registry)
///     let outcome = try session.train()
///
/// One thread calls `train`, once; a recorder thread writes meanwhile.
public final class TrainingSession {
    package let registry: Registry
    let spec: TrainingSpec
    let loop: TrainingLoop
    let writer: RunWriter
    let settings: AttemptSettings
    let policy: KeyframePolicy
    let table: Table
    /// The run's number.
    public let run: Int
    /// Its model's name.
    public let model: String
    /// The total of epochs to reach.
    public var epochs: Int { settings.epochLimit }
    /// Where a resume goes on: recorded by earlier attempts; 0 for a new run.
    public var resumedIteration: Int { writer.resumedIteration }
    /// What must be recomputed before it goes on; nil for a new run.
    let resumption: RecordedRun?

    init(
        registry: Registry, spec: TrainingSpec, loop: TrainingLoop, writer: RunWriter, settings: AttemptSettings,
        policy: KeyframePolicy, table: Table, model: String, resumption: RecordedRun? = nil
    ) {
        (self.registry, self.spec, self.loop, self.writer) = (registry, spec, loop, writer)
        (self.settings, self.policy, self.table, self.model) = (settings, policy, table, model)
        (self.run, self.resumption) = (writer.run, resumption)
    }

    /// Stores the data and the spec, and makes the run; nothing is trained yet.
    /// - Parameter datasetLimit: the most bytes of data that the registry keeps; of larger data it keeps path and hash.
    /// - Throws: `TrainingError` (`setting`, `lowSpace`; `otherModel` if the model's name comes from the table's name and
    ///   the model has other columns, another target or another task), `RegistryError`, `CoreError`.
    public static func start(
        _ plan: TrainingPlan, in registry: Registry, attempt options: AttemptOptions = .init(),
        durability: Registry.Durability = .full, datasetLimit: Int = TrainingDefaults.datasetLimit
    ) throws -> TrainingSession {
        try start(plan.checked(options), in: registry, durability: durability, datasetLimit: datasetLimit)
    }

    /// As `start` of a plan, which has been checked before anything is written.
    package static func start(
        _ checked: CheckedPlan, in registry: Registry, durability: Registry.Durability = .full,
        datasetLimit: Int = TrainingDefaults.datasetLimit, instructionSet: InstructionSet? = nil
    ) throws -> TrainingSession {
        let (plan, options) = (checked.plan, checked.attempt)
        try plan.checkModel(in: registry)
        let compute = try Attempt.compute(threads: options.threads ?? Attempt.processors, instructionSet)
        let loop = try plan.makeLoop(compute)
        try checkSpace(registry, spec: plan.spec)
        let policy = KeyframePolicy(options)
        let dataset = NewDataset(plan.table, limit: datasetLimit)
        let hash = try registry.storeDataset(dataset)
        var spec = plan.spec
        spec.dataset = hash
        let hasValidation = plan.data.validation != nil
        let settings = Attempt.settings(
            compute: compute, durability: durability, keep: checked.keep, epochs: checked.epochs, policy: policy)
        let new = NewRun(
            model: plan.model, specJSON: spec.json.serialized, dataset: hash, settings: spec.settings,
            iterationsPerEpoch: loop.grid.length, hasValidation: hasValidation,
            scoreName: hasValidation ? spec.scoreName : nil, attempt: settings,
            fork: plan.origin.map { NewRun.Fork(parent: $0.point, keepsSteps: $0.keepsSlots) },
            readingJSON: RunReading(
                plan.table, parent: try plan.origin.map { try RunReading(of: $0.parent.run, in: registry) }
            ).json.serialized)
        let writer: RunWriter
        do throws(RegistryError) {
            writer = try registry.createRun(new)
        } catch {
            // If the data had been stored for long and no run used them, gc may just have freed them.
            guard case .notFound(let reference, _, _, _) = error, reference == hash.short else { throw error }
            try registry.storeDataset(dataset)
            writer = try registry.createRun(new)
        }
        return TrainingSession(
            registry: registry, spec: spec, loop: loop, writer: writer, settings: settings, policy: policy,
            table: plan.table, model: plan.model)
    }

    /// The versions that attempts at the run made of these weights. Those that people made may be of other models.
    func versions(of weights: SHA256Digest?) throws(RegistryError) -> [VersionRecord] {
        try registry.versions(ofRun: run).filter { $0.attempt != nil && $0.weights == weights }
    }

    static func checkSpace(_ registry: Registry, spec: TrainingSpec) throws(TrainingError) {
        let state = spec.optimizer.stateBytes(spec.network)
        guard let free = FreeSpace.bytes(beside: registry.path) else { return }
        let (reserve, overflow) = FreeSpace.reserve.addingReportingOverflow(2 * state)
        if overflow || free < reserve { throw .lowSpace(path: registry.path, free: free, reserve: reserve) }
    }
}
