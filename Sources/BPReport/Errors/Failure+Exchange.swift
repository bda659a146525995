import BPInterchange

// Exports and imports that are refused.
extension Failure {
    init(export error: ExportError, typed: [String]) {
        switch error {
        case .format(let error):
            self.init(
                .failed, error.what, at: ShellText.quoted(error.file),
                next: Failure.again(typed, "--format safetensors"))
        case .file(let error): self.init(file: error, typed: typed)
        }
    }

    init(import error: ImportError, typed: [String]) {
        func about(_ file: String, _ status: ExitStatus, next: String) -> Failure {
            Failure(status, error.what, at: ShellText.quoted(file), next: next)
        }
        switch error {
        case .format(let error):
            let place = ShellText.quoted(error.file) + (error.place.map { ", " + $0 } ?? "")
            self.init(.badData, error.what, at: place, next: "bpreg import --help   # says what can be imported")
        case .file(let error): self.init(file: error, typed: typed)
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

    /// The typed command with `more` behind it.
    static func again(_ typed: [String], _ more: String) -> String {
        typed.isEmpty ? more : "bpreg " + typed.map(ShellText.quoted).joined(separator: " ") + " " + more
    }
}
