import BPData

// Errors of BPData: wrong data, unless the registry stored them.
extension Failure {
    init(data error: DataError, typed: [String]) {
        // Data from a pipe cannot be read again.
        let file = error.file == NamedFile.standardInput ? nil : error.file.map(ShellText.quoted)
        let next: String
        let remedy = DataRemedy(error: error, file: file, typed: typed)
        switch error.kind {
        case .unreadable:
            next =
                file == nil
                ? "check the file's name"
                : error.file.map { Failure.next(missing: $0, typed) } ?? "check the file's name"
        case .malformed, .badValue: next = remedy.next
        case .unknownColumn:
            let name = error.columnName ?? ""
            next =
                error.nearName.flatMap { ShellText.command(typed, replacing: name, with: $0) }
                ?? remedy.piped("head -n 1", "").map { $0 + "   # shows the columns" } ?? "name a column of the data"
        case .unseen:
            next = error.remedy == .unknownZero ? remedy.next : "leave these rows out; the model has no such class"
        case .choice:
            next =
                error.nearName.flatMap { near in
                    error.value.flatMap { ShellText.command(typed, replacing: $0, with: near) }
                } ?? remedy.unpacking
                ?? "name the labels with --labels, one a row, and the rows of an archive with --features"
        case .unusable:
            next = remedy.inspection ?? "choose another --target or other shares of the rows, or give more data"
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
