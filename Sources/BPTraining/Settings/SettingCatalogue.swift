public import BPCore
public import BPData
import BPRegistry

// Every setting of a training: as a property for Swift (`TrainingOptions`, `AttemptOptions`), and as an entry that the
// rest of the program reads (`SettingCatalogue.training`). Big on purpose: a new setting is a property, a parameter and
// an entry here, and the code that uses it.

/// The choices of a person for a training run; nil is the default. Together with the data they become a `TrainingSpec`.
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
    public var optimizer: Optimizer.Name?
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
    public var schedule: Schedule.Name?
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
    /// The seed of the split alone; `seed` unless said.
    public var splitSeed: Int?

    /// These choices, and defaults for the rest.
    public init(
        target: String? = nil, task: LearningTask? = nil, ignored: [String] = [], hidden: [Int]? = nil,
        activation: Activation? = nil, outputActivation: Activation? = nil, loss: Loss? = nil,
        initializer: Initializer? = nil, optimizer: Optimizer.Name? = nil, learningRate: Double? = nil,
        momentum: Double? = nil, beta1: Double? = nil, beta2: Double? = nil, epsilon: Double? = nil,
        weightDecay: Double? = nil, schedule: Schedule.Name? = nil, scheduleEpochs: Int? = nil, gamma: Double? = nil,
        stepEpochs: Int? = nil, minimumRate: Double? = nil, warmup: Int? = nil, batchSize: BatchSize? = nil,
        shuffle: Bool? = nil, seed: Int? = nil, tolerance: Double? = nil, validation: Double? = nil,
        test: Double? = nil,
        splitSeed: Int? = nil
    ) {
        self.target = target
        self.task = task
        self.ignored = ignored
        self.hidden = hidden
        self.activation = activation
        self.outputActivation = outputActivation
        self.loss = loss
        self.initializer = initializer
        self.optimizer = optimizer
        self.learningRate = learningRate
        self.momentum = momentum
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.weightDecay = weightDecay
        self.schedule = schedule
        self.scheduleEpochs = scheduleEpochs
        self.gamma = gamma
        self.stepEpochs = stepEpochs
        self.minimumRate = minimumRate
        self.warmup = warmup
        self.batchSize = batchSize
        self.shuffle = shuffle
        self.seed = seed
        self.tolerance = tolerance
        self.validation = validation
        self.test = test
        self.splitSeed = splitSeed
    }

    /// How many rows make a batch.
    public enum BatchSize: Sendable, Equatable {
        /// So many, at most the training split's.
        case rows(Int)
        /// The whole training split: batch gradient descent (THEORY row 9).
        case all
    }
}

/// Settings of an attempt and not of the run: they may change at each resume. nil is inherited or the default.
public struct AttemptOptions: Sendable, Equatable {
    /// The total of epochs to reach.
    public var epochs: Int?
    /// Threads, the caller's included; all processors unless said.
    public var threads: Int?
    /// Which weights become the version.
    public var keep: Keep?
    /// Bytes of keyframes a run may keep, the named ones apart.
    public var keyframeBudget: Int?
    /// Seconds of training between two keyframes, at least; more if one takes more than a fiftieth of that.
    public var keyframeSeconds: Double?

    /// These choices, and defaults for the rest.
    public init(
        epochs: Int? = nil, threads: Int? = nil, keep: Keep? = nil, keyframeBudget: Int? = nil,
        keyframeSeconds: Double? = nil
    ) {
        self.epochs = epochs
        self.threads = threads
        self.keep = keep
        self.keyframeBudget = keyframeBudget
        self.keyframeSeconds = keyframeSeconds
    }

    /// Which weights become the version.
    public enum Keep: String, CaseIterable, Sendable { case last, best }
}

/// Descriptions of settings. Options, help, checks, spec JSON, setting rows, inheritance by a fork, texts and error
/// messages read them.
package struct SettingCatalogue: Sendable {
    /// In the order of the help, of checks and of messages. An owner comes before its settings.
    package var settings: [TrainingSetting]

    /// The setting of this name.
    package subscript(name: String) -> TrainingSetting? { settings.first { $0.name == name } }

    /// The settings of a group of options.
    package func options(_ group: TrainingSetting.Group) -> [TrainingSetting] {
        settings.filter { $0.group == group && $0.option != nil }
    }

    /// The settings that there are.
    package static let training = SettingCatalogue(
        settings: data + network + optimizer + schedule + order + run + record)

    // MARK: The columns

    private static let data: [TrainingSetting] = [
        TrainingSetting(
            "target", .data, .part(\.options.target) { .text($0.encoding.target.name) }, value: "column",
            help: "Column to predict (default: separate labels if there are any, otherwise bpreg lists the columns)",
            row: "target", change: .never),
        TrainingSetting(
            "task", .data, .part(\.options.task) { .text($0.task.rawValue) }, value: "name",
            help: "classification or regression (default: detected from the target)", row: "task", change: .never),
        TrainingSetting(
            "ignore", .data,
            .list(\.options.ignored) { spec in
                .text(spec.columns.filter { $0.role == .ignored }.map(\.name).joined(separator: ","))
            },
            value: "column", help: "Column to leave out; may be repeated (default: none)", change: .never),
    ]

    // MARK: The network

    private static let network: [TrainingSetting] = [
        TrainingSetting(
            "hidden", .network, .part(\.options.hidden) { $0.hidden.setting }, value: "32,16",
            help: "Units of the hidden layers, or none (default: \(TrainingDefaults.hidden[0]))", example: "32,16",
            row: "hidden", change: .never,
            check: SettingCheck("layers of at least 1 unit, such as 32,16") { value in
                [Int](setting: value)?.first { $0 < 1 }.map(String.init)
            }),
        TrainingSetting(
            "activation", symbol: "f", .network, .part(\.options.activation) { $0.hiddenActivation?.setting },
            value: "name",
            help:
                "Activation function of the hidden layers: sigmoid, tanh, relu, identity (default: \(TrainingDefaults.activation.rawValue))",
            example: "relu", names: Activation.allCases.filter { $0 != .softmax }.map(\.rawValue),
            later: laterActivations, row: "activation", change: .never,
            check: SettingCheck("one for hidden layers; softmax is for the output") {
                $0 == Activation.softmax.setting ? $0.text : nil
            }),
        TrainingSetting(
            "output activation", symbol: "f", .network,
            .part(\.options.outputActivation) { $0.network.outputActivation.setting }, value: "name",
            help: "Activation function of the output (default: softmax for classes, identity for numbers)",
            later: laterActivations,
            row: "output_activation", change: .never),
        TrainingSetting(
            "loss", symbol: "J", .network, .field(\.options.loss, \.loss), value: "name",
            help: "Loss (default: cross-entropy for classes, half-squared-error for numbers)",
            later: ["absolute-error", "huber"], key: "loss", row: "loss", change: .never),
        TrainingSetting(
            "initializer", .network, .part(\.options.initializer) { .text($0.firstWeights.name) }, value: "name",
            help: "First weights (default: he-uniform with relu, otherwise glorot-uniform)",
            later: ["glorot-normal", "he-normal", "uniform"],
            key: "initializer", row: "initializer", change: .never),
    ]

    private static let laterActivations = ["leaky-relu", "elu", "gelu", "softplus"]

    // MARK: The update rule

    private static let optimizer: [TrainingSetting] = [
        TrainingSetting(
            "optimizer", .rule, .field(\.options.optimizer, \.rule.optimizer.rule), value: "name",
            help: "Update rule: sgd, momentum, adam or adamw (default: \(TrainingDefaults.optimizer.rawValue))",
            later: ["nesterov", "rmsprop"], key: "optimizer.name", row: "optimizer", change: .atFork, label: "",
            default: { _ in TrainingDefaults.optimizer.setting }),
        TrainingSetting(
            "learning rate", symbol: "μ", .rule, .field(\.options.learningRate, \.rule.optimizer.learningRate),
            help:
                "Learning rate, above 0 (default: \(TrainingDefaults.learningRate(.adam)); \(TrainingDefaults.learningRate(.sgd)) with sgd, \(TrainingDefaults.learningRate(.momentum)) with momentum)",
            key: "optimizer.learning_rate", row: "learning_rate", of: .optimizer(),
            change: .atFork, label: "learning rate",
            default: { TrainingDefaults.learningRate($0.optimizer.rule).setting }),
        TrainingSetting(
            "momentum", symbol: "β", .rule, .field(\.options.momentum, \.rule.optimizer.momentum),
            help: "Momentum of the rule momentum, from 0 to below 1 (default: 0.9)", key: "optimizer.momentum",
            row: "momentum", of: .optimizer(.momentum),
            change: .atFork, label: "momentum"),
        TrainingSetting(
            "beta1", symbol: "β₁", .rule, .field(\.options.beta1, \.rule.optimizer.beta1),
            help: "Decay of the mean gradient in adam and adamw (default: 0.9)", key: "optimizer.beta1", row: "beta1",
            of: .optimizer(.adam, .adamw), change: .atFork, label: "beta1"),
        TrainingSetting(
            "beta2", symbol: "β₂", .rule, .field(\.options.beta2, \.rule.optimizer.beta2),
            help: "Decay of the mean square in adam and adamw (default: 0.999)", key: "optimizer.beta2", row: "beta2",
            of: .optimizer(.adam, .adamw), change: .atFork, label: "beta2"),
        TrainingSetting(
            "epsilon", symbol: "ε", .rule, .field(\.options.epsilon, \.rule.optimizer.epsilon),
            help: "Term that keeps adam and adamw from dividing by 0 (default: 1e-8)", key: "optimizer.epsilon",
            row: "epsilon",
            of: .optimizer(.adam, .adamw), change: .atFork, label: "epsilon"),
        TrainingSetting(
            "weight decay", symbol: "λ", .rule, .field(\.options.weightDecay, \.rule.weightDecay),
            help: "Decay of weights, not of biases (default: 0; \(TrainingDefaults.weightDecay(.adamw)) with adamw)",
            key: "weight_decay", row: "weight_decay",
            // λ is beside the rule and survives a change of it, except to or from AdamW, whose decay is another kind.
            of: .optimizer(staysBetween: { ($0 == "adamw") == ($1 == "adamw") }), change: .atFork,
            label: "weight decay", default: { TrainingDefaults.weightDecay($0.optimizer.rule).setting },
            omitted: { $0.weightDecay <= 0 }),
    ]

    // MARK: How the learning rate goes from epoch to epoch

    private static let schedule: [TrainingSetting] = [
        TrainingSetting(
            "schedule", .rule, .field(\.options.schedule, \.schedule.kind), value: "name",
            help: "Learning rate by epoch: constant, step, exponential or cosine (default: constant)",
            key: "schedule.name",
            row: "schedule", change: .atFork, default: { _ in Schedule.Name.constant.setting },
            omitted: { $0.schedule == .constant }),
        TrainingSetting(
            "schedule epochs", symbol: "E", .rule, .field(\.options.scheduleEpochs, \.schedule.epochs), value: "n",
            help: "Length of the schedule with its warm-up, required by cosine (default: no end)",
            example: "\(TrainingDefaults.epochs)",
            key: "schedule.epochs", row: "schedule_epochs",
            of: .schedule(.step, .exponential, .cosine, needing: .cosine), change: .atFork),
        TrainingSetting(
            "gamma", symbol: "γ", .rule, .field(\.options.gamma, \.schedule.gamma),
            help: "Factor of step and exponential, at most 1, required by both (default: none)", example: "0.5",
            key: "schedule.gamma",
            row: "gamma", of: .schedule(.step, .exponential, needing: .step, .exponential), change: .atFork),
        TrainingSetting(
            "step epochs", symbol: "k", .rule, .field(\.options.stepEpochs, \.schedule.stepEpochs), value: "k",
            help: "Epochs between two steps, required by step (default: none)", example: "10",
            key: "schedule.step_epochs",
            row: "step_epochs", of: .schedule(.step, needing: .step), change: .atFork),
        TrainingSetting(
            "min rate", symbol: "μ_min", .rule, .field(\.options.minimumRate, \.schedule.minimumRate),
            help: "Last learning rate of cosine (default: a hundredth of the first)", example: "0",
            key: "schedule.min_rate",
            row: "min_rate", of: .schedule(.cosine), change: .atFork,
            default: { TrainingDefaults.minimumRate($0.optimizer.learningRate).setting }),
        TrainingSetting(
            "warmup", symbol: "w", .rule, .field(\.options.warmup, \.schedule.warmup), value: "n",
            help: "Epochs in which the learning rate rises (default: 0)", example: "0", key: "schedule.warmup",
            row: "warmup",
            of: .schedule(), change: .atFork, omitted: { $0.schedule.warmup <= 0 }),
        TrainingSetting(
            "schedule start", .rule, .derived(\.scheduleStart), option: "", key: "schedule.after_epoch",
            row: "schedule_start", change: .atFork, omitted: { $0.scheduleStart <= 0 }),
    ]

    // MARK: How the rows come to an update

    private static let order: [TrainingSetting] = [
        TrainingSetting(
            "batch size", symbol: "B", .rule, .field(\.options.batchSize, \.batchSize), value: "n|all",
            help: "Rows of one update, or all (default: \(TrainingDefaults.batchSize))", example: "all",
            key: "batch_size", row: "batch_size", change: .atEpochEnd,
            check: .within(1...Int.max, "1 to \(Int.max), or all")
        ),
        TrainingSetting(
            "shuffle", .rule, .field(\.options.shuffle, \.shuffle), value: "on|off",
            help: "New order of the rows in each epoch (default: on; off for a batch of all rows)", key: "shuffle",
            row: "shuffle",
            change: .atEpochEnd),
    ]

    // MARK: How long a run goes, and from which seed

    private static let run: [TrainingSetting] = [
        TrainingSetting(
            "epochs", .run, .part(\.attempt.epochs), value: "n",
            help: "Total number of epochs, also when a run is resumed (default: \(TrainingDefaults.epochs))",
            example: "\(TrainingDefaults.epochs)", change: .freely, least: 1,
            // The shuffle of an epoch has its number as 32 bits.
            check: .within(1...Int(UInt32.max), "1 to \(UInt32.max)")),
        TrainingSetting(
            "seed", .run, .field(\.options.seed, \.seed), value: "n",
            help: "Seed of first weights, shuffles and split (default: \(TrainingDefaults.seed))", example: "1",
            key: "seed", row: "seed", change: .atEpochEnd, least: 0, check: .within(0...Int.max, "0 to \(Int.max)"),
            default: { _ in TrainingDefaults.seed.setting }),
        TrainingSetting(
            "tolerance", symbol: "ε", .run, .field(\.options.tolerance, \.tolerance),
            help: "Stop when the losses of two epochs in a row differ by less (default: never)", example: "1e-4",
            key: "tolerance", row: "tolerance", change: .atFork, absent: "off",
            check: .number("a finite number above 0") { $0 > 0 && $0.isFinite }),
        TrainingSetting(
            "threads", .run, .part(\.attempt.threads), value: "n",
            help: "Threads; the result does not depend on them (default: all processors)", example: "1",
            change: .freely, least: 1,
            check: .within(1...256, "1 to 256")),
        TrainingSetting(
            "validation", .split, .part(\.options.validation) { .number($0.fractions.validation) }, value: "f",
            help: "Share of the rows for validation (default: \(TrainingDefaults.validation))",
            key: "split.validation", row: "validation", change: .atEpochEnd),
        TrainingSetting(
            "test", .split, .part(\.options.test) { .number($0.fractions.test) }, value: "f",
            help: "Share of the rows for the test (default: \(TrainingDefaults.test))", key: "split.test",
            row: "test", change: .atEpochEnd),
        // After the seed, which it equals unless said. A spec without the key splits by its seed.
        TrainingSetting(
            "split seed", .split, .field(\.options.splitSeed, \.splitSeed), value: "n",
            help: "Seed of the split alone (default: the value of --seed)", example: "1", key: "split_seed",
            row: "split_seed", change: .atEpochEnd, least: 0, check: .within(0...Int.max, "0 to \(Int.max)"),
            omitted: { $0.ownSplitSeed == nil }),
    ]

    // MARK: Keyframes and versions

    private static let record: [TrainingSetting] = [
        TrainingSetting(
            "keep", .record, .part(\.attempt.keep), value: "last|best",
            help: "Weights of the version: last or best (default: best if there is a validation split)",
            example: "last", change: .freely),
        TrainingSetting(
            "keyframe budget", .record, .part(\.attempt.keyframeBudget), value: "bytes",
            help: "Space for extra keyframes, which shorten replay (default: 1 GiB)", kind: .bytes, change: .freely,
            least: 0, check: .within(0...Int.max, "0 to \(Int.max) bytes")),
        TrainingSetting(
            "keyframe interval", .record, .part(\.attempt.keyframeSeconds), option: "keyframe-seconds",
            value: "seconds",
            help: "Minimum training time between keyframes (default: \(TrainingDefaults.keyframeSeconds))",
            change: .freely, least: 0, check: .number("0 or more seconds") { $0 >= 0 && $0.isFinite }),
    ]
}

extension TrainingSetting.Owner {
    /// A setting of some rules, or of all.
    fileprivate static func optimizer(
        _ rules: Optimizer.Name..., staysBetween: @escaping @Sendable (String, String) -> Bool = { $0 == $1 }
    ) -> Self {
        Self(
            setting: "optimizer", choice: { $0.optimizer.name }, choices: rules.isEmpty ? nil : rules.map(\.rawValue),
            staysBetween: staysBetween)
    }

    /// A setting of some schedules, or of all, some of which need a value.
    fileprivate static func schedule(_ names: Schedule.Name..., needing: Schedule.Name...) -> Self {
        Self(
            setting: "schedule", choice: { $0.schedule.name }, choices: names.isEmpty ? nil : names.map(\.rawValue),
            needing: needing.map(\.rawValue))
    }
}
