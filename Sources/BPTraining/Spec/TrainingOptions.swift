public import BPCore
import BPRegistry
public import BPData

/// What a person chose for a training run; nil is the default. Together with the data it becomes a `TrainingSpec`.
public struct TrainingOptions: Sendable, Equatable {
    /// The target column.
    public var target: String?
    /// Classification or regression; by the target's values unless said.
    public var task: LearningTask?
    /// Columns that are neither target nor feature.
    public var ignored: [String] = []
    /// Units of the hidden layers, from the input's side; empty for none.
    public var hidden: [Int]?
    /// f of the hidden layers.
    public var activation: Activation?
    /// f of the output layer.
    public var outputActivation: Activation?
    /// J.
    public var loss: Loss?
    /// How first weights are drawn.
    public var initializer: Initializer?
    /// The update rule.
    public var optimizer: OptimizerName?
    /// μ.
    public var learningRate: Double?
    /// β of momentum.
    public var momentum: Double?
    /// β₁ of Adam and AdamW.
    public var beta1: Double?
    /// β₂ of Adam and AdamW.
    public var beta2: Double?
    /// ε of Adam and AdamW.
    public var epsilon: Double?
    /// λ.
    public var weightDecay: Double?
    /// How μ goes from epoch to epoch.
    public var schedule: ScheduleName?
    /// The schedule's length, warm-up included.
    public var scheduleEpochs: Int?
    /// γ of a step or exponential schedule.
    public var gamma: Double?
    /// k of a step schedule.
    public var stepEpochs: Int?
    /// μ_min of a cosine schedule.
    public var minimumRate: Double?
    /// The epochs in which the rate rises to μ.
    public var warmup: Int?
    /// B.
    public var batchSize: BatchSize?
    /// Whether each epoch has an order of its own.
    public var shuffle: Bool?
    /// The seed of first weights, shuffles and split.
    public var seed: Int?
    /// ε of the stopping rule |J_e − J_{e−1}| < ε.
    public var tolerance: Double?
    /// Share of the rows for validation.
    public var validation: Double?
    /// Share of the rows for the test.
    public var test: Double?

    /// All defaults.
    public init() {}

    /// The update rules by name.
    public enum OptimizerName: String, CaseIterable, Sendable { case sgd, momentum, adam, adamw }

    /// The schedules by name.
    public enum ScheduleName: String, CaseIterable, Sendable { case constant, step, exponential, cosine }

    /// How many rows make a batch.
    public enum BatchSize: Sendable, Equatable {
        /// So many, at most the training split's.
        case rows(Int)
        /// The whole training split: batch gradient descent (THEORY row 9).
        case all
    }
}

/// What belongs to an attempt and not to the run: it may change at each resume. nil is inherited or the default.
public struct AttemptOptions: Sendable, Equatable {
    /// The total of epochs to reach.
    public var epochs: Int?
    /// Threads, the caller's included; all processors unless said.
    public var threads: Int?
    /// Which weights become the version.
    public var keep: Keep?
    /// Bytes of keyframes a run may keep, the named ones apart.
    public var keyframeBudget: Int?
    /// Seconds of training between two keyframes, at least; more where one takes more than a fiftieth of that.
    public var keyframeSeconds: Double?

    /// All defaults.
    public init() {}

    /// Which weights become the version.
    public enum Keep: String, CaseIterable, Sendable { case last, best }
}

/// What is used where nothing is said.
public enum TrainingDefaults {
    /// Units of the hidden layers.
    public static let hidden = [32]
    /// f of the hidden layers.
    public static let activation = Activation.tanh
    /// The update rule.
    public static let optimizer = TrainingOptions.OptimizerName.adam
    /// B; the training split's rows where it has fewer.
    public static let batchSize = 32
    /// The seed.
    public static let seed = 1
    /// The epoch limit.
    public static let epochs = 100
    /// Share of the rows for validation.
    public static let validation = 0.15
    /// Share of the rows for the test.
    public static let test = 0.15
    /// β of momentum.
    public static let momentum = 0.9
    /// β₁ of Adam and AdamW.
    public static let beta1 = 0.9
    /// β₂ of Adam and AdamW.
    public static let beta2 = 0.999
    /// ε of Adam and AdamW.
    public static let epsilon = 1e-8
    /// Bytes of data that a registry keeps: 2 GiB.
    public static let datasetLimit = 2 << 30
    /// Bytes of keyframes a run may keep: 1 GiB.
    public static let keyframeBudget = KeyframeThinning.defaultBudget
    /// Seconds of training between two keyframes, at least.
    public static let keyframeSeconds = 1.0

    /// μ by rule.
    public static func learningRate(_ rule: TrainingOptions.OptimizerName) -> Double {
        switch rule {
        case .sgd: 0.1
        case .momentum: 0.03
        case .adam, .adamw: 0.005
        }
    }

    /// μ_min of a cosine by μ: above 0, so that the last epoch still learns.
    public static func minimumRate(_ learningRate: Double) -> Double { learningRate / 100 }

    /// λ by rule: AdamW is there for its decay.
    public static func weightDecay(_ rule: TrainingOptions.OptimizerName) -> Double { rule == .adamw ? 0.01 : 0 }

    /// First weights by the hidden layers' activation: He for ReLU, Glorot otherwise.
    public static func initializer(_ activation: Activation) -> Initializer {
        activation == .relu ? .heUniform : .glorotUniform
    }
}
