
/// The one place where an error of a library becomes three lines and an exit code.
extension Failure {
    /// - Parameters:
    ///   - error: what a command threw.
    ///   - registry: the registry it was pointed at.
    init(_ error: any Error, registry: RegistryOption?) {
        switch error {
        case let error as Failure: self = error
        case let error as OutputFailed: self.init(output: error)
        default: self.init(.failed, "\(error)")
        }
    }

    private init(output error: OutputFailed) {
        self.init(
            .storage, "the output could not be written: \(SystemText.message(error.number))", at: "standard output",
            next: "free space, or send the output elsewhere")
    }
}
