import ArgumentParser

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A question that only a person can answer, and nobody is there to be asked: the command says which option answers it.
struct NotConfirmed: Error {
    /// What would happen, without a full stop: `run 7 would be deleted`.
    let what: String
    /// What it is about, for the `at:` of the error.
    let place: String
    /// The option that answers yes: `--yes`, `--force`.
    let option: String
    /// Whether a person was asked, and did not say yes.
    let wasAsked: Bool
}

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
    ///   - what: what would happen, without a full stop, as in `run 7 would be deleted`.
    ///   - place: what it is about, for the `at:` of the error.
    ///   - given: whether the option that answers yes was given; then nobody is asked.
    ///   - option: that option.
    /// - Throws: `NotConfirmed` if the answer is not yes, or nobody is there to give one.
    func ask(_ what: String, at place: String, given: Bool, option: String = "--yes") throws {
        if given { return }
        guard isAnswered else { throw NotConfirmed(what: what, place: place, option: option, wasAsked: false) }
        write(SafeText.line(what) + ". Go on? [y/N] ")
        let answer = read()
        if answer == nil { write("\n") }
        guard ["y", "yes"].contains(answer.map { $0.lowercased().filter { !$0.isWhitespace } }) else {
            throw NotConfirmed(what: what, place: place, option: option, wasAsked: true)
        }
    }
}

/// What a command takes that asks before it acts.
struct YesOption: ParsableArguments {
    @Flag(name: .customLong("yes"), help: "Do not ask.")
    var given = false
}

extension Failure {
    /// Nobody said yes. What was typed, with the option that says it, is what to type next.
    init(unconfirmed error: NotConfirmed, typed: [String]) {
        let command =
            typed.isEmpty
            ? error.option : "bpreg " + (typed + [error.option]).map(ShellText.quoted).joined(separator: " ")
        self.init(
            error.wasAsked ? .failed : .usage,
            error.wasAsked
                ? "not confirmed, and nothing was done: \(error.what)"
                : "\(error.what), and no terminal is there to ask for a yes",
            at: error.place, next: command)
    }
}
