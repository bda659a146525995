import BPInterchange

// Archives and other files that are read or written.
extension Failure {
    /// A file that could not be read or written.
    init(file error: FileError, typed: [String]) {
        let path = ShellText.quoted(error.path)
        let folder = ShellText.folder(of: error.path)
        let (status, next): (ExitStatus, String) =
            switch error.kind {
            case .exists:
                (.usage, "bpreg " + (typed + ["--force"]).map(ShellText.quoted).joined(separator: " "))
            case .unusable: (.storage, "ls -ld \(folder)   # is the folder there? or name a file elsewhere")
            case .unreadable: (.badData, "ls -l \(path)")
            case .full: (.storage, "df -h \(folder)   # free space, or name a file elsewhere")
            case .unwritable: (.storage, "ls -ld \(folder)   # may it be written? or name a file elsewhere")
            }
        self.init(status, error.description, at: path, next: next)
    }

    /// A file of another format than expected.
    init(format error: FormatError, typed: [String]) {
        let path = ShellText.quoted(error.file)
        let (status, next): (ExitStatus, String) =
            switch error.kind {
            case .changed where typed.first == "import" && !typed.contains("--changed"):
                (.badData, Failure.again(typed, "--changed   # takes it anyway, as weights of another program"))
            case _ where typed.first == "import": (.badData, "bpreg import --help   # says what can be imported")
            case _ where typed.first == "export": (.failed, Failure.again(typed, "--format safetensors"))
            case .malformed, .changed: (.badData, "ls -l \(path)   # is it whole, and what it should be? get it again")
            case .newer: (.schema, "install the bpreg that wrote it, or a newer one")
            case .unsuitable:
                (
                    .badData,
                    ["restore", "inspect"].contains(typed.first)
                        ? "bpreg import \(path) --data DATA   # takes the weights of others"
                        : "take another file"
                )
            }
        self.init(status, error.what, at: error.place.map { "\(path), \($0)" } ?? path, next: next)
    }
}
