/// Something that only a person may allow, and no person did.
package struct NotConfirmed: Error {
    /// The consequence, without a full stop: `run 7 would be deleted`.
    package let what: String
    /// The thing it is about, for the `at:` of the error.
    package let place: String
    /// The option that answers yes: `--yes`, `--force`.
    package let option: String
    /// Whether a person was asked, and did not say yes.
    package let wasAsked: Bool

    package init(what: String, place: String, option: String, wasAsked: Bool) {
        (self.what, self.place, self.option, self.wasAsked) = (what, place, option, wasAsked)
    }
}

extension Failure {
    /// A refusal whose `next:` is the typed command with the option that allows it.
    init(unconfirmed error: NotConfirmed, typed: [String]) {
        let command =
            typed.isEmpty
            ? error.option : "bpreg " + (typed + [error.option]).map(ShellText.quoted).joined(separator: " ")
        self.init(
            error.wasAsked ? .failed : .usage,
            error.wasAsked
                ? "not confirmed, and nothing was done: \(error.what)"
                : "\(error.what), and there is no terminal to ask for confirmation",
            at: error.place, next: command)
    }
}
