import BPData

/// The command to type next after an error in a file's content.
struct DataRemedy {
    let error: DataError
    /// The file, quoted for a shell; nil for data from a pipe, which cannot be read again.
    let file: String?
    /// The words behind the program's name.
    let typed: [String]

    /// The command to type next.
    var next: String {
        switch error.remedy {
        case .encoding(let name)?: return conversion("iconv -f \(name) -t UTF-8", ending: "-utf8.csv")
        case .trailingSeparator(let separator)?:
            let pattern = separator == "\t" ? "\\t" : separator == "|" ? "[|]" : separator
            return conversion("sed " + ShellText.quoted("s/\(pattern)[[:space:]]*$//"), ending: "-rows.csv")
        case .unknownZero?:
            if let name = typed.first, ["predict", "evaluate"].contains(name), !typed.contains("--unknown") {
                return "bpreg " + (typed + ["--unknown", "zero"]).map(ShellText.quoted).joined(separator: " ")
            }
        case .text?: if let command = command(adding: error.columnName.map { [($0, false)] } ?? []) { return command }
        case .unzip?: if let unpacking { return unpacking }
        case .command(let command)?: return filled(command)
        case .regression?: break
        case nil:
            if !isSlip, let command = command(adding: choices) { return command }
            if let judged = error.judgedColumns, choices.count(where: \.isIgnored) >= judged - 1 {
                return "fill in or delete these rows: without the column there is none to learn from"
            }
        }
        return look
    }

    /// The command that learns the target as numbers, or the one that shows the columns as they were read; nil if neither
    /// helps.
    var inspection: String? {
        if error.remedy == .regression, !typed.contains("--task") {
            return "bpreg " + (typed + ["--task", "regression"]).map(ShellText.quoted).joined(separator: " ")
        }
        guard let file, typed.first == "train" else { return nil }
        let target = typed.firstIndex(of: "--target").flatMap { typed.dropFirst($0 + 1).first }
        return "bpreg inspect \(file)" + (target.map { " --target \(ShellText.quoted($0))" } ?? "")
            + "   # shows the columns as they were read"
    }

    /// The command that unpacks an archive of several files; nil for other faults.
    var unpacking: String? { error.remedy == .unzip ? file.map { "unzip \($0)   # then name one of its files" } : nil }

    /// Whether a few values of one column are at fault, which are better looked at than left out with the column.
    private var isSlip: Bool {
        guard error.faults.count == 1, let fault = error.faults.first, fault.kind != .inexact else { return false }
        return fault.count == 1 || fault.count * 20 < fault.total
    }

    /// The command that shows where the fault is.
    private var look: String {
        if let line = error.line, let command = piped("sed -n \(line)p", " | cut -c1-300") {
            return command + "   # shows the line; fix or delete it"
        }
        if error.row != nil { return "fix the value, or leave the row out" }
        if error.isBinary, error.zipMember == nil {
            return file.map { "ls -l \($0)   # is it complete? otherwise get it again, or give --format" }
                ?? "get it again"
        }
        return piped("head -n 3", "").map { $0 + "   # shows how it begins" } ?? "fix the data"
    }

    /// A command that reads the text of the file, whichever way it is packed.
    func piped(_ command: String, _ rest: String) -> String? {
        guard let file, error.member == nil, !error.isBinary || error.remedy != nil else { return nil }
        if let member = error.zipMember { return "unzip -p \(file) \(ShellText.quoted(member)) | \(command)\(rest)" }
        if error.isCompressed { return "gzip -dc < \(file) | \(command)\(rest)" }
        return "\(command) \(file)\(rest)"
    }

    /// A command that writes another file beside this one.
    private func conversion(_ command: String, ending: String) -> String {
        guard let path = error.file, let file else { return "convert the data with: \(command)" }
        var stem = path.split(separator: "/", omittingEmptySubsequences: false).last.map(String.init) ?? path
        for suffix in [".gz", ".zip", ".csv", ".txt", ".tsv"] where stem.hasSuffix(suffix) && stem.count > suffix.count
        {
            stem.removeLast(suffix.count)
        }
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        let output = " > " + ShellText.quoted(FreeName.beside(folder + stem + ending))
        if error.zipMember != nil || error.isCompressed, let command = piped(command, output) { return command }
        return "\(command) \(file)\(output)"
    }

    /// A command with the names of the files: what it writes is called as the file is without its last ending.
    private func filled(_ command: String) -> String {
        guard let path = error.file, let file else { return command }
        var name = NamedFile.name(of: path)
        let folder = String(path.dropLast(name.count))
        repeat { name = NamedFile.stem(of: name) } while name.hasSuffix(".gz")
        if !name.contains(".") { name += ".csv" }
        return command.replacing("FILE", with: file)
            .replacing("OUT", with: ShellText.quoted(FreeName.beside(folder + name)))
    }

    /// The columns at fault, and whether each is better ignored than read as text; empty if that does not help.
    private var choices: [(name: String, isIgnored: Bool)] {
        var choices: [(name: String, isIgnored: Bool)] = []
        for fault in error.faults {
            let isText = fault.kind == .mixed || fault.kind == .inexact
            if let index = choices.firstIndex(where: { $0.name == fault.name }) {
                choices[index].isIgnored = choices[index].isIgnored || !isText
            } else {
                choices.append((fault.name, !isText))
            }
        }
        return choices
    }

    /// The most columns that a command is proposed for.
    private static let most = 12

    /// The typed command with options for these columns; nil unless the command takes these options and they help.
    private func command(adding choices: [(name: String, isIgnored: Bool)]) -> String? {
        guard let name = typed.first, ["train", "import", "gradcheck"].contains(name),
            (1...DataRemedy.most).contains(choices.count),
            !typed.contains("--resume")
        else { return nil }
        // Without these columns there must be one to learn from beside the target.
        if let judged = error.judgedColumns, choices.count(where: \.isIgnored) >= judged - 1 { return nil }
        var words = typed
        for choice in choices {
            let isTarget =
                zip(typed, typed.dropFirst()).contains { $0 == "--target" && $1 == choice.name }
                || typed.contains("--target=\(choice.name)")
                || choice.name == TableReader.label && !typed.contains("--target")
            if isTarget, choice.isIgnored { return nil }
            if let place = words.firstIndex(where: { $0.hasPrefix(choice.name + "=") }), place > 0,
                words[place - 1] == "--type"
            {
                // A column has one type.
                if choice.isIgnored { return nil }
                words[place] = choice.name + "=text"
            } else {
                words += choice.isIgnored ? ["--ignore", choice.name] : ["--type", choice.name + "=text"]
            }
        }
        return "bpreg " + words.map(ShellText.quoted).joined(separator: " ")
    }
}
