import BPCore
public import BPData
import BPRegistry

/// A run that could be begun: the data read, every setting resolved and checked, nothing written yet.
public struct TrainingPlan: Sendable {
    /// The spec; its dataset's hash is filled in when the data are stored.
    public internal(set) var spec: TrainingSpec
    /// The data.
    public let table: Table
    /// The model that the run trains.
    public let model: String
    /// What a person should hear: the task and why, what was clamped. One sentence each.
    public let notes: [String]
    /// What may be wrong with the data: constant columns, categories that only rows outside the training split have.
    public let warnings: [String]
    /// Rows for training, validation and test.
    public var split: Split { data.split }
    /// The splits, encoded.
    let data: TrainingData
    /// What it goes on from; nil where it begins with first weights.
    public let origin: ForkOrigin?
    /// The first weights where they come from a file, in canonical order.
    let imported: [Float]?

    /// Resolves `options` against the data.
    /// - Parameter model: the model's name; from the table's name, mended, unless said.
    /// - Throws: `noTarget`, `setting` for a number that cannot be, or what the data or the core refuse.
    public init(_ table: Table, options: TrainingOptions, model: String? = nil) throws {
        try options.validate()
        let name = try fromRegistry { () throws(RegistryError) in
            if let model { try ModelName(model) } else { ModelName.mended(table.name) }
        }.text
        guard let target = options.target ?? table.likelyTarget else { throw TrainingError.noTarget(table.overview) }
        let choice = try fromData { () throws(DataError) in try table.task(forTarget: target, wanted: options.task) }
        let fractions = try options.fractions()
        let seed = options.seed ?? TrainingDefaults.seed
        let split = try fromData { () throws(DataError) in
            try Split(table, target: target, task: choice.task, fractions: fractions, seed: UInt64(seed))
        }
        let roles = try TrainingPlan.roles(table, target: target, ignored: options.ignored)
        let features = roles.filter { $0.role == .feature }.map(\.name)
        let outputActivation = options.outputActivation ?? (choice.task == .classification ? .softmax : .identity)
        let loss = options.loss ?? TrainingPlan.defaultLoss(choice.task, outputActivation)
        func fit(singleOutput: Bool) throws(DataError) -> FittedEncoding {
            try fromData { () throws(DataError) in
                try Encoding.fit(
                    table, target: target, task: choice.task, rows: split.training, features: features,
                    hasSingleOutput: singleOutput)
            }
        }
        var fitted = try fit(singleOutput: false)
        // Two classes on logistic outputs need one of them (THEORY row 16).
        if outputActivation == .sigmoid, fitted.encoding.classes?.count == 2 { fitted = try fit(singleOutput: true) }
        let network = try TrainingPlan.network(options, fitted.encoding, outputActivation)
        guard loss.accepts(output: outputActivation) else {
            throw CoreError.lossNeedsOutput(loss: loss, activation: outputActivation)
        }
        let (batch, batchNote) = try TrainingPlan.batchSize(options.batchSize, rows: split.training.count)
        let hiddenActivation = options.activation ?? TrainingDefaults.activation
        let optimizer = try options.resolvedOptimizer()
        spec = TrainingSpec(
            numerics: numericsVersion, dataset: "", columns: roles, encoding: fitted.encoding, fractions: fractions,
            seed: seed, network: network,
            firstWeights: .drawn(options.initializer ?? TrainingDefaults.initializer(hiddenActivation)), loss: loss,
            optimizer: optimizer, weightDecay: options.resolvedWeightDecay,
            schedule: try options.resolvedSchedule(learningRate: optimizer.learningRate), batchSize: batch,
            shuffle: options.shuffle ?? (batch < split.training.count),
            tolerance: options.tolerance)
        (origin, imported) = (nil, nil)
        self.table = table
        self.model = name
        data = try TrainingData(table, spec: spec)
        notes =
            table.notes + [choice.reason] + split.notes
            + [batchNote, TrainingPlan.nameNote(name, asked: model ?? table.name)].compactMap { $0 }
        let isSmall = split.training.count < 10 && split.training.count < table.rowCount
        warnings =
            fitted.warnings + data.notes
            + (isSmall
                ? [
                    "only \(split.training.count) of \(table.rowCount) rows are left for training; with --validation 0 "
                        + "and --test 0 all are"
                ] : [])
    }

    /// A plan of these parts, for weights that come from a file.
    init(
        spec: TrainingSpec, table: Table, model: String, data: TrainingData, notes: [String], warnings: [String],
        imported: [Float]
    ) {
        (self.spec, self.table, self.model, self.data) = (spec, table, model, data)
        (self.notes, self.warnings, self.imported, origin) = (notes, warnings, imported, nil)
    }

    /// The training loop where the run begins: at its first weights, drawn or imported, or where a fork left its parent,
    /// which is recomputed from the nearest keyframe and compared loss by loss.
    func makeLoop(_ compute: Compute) throws -> TrainingLoop {
        let loop = try TrainingLoop(spec: spec, data: data, compute: compute, grid: origin?.grid)
        if let origin { try origin.parent.handOver(origin.point, to: loop) }
        if let imported { try fromCore { () throws(CoreError) in try loop.trainer.setParameters(imported) } }
        return loop
    }

    /// The epoch limit where none is given.
    /// - Throws: `setting` where a fork would have nothing to do.
    func epochLimit(_ asked: Int?) throws(TrainingError) -> Int {
        let limit = asked ?? origin?.epochLimit ?? TrainingDefaults.epochs
        if let done = origin?.point.epoch, limit <= done {
            throw .setting(
                name: "epochs", value: "\(limit)", allowed: "more than the \(done) that the parent has done there")
        }
        return limit
    }

    /// Refuses what could not be trained as `attempt` says: numbers that cannot be, `keep best` without a validation
    /// split, a network beyond memory.
    /// - Returns: which weights it will keep.
    @discardableResult
    public func check(_ attempt: AttemptOptions) throws -> AttemptOptions.Keep {
        try attempt.validate()
        _ = try epochLimit(attempt.epochs)
        try spec.checkMemory()
        let keep = attempt.keep ?? (data.validation == nil ? .last : .best)
        guard keep == .last || data.validation != nil else {
            throw TrainingError.setting(
                name: "keep", value: "best", allowed: "last, since there is no validation split to tell the best by")
        }
        return keep
    }

    static func roles(
        _ table: Table, target: String, ignored: [String]
    ) throws -> [TrainingSpec.ColumnRole] {
        for name in ignored {
            _ = try fromData { () throws(DataError) in try table.requiredIndex(ofColumn: name, as: "column to ignore") }
            if name == target {
                throw TrainingError.setting(name: "ignore", value: name, allowed: "another column than the target")
            }
        }
        return table.columns.map { column in
            TrainingSpec.ColumnRole(
                name: column.name,
                role: column.name == target ? .target : ignored.contains(column.name) ? .ignored : .feature)
        }
    }

    /// Cross-entropy for classes where the output allows it; half squared error for numbers.
    static func defaultLoss(_ task: LearningTask, _ output: Activation) -> Loss {
        task == .classification && Loss.crossEntropy.accepts(output: output) ? .crossEntropy : .halfSquaredError
    }

    private static func network(
        _ options: TrainingOptions, _ encoding: Encoding, _ output: Activation
    ) throws(CoreError) -> Network {
        let activation = options.activation ?? TrainingDefaults.activation
        let hidden = (options.hidden ?? TrainingDefaults.hidden).map { (units: $0, activation: activation) }
        return try fromCore { () throws(CoreError) in
            try Network(
                inputs: encoding.inputWidth, layers: hidden + [(units: encoding.outputWidth, activation: output)])
        }
    }

    static func nameNote(_ name: String, asked: String) -> String? {
        name == asked ? nil : "the model is named \(name), since \(asked.debugDescription) is no name"
    }

    static func batchSize(
        _ asked: TrainingOptions.BatchSize?, rows: Int
    ) throws(TrainingError) -> (Int, note: String?) {
        switch asked {
        case .all: return (rows, nil)
        case .rows(let size) where size > rows:
            throw .setting(name: "batch size", value: "\(size)", allowed: "at most the \(rows) training rows, or all")
        case .rows(let size): return (size, nil)
        case nil where TrainingDefaults.batchSize > rows:
            return (rows, "the default batch of \(TrainingDefaults.batchSize) is clamped to the \(rows) training rows")
        case nil: return (TrainingDefaults.batchSize, nil)
        }
    }
}
