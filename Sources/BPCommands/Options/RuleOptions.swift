import ArgumentParser
import BPTraining

/// The update rule with its numbers, and how the rows come to it.
struct RuleOptions: ParsableArguments {
    @Option(
        name: .customLong("optimizer"),
        help: ArgumentHelp(
            "sgd, momentum or adam (default: \(TrainingDefaults.optimizer.rawValue)).", valueName: "name"))
    var optimizerName: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("μ, above 0.", valueName: "x"))
    var learningRate: Double?

    @Option(parsing: .unconditional, help: ArgumentHelp("β of momentum, in [0, 1).", valueName: "x"))
    var momentum: Double?

    @Option(parsing: .unconditional, help: ArgumentHelp("β₁ of adam, in [0, 1).", valueName: "x"))
    var beta1: Double?

    @Option(parsing: .unconditional, help: ArgumentHelp("β₂ of adam, in [0, 1).", valueName: "x"))
    var beta2: Double?

    @Option(parsing: .unconditional, help: ArgumentHelp("ε of adam, above 0.", valueName: "x"))
    var epsilon: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Rows of one update, or all (default: \(TrainingDefaults.batchSize)).", valueName: "n|all"))
    var batchSize: BatchChoice?

    @Option(help: ArgumentHelp("Whether each epoch has its own order of rows (default: on).", valueName: "on|off"))
    var shuffle: Switch?

    /// Puts the choices into `options`.
    func apply(to options: inout TrainingOptions) throws {
        options.optimizer = try optimizerName.map { try Names.optimizer.value($0) }
        options.learningRate = learningRate
        options.momentum = momentum
        options.beta1 = beta1
        options.beta2 = beta2
        options.epsilon = epsilon
        options.batchSize = batchSize?.size
        options.shuffle = shuffle.map { $0 == .on }
    }
}
