import ArgumentParser
import BPReport

/// A command of bpreg: it declares its help and its options, calls one library function, prints, and returns.
protocol Subcommand: ParsableCommand {
    /// The words of its help.
    static var help: Help { get }

    /// The registry it was pointed at. Errors and suggested commands name it.
    var registryOption: RegistryOption { get }

    /// Does the work. Results go to `output`; errors are thrown as the libraries throw them.
    /// - Returns: the exit code, unless an error has its own.
    func execute(_ output: Output) throws -> ExitStatus
}

extension Subcommand {
    static var configuration: CommandConfiguration { help.configuration }
}
