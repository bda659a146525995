import BPInterchange

// What is wrong with the files of an export or an import.
extension Failure {
    init(export error: ExportError) {
        switch error {
        case .format(let error):
            self.init(.failed, error.description, at: ShellText.quoted(error.file), next: "--format safetensors")
        case .file(let error): self.init(file: error)
        }
    }

    init(file error: FileError) {
        let place = ShellText.quoted(error.path)
        let (status, next): (ExitStatus, String)
        switch error.kind {
        case .exists: (status, next) = (.usage, "--force   # replaces it; or name another file")
        case .unusable: (status, next) = (.usage, "name another file")
        case .unreadable: (status, next) = (.badData, "ls -l \(place)")
        case .full: (status, next) = (.storage, "free space, or name a file elsewhere")
        case .unwritable: (status, next) = (.storage, "name a file elsewhere")
        }
        self.init(status, error.description, at: place, next: next)
    }

    init(import error: ImportError) {
        switch error {
        case .format(let error):
            self.init(.badData, error.description, at: ShellText.quoted(error.file), next: "another file, or weights saved anew")
        case .file(let error): self.init(file: error)
        case .ambiguousOrder(let file, let layers):
            self.init(
                .usage, error.description, at: ShellText.quoted(file),
                next: "--layers " + ShellText.quoted(layers.joined(separator: ",")) + "   # in the order in which they compute")
        case .ambiguousOrientation(let file, _):
            self.init(
                .usage, error.description, at: ShellText.quoted(file),
                next: "--orientation out-in   # as PyTorch has it; in-out as Keras has it")
        case .noChain(let file, _):
            self.init(
                .badData, error.description, at: ShellText.quoted(file),
                next: "--ignore COLUMN leaves out a column that was no input, --target names another output")
        case .otherLayers(let file, _, let layers):
            self.init(
                .usage, error.description, at: ShellText.quoted(file),
                next: "--layers " + ShellText.quoted(layers.joined(separator: ",")))
        }
    }
}
