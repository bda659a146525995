import BPInterchange

// Exports and imports that are refused.
extension Failure {
    init(import error: ImportError, typed: [String]) {
        func about(_ file: String, _ status: ExitStatus, next: String) -> Failure {
            Failure(status, error.what, at: ShellText.quoted(file), next: next)
        }
        switch error {
        case .ambiguousOrder(let file, let layers):
            let names = ShellText.quoted(layers.joined(separator: ","))
            self = about(
                file, .usage, next: Failure.again(typed, "--layers \(names)   # in the order in which they compute"))
        case .ambiguousOrientation(let file, _):
            self = about(
                file, .usage, next: Failure.again(typed, "--orientation out-in   # as in PyTorch; in-out as in Keras"))
        case .noChain(let file, _):
            self = about(
                file, .badData,
                next: Failure.again(
                    typed, "--ignore COLUMN   # leaves out a column that was no input; or another target"))
        case .otherLayers(let file, _, let layers):
            self = about(file, .usage, next: "--layers " + ShellText.quoted(layers.joined(separator: ",")))
        }
    }

    /// The typed command with other values of some options, which are added if they were not typed.
    static func again(_ typed: [String], with options: [(option: String, value: String)]) -> String {
        guard !typed.isEmpty else { return options.map { $0.option + " " + $0.value }.joined(separator: " ") }
        var words = typed
        for (option, value) in options {
            if let place = words.firstIndex(of: option), place + 1 < words.count {
                words[place + 1] = value
            } else if let place = words.firstIndex(where: { $0.hasPrefix(option + "=") }) {
                words[place] = option + "=" + value
            } else {
                words += [option, value]
            }
        }
        return "bpreg " + words.map(ShellText.quoted).joined(separator: " ")
    }

    /// The typed command with `more` behind it.
    static func again(_ typed: [String], _ more: String) -> String {
        typed.isEmpty ? more : "bpreg " + typed.map(ShellText.quoted).joined(separator: " ") + " " + more
    }
}
