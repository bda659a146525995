/// An error as a person reads it: the event, the place with the value, and the command to type next.
package struct Failure: Error, Equatable {
    /// The event, without a full stop.
    package let what: String
    /// The place: the file with line and column, the registry with the run, the option with its value.
    package let place: String?
    /// Lines of the typed text with a mark under the fault.
    package let excerpt: [String]
    /// The command to type next.
    package let next: String?
    package let status: ExitStatus

    package init(
        _ status: ExitStatus, _ what: String, at place: String? = nil, excerpt: [String] = [], next: String? = nil
    ) {
        self.excerpt = excerpt
        self.status = status
        self.what = what
        self.place = place
        self.next = next
    }

    /// The command line is wrong: `option` got `value`, which is no `expected`.
    package static func option(_ option: String, _ value: String, expected: String, next: String) -> Failure {
        Failure(.usage, "\(option) must be \(expected)", at: "\(option) \(ShellText.quoted(value))", next: next)
    }

    /// The lines for standard error. Scripts look for the words `error`, `at` and `next`.
    package var lines: [String] {
        ["error: " + SafeText.line(what)] + (place.map { ["  at: " + SafeText.line($0)] } ?? [])
            + excerpt.map { "    " + SafeText.line($0) }
            + (next.map { ["  next: " + SafeText.line($0)] } ?? [])
    }
}
