import ArgumentParser
import BPReport

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Asks a person before something that cannot be taken back.
struct Confirmation {
    /// Whether a person is there: both standard input and standard error are terminals.
    let isAnswered: Bool
    /// Says the question.
    let write: (String) -> Void
    /// The line typed, nil at the end of the input.
    let read: () -> String?

    /// The terminal that the command was started from.
    static var terminal: Confirmation {
        Confirmation(
            isAnswered: isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1, write: { Notes.write($0) },
            read: { readLine() })
    }

    /// Returns if the answer is yes.
    ///
    /// - Parameters:
    ///   - what: the consequence, without a full stop, as in `run 7 would be deleted`.
    ///   - place: its subject, for the `at:` of the error.
    ///   - given: whether the option that answers yes was given. Then the question is skipped.
    ///   - option: that option.
    /// - Throws: `NotConfirmed` if the answer is not yes, or if there is no terminal.
    func ask(_ what: String, at place: String, given: Bool, option: String = "--yes") throws {
        if given { return }
        guard isAnswered else { throw NotConfirmed(what: what, place: place, option: option, wasAsked: false) }
        write(SafeText.line(what) + ". Continue? [y/N] ")
        let answer = read()
        if answer == nil { write("\n") }
        guard ["y", "yes"].contains(answer.map { $0.lowercased().filter { !$0.isWhitespace } }) else {
            throw NotConfirmed(what: what, place: place, option: option, wasAsked: true)
        }
    }
}

/// The option of commands that ask before they act.
struct YesOption: ParsableArguments {
    @Flag(name: .customLong("yes"), help: "Do not ask for confirmation")
    var given = false
}
