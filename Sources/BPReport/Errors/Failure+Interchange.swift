import BPInterchange
import BPSystem
import BPText

// Archives and other files that are read or written.
extension Failure {
    /// A file that could not be read or written.
    init(file error: FileError, typed: [String]) {
        let path = ShellText.quoted(error.path)
        let folder = ShellText.folder(of: error.path)
        let (status, next): (ExitStatus, String) =
            switch error.kind {
            case .exists:
                (.usage, Failure.again(typed, "--force"))
            case .unusable: (.storage, "ls -ld \(folder)   # is the folder there? or name a file elsewhere")
            case .unreadable: (.badData, Failure.next(missing: error.path, typed))
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
            case .malformed, .changed:
                (.badData, "ls -l \(path)   # is it complete, and the right file? otherwise get it again")
            case .newer: (.schema, "install the bpreg that wrote it, or a newer one")
            case .unsuitable:
                (
                    .badData,
                    ["restore", "inspect"].contains(typed.first)
                        ? "the command import takes the weights of other programs, with --data"
                        : "take another file"
                )
            }
        self.init(status, error.what, at: error.place.map { "\(path), \($0)" } ?? path, next: next)
    }

    /// The command after a file could not be read: the typed one with a file of nearly this name, or the list of its folder.
    static func next(missing path: String, _ typed: [String]) -> String {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        let name = String(path.dropFirst(folder.count))
        let others = FilePath.names(in: folder.isEmpty ? "." : folder)
        // A file that is there and cannot be read is looked at.
        if others.contains(name) { return "ls -l " + ShellText.quoted(path) }
        let near = NearNames.of(name, among: others.filter { !$0.hasPrefix(".") }.sorted(), within: 2).first
        if let near, let command = ShellText.command(typed, replacing: path, with: folder + near) { return command }
        if !others.isEmpty { return "ls -l " + (folder.isEmpty ? "." : ShellText.quoted(folder)) }
        return "the folder \(folder) is not there either"
    }
}
