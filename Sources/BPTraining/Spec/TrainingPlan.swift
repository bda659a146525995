import BPCore
public import BPData
import BPRegistry

/// A run that could be begun: the data read, every setting resolved and checked, nothing written yet.
public struct TrainingPlan: Sendable {
    /// The spec; its dataset's hash is filled in when the data are stored.
    public package(set) var spec: TrainingSpec
    /// The data.
    public let table: Table
    /// The model that the run trains.
    public let model: String
    /// Whether its name comes from the name of a file, and not from a person.
    package let isNameDerived: Bool
    /// Notes: how the data were understood, the task and why, settings that were reduced. One sentence each.
    public let notes: [String]
    /// The notes about the data alone, without those about the run.
    package let dataNotes: [String]
    /// What may be wrong with the data: a copy of the target, numbers read as text, constant columns, categories that only
    /// rows outside the training split have.
    public let warnings: [String]
    /// Rows for training, validation and test.
    public var split: Split { data.split }
    /// The splits, encoded.
    let data: TrainingData
    /// The state that a fork begins with; nil for a run that begins with first weights.
    package let origin: ForkOrigin?
    /// First weights from a file, in canonical order.
    let imported: [Float]?

    /// Resolves `options` against the data.
    /// - Parameter model: the model's name; from the table's name, mended, unless said.
    /// - Throws: `noTarget`, `setting` for a number that cannot be, or what the data or the core refuse.
    public init(_ table: Table, options: TrainingOptions, model: String? = nil) throws {
        var spec = try TrainingSpec(options)
        let name = try model.map { try ModelName($0) } ?? ModelName.mended(table.name)
        let prepared = try PreparedTable(table, options, spec)
        let (task, split) = (prepared.choice.task, prepared.split)
        let outputActivation = options.outputActivation ?? (task == .classification ? .softmax : .identity)
        let loss = options.loss ?? TrainingPlan.defaultLoss(task, outputActivation)
        var fitted = try prepared.fit(hasSingleOutput: false)
        // Two classes on logistic outputs need one of them (THEORY row 16).
        if outputActivation == .sigmoid, fitted.encoding.classes?.count == 2 {
            fitted = try prepared.fit(hasSingleOutput: true)
        }
        if let fault = try OutputFault(outputActivation, loss, fitted.encoding, table, split) { throw fault.error }
        let network = try TrainingPlan.network(options, fitted.encoding, outputActivation)
        let (batch, batchNote) = try TrainingPlan.batchSize(options.batchSize, rows: split.training.count)
        let initializer =
            options.initializer ?? TrainingDefaults.initializer(options.activation ?? TrainingDefaults.activation)
        (spec.columns, spec.encoding, spec.network) = (prepared.roles, fitted.encoding, network)
        (spec.firstWeights, spec.loss) = (.drawn(initializer), loss)
        (spec.batchSize, spec.shuffle) = (batch, options.shuffle ?? (batch < split.training.count))
        self.spec = spec
        (origin, imported) = (nil, nil)
        self.table = table
        self.model = name.text
        isNameDerived = model == nil
        data = try TrainingData(table, spec: spec, split: split)
        dataNotes = table.notes + prepared.notes
        notes =
            dataNotes
            + [batchNote, TrainingPlan.nameNote(name.text, asked: model ?? table.name)].compactMap { $0 }
        let isSmall = split.training.count < 10 && split.training.count < table.rowCount
        warnings =
            prepared.warnings + fitted.warnings + data.notes
            + (outputActivation == .relu
                ? [
                    "relu outputs learn nothing more once they are 0 for every row; softmax or sigmoid outputs suit "
                        + "classes better"
                ] : [])
            + (isSmall
                ? [
                    "only \(split.training.count) of \(table.rowCount) rows are left for training; with --validation 0 "
                        + "and --test 0 all are"
                ] : [])
    }

    /// A plan of these parts, for weights that come from a file.
    init(
        spec: TrainingSpec, table: Table, model: String, data: TrainingData, notes: [String], warnings: [String],
        imported: [Float], isNameDerived: Bool = false
    ) {
        self.isNameDerived = isNameDerived
        (self.spec, self.table, self.model, self.data) = (spec, table, model, data)
        (self.notes, self.warnings, self.imported, origin) = (notes, warnings, imported, nil)
        dataNotes = table.notes
    }

    /// The training loop at the beginning of the run: at its first weights, drawn or imported, or at the point of a fork,
    /// which is recomputed from the nearest keyframe and compared loss by loss.
    func makeLoop(_ compute: Compute) throws -> TrainingLoop {
        let loop = try TrainingLoop(spec: spec, data: data, compute: compute, grid: origin?.grid)
        if let origin { try origin.parent.handOver(origin.point, to: loop) }
        if let imported { try loop.trainer.setParameters(imported) }
        return loop
    }

    /// Cross-entropy for classes if the output allows it; half squared error for numbers.
    static func defaultLoss(_ task: LearningTask, _ output: Activation) -> Loss {
        task == .classification && Loss.crossEntropy.accepts(output: output) ? .crossEntropy : .halfSquaredError
    }

    private static func network(
        _ options: TrainingOptions, _ encoding: Encoding, _ output: Activation
    ) throws -> Network {
        if let activation = options.activation, options.hidden?.isEmpty == true {
            throw TrainingError.setting(
                name: "activation", value: activation.rawValue, allowed: "left out, since there is no hidden layer")
        }
        let activation = options.activation ?? TrainingDefaults.activation
        let hidden = (options.hidden ?? TrainingDefaults.hidden).map { (units: $0, activation: activation) }
        return try Network(
            inputs: encoding.inputWidth, layers: hidden + [(units: encoding.outputWidth, activation: output)])
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
