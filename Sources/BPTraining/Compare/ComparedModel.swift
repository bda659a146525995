package import BPJSON
public import BPRegistry

/// A reference that is compared, with what is recorded of it.
public struct ComparedModel: Sendable {
    /// The reference as it was given.
    public let reference: String
    /// Network, weights and encoding, and where they come from.
    public let loaded: LoadedModel
    /// The run they come from.
    public let run: RunRecord
    /// What the run was trained with.
    public let spec: TrainingSpec
    /// The epoch that the state ends; nil for first weights and for a state in the middle of an epoch.
    public let epoch: EpochRecord?
    /// The measures of this very state on its run's test split, where they were recorded: loss and scores.
    package let test: JSONValue?

    /// The data, target, split and loss of its run. Measures of two models are ranked only if these are equal.
    package let ground: Comparability?

    let settings: [Setting]
    /// The data that were named, if they are the run's.
    let given: GivenData

    /// Whether `file` holds the very data that the run was trained on, so that it stands for them.
    public let hasOwnData: Bool

    /// Loads what `text` names: a version, a point, or a run, which stands for its best epoch if it has a validation
    /// split, else for its last state. A state that is not stored is recomputed.
    /// - Parameter file: the data, if the registry keeps only their hash.
    /// - Throws: where it names nothing, or cannot be recomputed.
    public init(_ text: String, in registry: Registry, threads: Int? = nil, file: DataFile? = nil) throws {
        let given = try ComparedModel.given(file, for: [text], in: registry)
        try self.init(text, in: registry, threads: threads, given: given)
    }

    /// Several, of which the file may be the data of some. It is read once.
    /// - Throws: as `init`.
    package static func all(
        _ texts: [String], in registry: Registry, threads: Int? = nil, file: DataFile? = nil
    ) throws -> [ComparedModel] {
        let given = try given(file, for: texts, in: registry)
        return try texts.map { try ComparedModel($0, in: registry, threads: threads, given: given) }
    }

    /// The file as the data of those whose data the registry does not keep. Other rows than these may be named too: then
    /// their own come from where they were.
    private static func given(_ file: DataFile?, for texts: [String], in registry: Registry) throws -> GivenData {
        let runs = try texts.map { try registry.recordedPoint(Reference($0)).run }
        let hashed = try runs.filter { try !registry.dataset(registry.run($0).dataset).isStored }
        return (try? GivenData(hashed.isEmpty ? nil : file, ofRuns: hashed, in: registry)) ?? .none
    }

    private init(_ text: String, in registry: Registry, threads: Int?, given: GivenData) throws {
        reference = text
        let named = try Reference(text)
        let origin = try registry.run(registry.recordedPoint(named).run)
        self.given = given
        hasOwnData = try given.holdsData(ofRun: origin, in: registry)
        let loaded = try LoadedModel(named, in: registry, threads: threads, given: given)
        self.loaded = loaded
        let (number, segment) = (loaded.run, loaded.segment)
        run = try registry.run(number)
        spec = try RecordedRun.spec(registry, run: number, anyNumerics: true)
        let record = try registry.epochs(ofRun: number, segment: segment, from: loaded.epoch, to: loaded.epoch).first
        epoch = record?.iteration == loaded.iteration ? record : nil
        test = try ComparedModel.test(of: loaded, in: registry)
        ground = try registry.comparability(ofRuns: [number])[number]
        let recorded = try registry.settings(ofRun: number)
        settings = recorded + ComparedModel.more(run, spec)
    }

    /// What was measured on the test split of this state.
    private static func test(of loaded: LoadedModel, in registry: Registry) throws(RegistryError) -> JSONValue? {
        if let version = loaded.version {
            return (try? JSONValue(parsing: version.metricsJSON))?[StoredSplit.test.rawValue].flatMap {
                $0 == .null ? nil : $0
            }
        }
        let evaluations = try registry.evaluations(ofRun: loaded.run)
        let own = evaluations.last {
            $0.split == StoredSplit.test.rawValue && $0.segment == loaded.segment && $0.iteration == loaded.iteration
        }
        guard let own, var members = (try? JSONValue(parsing: own.scoresJSON))?.object else { return nil }
        members["loss"] = .float(own.loss)
        return .object(members)
    }

    /// What decides the numbers too and is no row of the settings.
    private static func more(_ run: RunRecord, _ spec: TrainingSpec) -> [Setting] {
        let ignored = spec.columns.filter { $0.role == .ignored }.map(\.name)
        return [Setting("dataset", .text(run.dataset.hex))]
            + (ignored.isEmpty ? [] : [Setting("ignored", .text(ignored.joined(separator: ",")))])
    }
}

/// A setting of each of the models that are compared.
public struct ComparedSetting: Sendable, Equatable {
    /// The setting's name, such as `learning_rate`.
    public let name: String
    /// Its value in each run; nil where the run has no such setting.
    public let values: [SettingValue?]
    /// The same with the values of settings that a run leaves out.
    package let known: [SettingValue?]
    /// Whether not all have the same value.
    public var differs: Bool { values.contains { $0 != values[0] } }

    /// All settings of all models, by name.
    static func all(_ models: [ComparedModel]) -> [ComparedSetting] {
        func table(_ settings: [Setting]) -> [String: SettingValue] {
            Dictionary(settings.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        }
        let tables = models.map { table($0.settings) }
        let completed = models.map { table($0.settings.completed) }
        var names = Set(tables.flatMap(\.keys))
        // A split that follows the seed has no row, and differs all the same if the seeds do.
        let split = "split_seed"
        if Set(models.map(\.spec.splitSeed)).count > 1 { names.insert(split) }
        return names.sorted().map { name in
            ComparedSetting(
                name: name, values: (name == split ? completed : tables).map { $0[name] },
                known: completed.map { $0[name] })
        }
    }
}
