public import BPCore
public import BPData
public import BPRegistry

/// Everything that decides a run's numbers: with the data, a pure function's argument (defaults resolved into it).
///
/// Its canonical JSON is what the registry hashes and keeps. Threads, instruction set, durability, epoch limit and
/// names are not in it: they decide nothing.
public struct TrainingSpec: Sendable, Equatable {
    /// The version of this layout.
    public static let format = 1

    /// The version of the numbers' definitions by which everything is computed (`BPCore.Numerics`).
    public var numerics: Int
    /// The dataset's hash; nil before the data are stored.
    public var dataset: SHA256Digest?
    /// Every column of the data in order, and what it is for.
    public var columns: [ColumnRole]
    /// How rows become inputs and targets, fitted on the training split.
    package var encoding: Encoding
    /// The shares of the rows, and whether they were split class by class.
    public var fractions: SplitFractions
    /// Seed of the first weights and the shuffles, and of the split unless that has its own.
    public var seed: Int
    /// The seed of the split if it is not `seed`.
    var ownSplitSeed: Int?
    /// The layers.
    public var network: Network
    /// Where the first weights come from.
    package var firstWeights: FirstWeights
    /// J.
    public var loss: Loss
    /// The update rule with all its numbers, and λ beside it.
    public var rule: UpdateRule
    /// How μ goes from epoch to epoch (THEORY row 21).
    public var schedule = Schedule.constant
    /// How many epochs had ended when the schedule began: 0, except in a fork with a schedule of its own.
    public var scheduleStart = 0
    /// B, at most the number of training rows.
    public var batchSize: Int
    /// Whether each epoch has an order of its own.
    public var shuffle: Bool
    /// ε of the stopping rule, if it is on.
    public var tolerance: Double?

    /// A column and what it is for.
    public struct ColumnRole: Sendable, Equatable {
        /// The column's name.
        public let name: String
        /// What it is for.
        public let role: Role

        /// What a column is for.
        public enum Role: String, Sendable { case feature, target, ignored }
    }

    /// A spec of one input and one output, to put settings into.
    static func blank() throws -> TrainingSpec {
        TrainingSpec(
            numerics: numericsVersion, dataset: nil, columns: [],
            encoding: Encoding(features: [], target: .number(name: "", scale: Scale(mean: 0, deviation: 1))),
            fractions: try SplitFractions(validation: 0, test: 0), seed: 0,
            network: try Network(inputs: 1, layers: [(units: 1, activation: .identity)]),
            firstWeights: .drawn(.glorotUniform), loss: .halfSquaredError, rule: UpdateRule(Optimizer(.sgd)),
            batchSize: 1, shuffle: false)
    }

    /// The seed of the split. Set it after `seed`.
    public var splitSeed: Int {
        get { ownSplitSeed ?? seed }
        set { ownSplitSeed = newValue == seed ? nil : newValue }
    }

    /// The update rule with all its numbers.
    public var optimizer: Optimizer {
        get { rule.optimizer }
        set { rule.optimizer = newValue }
    }

    /// λ (THEORY row 17; for AdamW row 20); 0 for none.
    public var weightDecay: Double {
        get { rule.weightDecay }
        set { rule.weightDecay = newValue }
    }

    /// Units of the hidden layers.
    var hidden: [Int] { network.layers.dropLast().map(\.outputs) }

    /// The activation of the hidden layers; nil if there are none.
    var hiddenActivation: Activation? { network.layers.dropLast().first?.activation }

    /// The task that the target makes.
    public var task: LearningTask { encoding.task }

    /// What a validation score measures: the share of rows whose class is right, or R².
    public var scoreName: String { task == .classification ? "accuracy" : "r2" }

    /// μ of every iteration of an epoch of the run: a function of the spec and the epoch alone, so that resume, rollback
    /// and replay are exact.
    public func learningRate(epoch: Int) -> Double {
        schedule.rate(epoch: max(1, epoch - scheduleStart), learningRate: optimizer.learningRate)
    }

    /// ⌈N/B⌉.
    public func iterationsPerEpoch(trainingRows: Int) -> Int {
        // Not (N + B − 1) / B: B may be any number in a spec from outside.
        trainingRows < 1 ? 0 : (trainingRows - 1) / batchSize + 1
    }

    /// Refuses a network whose training and recording takes more memory than the machine has.
    func checkMemory() throws(CoreError) {
        let slots = optimizer.slotNames.count
        // Beside the trainer's own: the keyframe handed over, its canonical copy, the best state and its copy.
        let copies = 2 * (1 + slots) + 2
        try MemoryNeed(network, slots: slots, batchCapacity: batchSize, copies: copies).check()
    }

    /// The split that the fractions and its seed make of a table.
    public func split(_ table: Table) throws(DataError) -> Split {
        try Split(table, target: encoding.target.name, task: task, fractions: fractions, seed: UInt64(splitSeed))
    }
}
