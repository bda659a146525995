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
                next: "leave out columns that were no input with --ignore, or name another --target")
        case .moreThanLayers(let file, _, let layers):
            let names = ShellText.quoted(layers.joined(separator: ","))
            self = about(
                file, .badData, next: Failure.again(typed, "--layers \(names)   # takes these and leaves out the rest"))
        case .otherLayers(let file, let asked, let layers):
            let names = layers.joined(separator: ",")
            self = about(
                file, .usage,
                next: ShellText.command(typed, replacing: asked.joined(separator: ","), with: names)
                    ?? "take --layers " + ShellText.quoted(names))
        }
    }

    /// The typed command with other values of some options, which are added if they were not typed.
    static func again(_ typed: [String], with options: [(option: String, value: String)]) -> String {
        Correction.setting(options).command(typed)
            ?? "take " + options.map { $0.option + " " + $0.value }.joined(separator: " ")
    }

    /// The typed command with `more` behind it, which is quoted already.
    static func again(_ typed: [String], _ more: String) -> String {
        guard !typed.isEmpty else { return "add \(more)" }
        let end = typed.firstIndex(of: "--") ?? typed.count
        func text(_ words: ArraySlice<String>) -> String { words.map { " " + ShellText.quoted($0) }.joined() }
        let parts = more.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        guard end < typed.count, let options = parts.first else { return "bpreg" + text(typed[...]) + " " + more }
        let remark = parts.count > 1 ? "   #" + parts[1] : ""
        return "bpreg" + text(typed[..<end]) + " " + options.trimmed + text(typed[end...]) + remark
    }
}

extension Substring {
    fileprivate var trimmed: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
