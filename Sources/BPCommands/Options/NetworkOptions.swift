import ArgumentParser
import BPCore
import BPTraining

/// The network's layers, the loss, the first weights.
struct NetworkOptions: ParsableArguments {
    @Option(
        name: .customLong("hidden"), parsing: .unconditional,
        help: ArgumentHelp(
            "Units of the hidden layers, or none (default: \(TrainingDefaults.hidden[0])).", valueName: "32,16"))
    var hiddenUnits: UnitList?

    @Option(
        name: .customLong("activation"),
        help: ArgumentHelp(
            "Of the hidden layers: sigmoid, tanh, relu, identity (default: \(TrainingDefaults.activation.rawValue)).",
            valueName: "name"))
    var activationName: String?

    @Option(
        name: .customLong("output-activation"),
        help: ArgumentHelp("Default: softmax for classes, identity for numbers.", valueName: "name"))
    var outputActivationName: String?

    @Option(
        name: .customLong("loss"),
        help: ArgumentHelp(
            "cross-entropy (default for classes) or half-squared-error (default for numbers).", valueName: "name"))
    var lossName: String?

    @Option(
        name: .customLong("initializer"),
        help: ArgumentHelp("First weights: glorot-uniform or he-uniform.", valueName: "name"))
    var initializerName: String?

    /// Puts the choices into `options`.
    func apply(to options: inout TrainingOptions) throws {
        options.hidden = hiddenUnits?.units
        options.activation = try activationName.map { try Names.activation.value($0) }
        options.outputActivation = try outputActivationName.map { try Names.outputActivation.value($0) }
        options.loss = try lossName.map { try Names.loss.value($0) }
        options.initializer = try initializerName.map { try Names.initializer.value($0) }
    }
}

/// Every name an option takes, beside those that are kept for later.
enum Names {
    static let activation = NameChoice(
        option: "--activation", supported: Activation.allCases.filter { $0 != .softmax }.map(\.rawValue),
        later: ["leaky-relu", "elu", "gelu", "softplus"])
    static let outputActivation = NameChoice(
        option: "--output-activation", supported: Activation.allCases.map(\.rawValue), later: activation.later)
    static let loss = NameChoice(
        option: "--loss", supported: Loss.allCases.map(\.rawValue), later: ["absolute-error", "huber"])
    static let initializer = NameChoice(
        option: "--initializer", supported: Initializer.allCases.map(\.rawValue),
        later: ["glorot-normal", "he-normal", "uniform"])
    static let optimizer = NameChoice(
        option: "--optimizer", supported: TrainingOptions.OptimizerName.allCases.map(\.rawValue),
        later: ["nesterov", "rmsprop"])
    static let schedule = NameChoice(
        option: "--schedule", supported: TrainingOptions.ScheduleName.allCases.map(\.rawValue))
}
