/// An error as a person reads it: what happened, where with the value, what to type next.
struct Failure: Error, Equatable {
    /// What happened, without a full stop.
    let what: String
    /// Where: the file with line and column, the registry with the run, the option with its value.
    let place: String?
    /// Lines of what was typed with a mark under the fault.
    let excerpt: [String]
    /// What to type next.
    let next: String?
    let status: ExitStatus

    init(
        _ status: ExitStatus, _ what: String, at place: String? = nil, excerpt: [String] = [], next: String? = nil
    ) {
        self.excerpt = excerpt
        self.status = status
        self.what = what
        self.place = place
        self.next = next
    }

    /// The command line is wrong: `option` got `value`, which is no `expected`.
    static func option(_ option: String, _ value: String, expected: String, next: String) -> Failure {
        Failure(.usage, "\(option) must be \(expected)", at: "\(option) \(ShellText.quoted(value))", next: next)
    }

    /// The lines for standard error. The words `error`, `at` and `next` are what scripts look for.
    var lines: [String] {
        ["error: " + SafeText.line(what)] + (place.map { ["  at: " + SafeText.line($0)] } ?? [])
            + excerpt.map { "    " + SafeText.line($0) }
            + (next.map { ["  next: " + SafeText.line($0)] } ?? [])
    }
}
