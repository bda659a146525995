import BPCore
import BPData
import BPInterchange
import BPRegistry
import BPTraining
import BPSystem

/// The one place where an error of a library becomes three lines and an exit code.
extension Failure {
    /// - Parameters:
    ///   - error: the error of a command.
    ///   - registry: the registry that the command was pointed at.
    ///   - typed: the words behind the program's name, so that `next:` can repeat them with one word changed.
    package init(_ error: any Error, registry: RegistryLocation?, typed: [String] = []) {
        switch error {
        case let error as Failure: self = error.corrected(typed)
        case let error as CoreError: self.init(core: error, typed: typed)
        case let error as DataError: self.init(data: error, typed: typed)
        case let error as RegistryError: self.init(registry: error, option: registry, typed: typed)
        case let error as ImportError: self.init(import: error, typed: typed)
        case let error as TrainingError: self.init(training: error, option: registry, typed: typed)
        case let error as OutputFailed: self.init(output: error)
        case let error as FileError: self.init(file: error, typed: typed)
        case let error as FormatError: self.init(format: error, typed: typed)
        case let error as NotConfirmed: self.init(unconfirmed: error, typed: typed)
        default: self.init(.failed, "\(error)", next: "bpreg --help")
        }
    }

    private init(output error: OutputFailed) {
        self.init(
            .storage, "the output could not be written: \(SystemError(error.number))", at: "standard output",
            next: "free space, or send the output elsewhere")
    }
}
