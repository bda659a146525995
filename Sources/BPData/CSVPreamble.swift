/// The lines before a header: `sep=` and comments, which begin with `#`.
struct CSVPreamble {
    /// The separator that `sep=` names.
    private(set) var separator: UInt8?
    private(set) var notes: [String] = []

    private static let mark = UInt8(ascii: "#")

    /// Passes over them.
    init(_ scanner: inout CSVScanner, _ rules: ReadingRules) {
        var commentCount = 0
        var doubtful: String?
        while let line = scanner.rawLine(at: scanner.position) {
            let text = scanner.bytes[line.range]
            if separator == nil, let found = CSVPreamble.separator(in: text) {
                separator = found
                notes += CSVPreamble.note(on: found, line: scanner.line)
            } else if text.first == CSVPreamble.mark {
                let isHeader = CSVPreamble.isHeader(line, in: scanner, separator)
                if isHeader {
                    guard rules.takesSpacedMarkForComment, CSVPreamble.isProse(line, in: scanner, separator) else {
                        break
                    }
                    doubtful = Visible.bytes(text)
                }
                commentCount += 1
            } else if !(text.allSatisfy(NumberParser.isBlank) && (commentCount > 0 || separator != nil)) {
                break
            }
            scanner.pass(line)
        }
        if commentCount > 0 {
            notes.append(
                "\(Visible.count(commentCount, "line")) before the header \(commentCount == 1 ? "is a comment" : "are comments") "
                    + "(#) and \(commentCount == 1 ? "is" : "are") left out"
                    + (doubtful.map { "; if \(Visible.quoted($0)) names the columns, remove its \"# \"" } ?? ""))
        }
    }

    /// What to say of a separator, unless it is the usual one.
    private static func note(on separator: UInt8, line: Int) -> [String] {
        let name: String
        switch separator {
        case UInt8(ascii: ","): return []
        case UInt8(ascii: ";"): name = "semicolons"
        case UInt8(ascii: "\t"): name = "tabs"
        default: name = "\"\(Visible.bytes([separator]))\""
        }
        return ["columns are separated by \(name), as line \(line) says"]
    }

    /// The character after `sep=`, as Excel writes it.
    private static func separator(in line: Slice<UnsafeBufferPointer<UInt8>>) -> UInt8? {
        var text = Array(line)
        if text.count == 7, text.first == UInt8(ascii: "\""), text.last == UInt8(ascii: "\"") {
            text = Array(text.dropFirst().dropLast())
        }
        guard text.count == 5, String(decoding: text[..<4], as: UTF8.self).lowercased() == "sep=" else { return nil }
        switch text[4] {
        case UInt8(ascii: "\t"), UInt8(ascii: " "): return text[4]
        case UInt8(ascii: "\""), UInt8(ascii: "#"), 0x7F...: return nil
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            return nil
        default: return text[4] > UInt8(ascii: " ") ? text[4] : nil
        }
    }

    /// Whether a line that begins with `#` names the columns, as `#,name,age` or `# x,y` does: the next line is no such
    /// line, has as many fields, and does not look like the header itself.
    private static func isHeader(
        _ line: CSVScanner.RawLine, in scanner: CSVScanner, _ known: UInt8?
    ) -> Bool {
        guard let next = scanner.rawLine(at: line.next) else { return true }
        guard scanner.bytes[next.range].first != mark else { return !hasOtherLine(after: next, in: scanner) }
        let separator = known ?? CSVHeader.separator(in: scanner.bytes[line.range])
        let count = fields(scanner.bytes[line.range], separator).count
        let below = fields(scanner.bytes[next.range], separator)
        guard count == below.count else { return false }
        if below.contains(where: isNumber) { return true }
        // Words below it are the header if numbers follow; a single word says nothing.
        guard count > 1, let third = scanner.rawLine(at: next.next) else { return count > 1 }
        return !fields(scanner.bytes[third.range], separator).contains(where: isNumber)
    }

    /// Whether a line that could be a header is taken for a comment: a space follows its mark, and the line below has no
    /// number. Programs that write such a header (`# x,y`) write numbers below it.
    private static func isProse(_ line: CSVScanner.RawLine, in scanner: CSVScanner, _ known: UInt8?) -> Bool {
        let text = scanner.bytes[line.range]
        guard text.count > 1, text[text.startIndex + 1] == UInt8(ascii: " "),
            let next = scanner.rawLine(at: line.next), scanner.bytes[next.range].first != mark
        else { return false }
        let separator = known ?? CSVHeader.separator(in: scanner.bytes[line.range])
        return !fields(scanner.bytes[next.range], separator).contains(where: isNumber)
    }

    private static func hasOtherLine(after line: CSVScanner.RawLine, in scanner: CSVScanner) -> Bool {
        var next = line.next
        while let line = scanner.rawLine(at: next) {
            if scanner.bytes[line.range].first != mark, !line.range.isEmpty { return true }
            next = line.next
        }
        return false
    }

    private static func fields(
        _ line: Slice<UnsafeBufferPointer<UInt8>>, _ separator: UInt8
    ) -> [Slice<UnsafeBufferPointer<UInt8>>] {
        var fields: [Slice<UnsafeBufferPointer<UInt8>>] = []
        var isQuoted = false
        var start = line.startIndex
        for index in line.indices {
            if line[index] == UInt8(ascii: "\"") { isQuoted.toggle() }
            guard line[index] == separator, !isQuoted else { continue }
            fields.append(line[start..<index])
            start = index + 1
        }
        return fields + [line[start...]]
    }

    private static func isNumber(_ field: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        NumberParser.parse(UnsafeBufferPointer(rebasing: field)) != nil
    }
}
