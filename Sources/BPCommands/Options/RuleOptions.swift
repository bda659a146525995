import ArgumentParser
import BPTraining

/// The update rule with its numbers, and how the rows come to it.
struct RuleOptions: ParsableArguments {
    @Option(
        name: .customLong("optimizer"),
        help: ArgumentHelp(
            "sgd, momentum, adam or adamw (default: \(TrainingDefaults.optimizer.rawValue)).", valueName: "name"))
    var optimizerName: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("μ, above 0.", valueName: "x"))
    var learningRate: Double?

    @Option(parsing: .unconditional, help: ArgumentHelp("β of momentum, in [0, 1).", valueName: "x"))
    var momentum: Double?

    @Option(parsing: .unconditional, help: ArgumentHelp("β₁ of adam and adamw, in [0, 1).", valueName: "x"))
    var beta1: Double?

    @Option(parsing: .unconditional, help: ArgumentHelp("β₂ of adam and adamw, in [0, 1).", valueName: "x"))
    var beta2: Double?

    @Option(parsing: .unconditional, help: ArgumentHelp("ε of adam and adamw, above 0.", valueName: "x"))
    var epsilon: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("λ: weights, not biases, decay (default: 0, \(Self.decay) for adamw).", valueName: "x"))
    var weightDecay: Double?

    @Option(
        name: .customLong("schedule"),
        help: ArgumentHelp(
            "μ by epoch: constant, step, exponential or cosine (default: constant).", valueName: "name"))
    var scheduleName: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Length of the schedule, warm-up included; then μ stays.", valueName: "n"))
    var scheduleEpochs: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("γ, in (0, 1]: the factor of step and exponential.", valueName: "x"))
    var gamma: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("k: with step the factor comes every k epochs.", valueName: "k"))
    var stepEpochs: Int?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("The last μ of cosine (default: a hundredth of μ).", valueName: "x")
    )
    var minRate: Double?

    @Option(parsing: .unconditional, help: ArgumentHelp("Epochs in which μ rises (default: 0).", valueName: "n"))
    var warmup: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Rows of one update, or all (default: \(TrainingDefaults.batchSize)).", valueName: "n|all"))
    var batchSize: BatchChoice?

    @Option(help: ArgumentHelp("Whether each epoch has its own order of rows (default: on).", valueName: "on|off"))
    var shuffle: Switch?

    private static let decay = TrainingDefaults.weightDecay(.adamw)

    /// Puts the choices into `options`.
    func apply(to options: inout TrainingOptions) throws {
        options.optimizer = try optimizerName.map { try Names.optimizer.value($0) }
        options.learningRate = learningRate
        options.momentum = momentum
        options.beta1 = beta1
        options.beta2 = beta2
        options.epsilon = epsilon
        options.weightDecay = weightDecay
        options.schedule = try scheduleName.map { try Names.schedule.value($0) }
        options.scheduleEpochs = scheduleEpochs
        options.gamma = gamma
        options.stepEpochs = stepEpochs
        options.minimumRate = minRate
        options.warmup = warmup
        options.batchSize = batchSize?.size
        options.shuffle = shuffle.map { $0 == .on }
    }
}
