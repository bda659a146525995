import ArgumentParser

/// A command of bpreg: it declares its options, calls one library function, prints, and returns.
protocol Subcommand: ParsableCommand {
    /// The registry it was pointed at; errors name it, and what to type next carries it on.
    var registryOption: RegistryOption { get }

    /// Does the work. Results go to `output`; errors are thrown as the libraries throw them.
    /// - Returns: the exit code where it is not that of an error.
    func execute(_ output: Output) throws -> ExitStatus
}
