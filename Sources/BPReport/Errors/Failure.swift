/// An error as a person reads it: the event, the place with the value, and the command to type next or advice.
package struct Failure: Error, Equatable {
    /// The event, without a full stop.
    package let what: String
    /// The place: the file with line and column, the registry with the run, the option with its value.
    package let place: String?
    /// Lines of the typed text with a mark under the fault.
    package let excerpt: [String]
    /// The command to type next: a whole one that can be pasted and does what was meant.
    package let next: String?
    /// Advice in words, if there is no such command.
    package let hint: String?
    package let status: ExitStatus
    /// The changes that make the command to type next of the typed one, which is not known where the error is thrown.
    private let correction: Correction?

    /// - Parameters:
    ///   - next: what to do: a whole command, which begins with the name of a program, or words, which become the hint.
    ///   - correction: makes a command of the typed one; `next` is what remains if the typed one is not known.
    package init(
        _ status: ExitStatus, _ what: String, at place: String? = nil, excerpt: [String] = [], next: String? = nil,
        correction: Correction? = nil
    ) {
        self.excerpt = excerpt
        self.status = status
        self.what = what
        self.place = place
        self.correction = correction
        let isCommand = next.map(ShellText.isCommand) ?? false
        (self.next, hint) = isCommand ? (next, nil) : (nil, next)
    }

    /// The command line is wrong: `option` got `value`, which is no `expected`.
    /// - Parameter example: a value that the option takes.
    package static func option(
        _ option: String, _ value: String, expected: String, example: String
    ) -> Failure {
        Failure(
            .usage, "\(option) must be \(expected)", at: "\(option) \(ShellText.quoted(value))",
            next: "for example \(option) \(example)", correction: .setting([(option, example)]))
    }

    /// An option with a value that the command has no use for.
    /// - Parameter reason: the event.
    package static func needless(_ option: String, _ value: String, _ reason: String) -> Failure {
        Failure(
            .usage, reason, at: "\(option) \(ShellText.quoted(value))", next: "leave out \(option)",
            correction: .removing(option))
    }

    /// The failure of a command that was typed as `typed`.
    func corrected(_ typed: [String]) -> Failure {
        guard let correction, let command = correction.command(typed) else { return self }
        return Failure(status, what, at: place, excerpt: excerpt, next: command)
    }

    /// The command to type next, or the hint.
    package var advice: String? { next ?? hint }

    /// The lines for standard error. Scripts look for the words `error`, `at`, `next` and `hint`.
    package var lines: [String] {
        // A command that cannot be shown as it is cannot be pasted.
        let command = next.flatMap { SafeText.line($0, limit: 4_000) == $0 ? $0 : nil }
        let advice =
            command.map { "  next: " + $0 } ?? self.advice.map { "  hint: " + SafeText.line($0) }
        return ["error: " + SafeText.line(what)] + (place.map { ["  at: " + SafeText.line($0)] } ?? [])
            + excerpt.map { "    " + SafeText.line($0) } + (advice.map { [$0] } ?? [])
    }
}
