import ArgumentParser

/// The update rule with its numbers, and how the rows come to it.
struct RuleOptions: ParsableArguments {
    @Option(
        name: .customLong("optimizer"), help: ArgumentHelp("sgd, momentum or adam.", valueName: "name"))
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
        help: ArgumentHelp("Rows of one update, or all (default: 32).", valueName: "n|all"))
    var batchSize: BatchSize?

    @Option(help: ArgumentHelp("Whether each epoch has its own order of rows (default: on).", valueName: "on|off"))
    var shuffle: Switch?

    /// The rule's name.
    func optimizer() throws -> String? { try optimizerName.map(Names.optimizer.name) }

    /// Refuses numbers with which no rule means anything.
    func check() throws {
        if let learningRate { _ = try Check.positive(learningRate, option: "--learning-rate") }
        if let epsilon { _ = try Check.positive(epsilon, option: "--epsilon") }
        for (option, value) in [("--momentum", momentum), ("--beta1", beta1), ("--beta2", beta2)] {
            if let value { _ = try Check.fraction(value, option: option) }
        }
        if case .rows(let rows) = batchSize { _ = try Check.atLeast(1, rows, option: "--batch-size") }
    }
}
