import ArgumentParser
import BPCore

/// The network's layers, the loss, the first weights.
struct NetworkOptions: ParsableArguments {
    @Option(
        name: .customLong("hidden"), parsing: .unconditional,
        help: ArgumentHelp("Units of the hidden layers, or none (default: 32).", valueName: "32,16"))
    var hiddenUnits: UnitList?

    @Option(
        name: .customLong("activation"),
        help: ArgumentHelp("Of the hidden layers: sigmoid, tanh, relu, identity.", valueName: "name"))
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

    /// f of the hidden layers.
    func activation() throws -> Activation? { try activationName.map { try Names.activation.value($0) } }

    /// f of the last layer.
    func outputActivation() throws -> Activation? {
        try outputActivationName.map { try Names.outputActivation.value($0) }
    }

    /// J of a sample.
    func loss() throws -> Loss? { try lossName.map { try Names.loss.value($0) } }

    /// How first weights are drawn.
    func initializer() throws -> Initializer? { try initializerName.map { try Names.initializer.value($0) } }
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
        option: "--optimizer", supported: ["sgd", "momentum", "adam"], later: ["nesterov", "rmsprop", "adamw"])
}
