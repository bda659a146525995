public import BPCore
import BPRegistry

/// The values of settings that are not chosen. `Optimizer.init(_:)` has the other numbers of a rule.
public enum TrainingDefaults {
    /// Units of the hidden layers.
    public static let hidden = [32]
    /// f of the hidden layers.
    public static let activation = Activation.tanh
    /// The update rule.
    public static let optimizer = Optimizer.Name.adam
    /// B; the number of training rows if there are fewer.
    public static let batchSize = 32
    /// The seed.
    public static let seed = 1
    /// The epoch limit.
    public static let epochs = 100
    /// Share of the rows for validation.
    public static let validation = 0.15
    /// Share of the rows for the test.
    public static let test = 0.15
    /// Bytes of data that a registry keeps: 2 GiB.
    public static let datasetLimit = 2 << 30
    /// Bytes of keyframes a run may keep: 1 GiB.
    public static let keyframeBudget = KeyframeThinning.defaultBudget
    /// Seconds of training between two keyframes, at least.
    public static let keyframeSeconds = 1.0

    /// μ by rule.
    public static func learningRate(_ rule: Optimizer.Name) -> Double {
        switch rule {
        case .sgd: 0.1
        case .momentum: 0.03
        case .adam, .adamw: 0.005
        }
    }

    /// μ_min of a cosine by μ: above 0, so that the last epoch still learns.
    public static func minimumRate(_ learningRate: Double) -> Double { learningRate / 100 }

    /// λ by rule: AdamW is there for its decay.
    public static func weightDecay(_ rule: Optimizer.Name) -> Double { rule == .adamw ? 0.01 : 0 }

    /// First weights by the hidden layers' activation: He for ReLU, Glorot otherwise.
    public static func initializer(_ activation: Activation) -> Initializer {
        activation == .relu ? .heUniform : .glorotUniform
    }
}
