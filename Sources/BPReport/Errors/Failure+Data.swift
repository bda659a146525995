import BPData

// Errors of BPData: wrong data, unless the registry stored them.
extension Failure {
    init(data error: DataError, typed: [String]) {
        // Data from a pipe cannot be read again.
        let file = error.file == NamedFile.standardInput ? nil : error.file.map(ShellText.quoted)
        let next: String
        switch error.kind {
        case .unreadable: next = file.map { "ls -l \($0)" } ?? "check the file's name"
        case .malformed, .badValue:
            if let file, let line = error.line, error.isCompressed {
                next = "gzip -dc < \(file) | sed -n \(line)p | cut -c1-300   # shows the line; mend it or take it out"
            } else if error.row != nil {
                next = "mend the value, or leave the row out"
            } else if error.isBinary {
                next =
                    file.map { "ls -l \($0)   # is it whole? get it again; --format says what it is" } ?? "get it again"
            } else if let file, let line = error.line {
                next = "sed -n \(line)p \(file) | cut -c1-300   # shows the line; mend it or take it out"
            } else {
                next = file.map { "head -n 3 \($0)   # shows how it begins" } ?? "mend the data"
            }
        case .unknownColumn:
            let name = error.columnName ?? ""
            next =
                error.nearName.flatMap { ShellText.command(typed, replacing: name, with: $0) }
                ?? (error.isBinary ? nil : file)
                .map { error.isCompressed ? "gzip -dc < \($0) | head -n 1" : "head -n 1 \($0)" }
                .map { $0 + "   # shows the columns" } ?? "name a column that is there"
        case .unseen:
            next = "leave these rows out; predict can take an unknown category of a feature as 0: --unknown zero"
        case .choice:
            next =
                error.nearName.flatMap { near in
                    error.value.flatMap { ShellText.command(typed, replacing: $0, with: near) }
                } ?? "--labels FILE   # one label a row; of an archive --features MEMBER --labels MEMBER"
        case .unusable: next = "choose another --target or other shares of the rows, or give more data"
        case .corrupt: next = "bpreg verify"
        }
        var place = error.place
        if let value = error.value { place += (place.isEmpty ? "" : ", ") + "value \"\(value)\"" }
        // The message of an unreadable file does not name it.
        let what = error.kind == .unreadable ? "\(file ?? "standard input") \(error.message)" : error.message
        self.init(
            error.kind == .corrupt ? .damaged : .badData, what, at: place.isEmpty ? "the data" : place,
            next: next)
    }
}
