import ArgumentParser
import BPReport

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The command line of bpreg, as a function of its arguments.
package enum Bpreg {
    /// Parses, runs one command, prints, and returns the exit code.
    /// - Parameter typed: the words behind the program's name.
    /// - Returns: an exit code of the table in `bpreg --help`.
    package static func run(_ typed: [String]) -> Int32 {
        // A reader that leaves early must not kill a process that still has losses to commit.
        signal(SIGPIPE, SIG_IGN)
        // A file at its size limit is an error to report, as a full disk is.
        signal(SIGXFSZ, SIG_IGN)
        BusError.listen()
        if typed == ["--version"] { return printed(Root.configuration.version) }
        var arguments = typed
        do {
            arguments = try LeadingOptions.behindCommand(typed)
            var command = try Root.parseAsRoot(arguments)
            if let command = command as? any Subcommand { return run(command, typed: arguments) }
            // Help: it is thrown as an error that is none.
            try command.run()
            return ExitStatus.done.rawValue
        } catch let failure as Failure {
            return failed(failure)
        } catch {
            if Root.exitCode(for: error).isSuccess { return printed(Root.fullMessage(for: error), arguments) }
            return failed(Failure(parsing: Root.message(for: error), arguments: arguments, typed: typed))
        }
    }

    private static func run(_ command: any Subcommand, typed: [String]) -> Int32 {
        let output = Output.standard()
        do {
            try TypedOptions(type(of: command), typed.dropFirst()).refuseRepeated(typed: typed)
            let status = try command.execute(output)
            try output.finish()
            for note in output.notes { Notes.say(note) }
            return status.rawValue
        } catch is OutputClosed {
            return ExitStatus.done.rawValue
        } catch {
            // A report that ends in an error is printed before the error.
            try? output.finish()
            return failed(Failure(error, registry: command.registryOption.location, typed: typed))
        }
    }

    /// Prints what ArgumentParser prints, with our help in the place of its own.
    private static func printed(_ text: String, _ arguments: [String]) -> Int32 {
        guard text.hasPrefix("OVERVIEW: ") else { return printed(text) }
        let terminal = Terminal(descriptor: STDOUT_FILENO)
        let name = arguments.first { $0 != "help" }
        let command = name.flatMap(Root.subcommand) as? any Subcommand.Type
        return printed(
            command.map { HelpPage.text(of: $0, width: terminal.width, isBold: terminal.hasColour) }
                ?? HelpPage.root(width: terminal.width, isBold: terminal.hasColour))
    }

    private static func printed(_ text: String) -> Int32 {
        do {
            let output = Output.standard()
            let text = text.hasSuffix("\n") ? String(text.dropLast()) : text
            try output.line(output.isUnicode ? text : PlainText.ascii(ownText: text))
            try output.finish()
            return ExitStatus.done.rawValue
        } catch is OutputClosed {
            return ExitStatus.done.rawValue
        } catch {
            return failed(Failure(error, registry: nil))
        }
    }

    private static func failed(_ failure: Failure) -> Int32 {
        Notes.fail(failure)
        return failure.status.rawValue
    }
}
