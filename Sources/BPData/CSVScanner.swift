/// Cuts bytes into rows of fields (RFC 4180). Lines end with LF, CRLF or CR; a line end inside quotes belongs to
/// the field. A quote begins a quoted field only as its first byte; elsewhere it is an error, because readers
/// disagree about what it means.
struct CSVScanner {
    /// The longest field, in bytes.
    static let longestField = TextValues.longestText
    /// The most fields of a row.
    static let mostFields = 1_000_000

    /// A field of the current row, quotes stripped.
    struct Field {
        var start: Int
        var end: Int
        /// The physical line on which it begins.
        var line: Int
        var isQuoted = false
        /// Holds doubled quotes.
        var isEscaped = false
    }

    let bytes: UnsafeBufferPointer<UInt8>
    var separator: UInt8
    /// Spaces and tabs around quotes, and a line of nothing else, are passed over.
    private let skipsBlanks: Bool
    private(set) var position: Int
    /// The physical line of `position`, from 1.
    private(set) var line = 1
    /// The fields of the row read last.
    private(set) var fields: [Field] = []
    private let scratch = Scratch()

    init(bytes: UnsafeBufferPointer<UInt8>, separator: UInt8 = UInt8(ascii: ","), rules: ReadingRules = .newest) {
        self.bytes = bytes
        self.separator = separator
        skipsBlanks = rules.trimsText
        position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    /// A line without a single byte, or with nothing but spaces, which is no row.
    var isBlank: Bool {
        guard fields.count == 1, !fields[0].isQuoted else { return false }
        return fields[0].start == fields[0].end
            || skipsBlanks && bytes[fields[0].start..<fields[0].end].allSatisfy(NumberParser.isBlank)
    }

    /// Reads the next row into `fields`; false at the end of the bytes.
    mutating func nextRow() throws(DataError) -> Bool {
        fields.removeAll(keepingCapacity: true)
        guard position < bytes.count else { return false }
        while true {
            let isQuoted = position < bytes.count && bytes[position] == UInt8(ascii: "\"")
            let field = isQuoted ? try quotedField() : try plainField()
            fields.append(field)
            if fields.count > CSVScanner.mostFields {
                throw DataError(
                    .malformed, "more than \(Visible.grouped(CSVScanner.mostFields)) fields in a row", line: field.line)
            }
            guard position < bytes.count else { return true }
            if bytes[position] == separator {
                position += 1
                continue
            }
            passLineEnd()
            return true
        }
    }

    /// The bytes of a field of the current row, doubled quotes made single; good until the next call.
    func bytes(of field: Field) -> UnsafeBufferPointer<UInt8> {
        let raw = UnsafeBufferPointer(rebasing: bytes[field.start..<field.end])
        return field.isEscaped ? scratch.unescaped(raw) : raw
    }

    /// A physical line, whatever quotes are in it.
    struct RawLine {
        /// Its bytes without the line end.
        let range: Range<Int>
        /// Where the next line begins.
        let next: Int
    }

    /// The physical line that begins at `start`; nil at the end of the bytes.
    func rawLine(at start: Int) -> RawLine? {
        guard start < bytes.count else { return nil }
        let end = bytes[start...].firstIndex { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") } ?? bytes.count
        let isPair = end + 1 < bytes.count && bytes[end] == UInt8(ascii: "\r") && bytes[end + 1] == UInt8(ascii: "\n")
        return RawLine(range: start..<end, next: min(bytes.count, end + (isPair ? 2 : 1)))
    }

    /// Steps over the physical line at `position`.
    mutating func pass(_ line: RawLine) {
        position = line.next
        self.line += 1
    }

    /// Steps over LF, CRLF or CR.
    private mutating func passLineEnd() {
        if bytes[position] == UInt8(ascii: "\r"), position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "\n")
        {
            position += 1
        }
        position += 1
        line += 1
    }

    private mutating func plainField() throws(DataError) -> Field {
        let start = position
        var end = position
        let separator = separator
        while end < bytes.count {
            let byte = bytes[end]
            if byte == separator || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { break }
            if byte == UInt8(ascii: "\"") {
                if skipsBlanks, bytes[start..<end].allSatisfy(NumberParser.isBlank) {
                    position = end
                    return try quotedField()
                }
                throw error(
                    "a quote inside a field that does not begin with one; put the field in quotes, and double those inside it",
                    value: bytes[start..<bytes.count].prefix(256))
            }
            end += 1
        }
        position = end
        let field = Field(start: start, end: end, line: line)
        try checkLength(field)
        return field
    }

    private mutating func quotedField() throws(DataError) -> Field {
        var field = Field(start: position + 1, end: position + 1, line: line, isQuoted: true)
        position += 1
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                if position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "\"") {
                    field.isEscaped = true
                    position += 2
                    continue
                }
                field.end = position
                position += 1
                try checkLength(field)
                try checkAfterQuote(field)
                return field
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"): passLineEnd()
            default: position += 1
            }
        }
        throw error(
            "a quoted field begins here and never ends", line: field.line,
            value: bytes[field.start..<bytes.count].prefix(256))
    }

    private mutating func checkAfterQuote(_ field: Field) throws(DataError) {
        while skipsBlanks, position < bytes.count, bytes[position] != separator, NumberParser.isBlank(bytes[position]) {
            position += 1
        }
        guard position < bytes.count else { return }
        let byte = bytes[position]
        if byte == separator || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { return }
        throw error(
            "something follows the closing quote of the field that began on line \(field.line); quotes inside are doubled",
            value: bytes[position..<bytes.count].prefix(256))
    }

    private func checkLength(_ field: Field) throws(DataError) {
        let length = field.end - field.start
        guard length > CSVScanner.longestField else { return }
        throw error(
            "a field of \(Visible.grouped(length)) bytes is above the limit of 1 MiB"
                + (field.isQuoted ? "; is a closing quote missing?" : ""),
            line: field.line, value: bytes[field.start..<field.end].prefix(256))
    }

    /// An error in the field that is being read.
    private func error(
        _ message: String, line: Int? = nil, value: Slice<UnsafeBufferPointer<UInt8>>
    ) -> DataError {
        DataError(
            .malformed, message, line: line ?? self.line, columnNumber: fields.count + 1, value: Visible.bytes(value))
    }
}

/// Room for one field without its doubled quotes.
private final class Scratch {
    private let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: CSVScanner.longestField)

    deinit { buffer.deallocate() }

    /// The first of each pair of quotes; the field is within `longestField`, as the scanner has checked.
    func unescaped(_ raw: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        var count = 0
        var isSecond = false
        for byte in raw {
            isSecond = byte == UInt8(ascii: "\"") && !isSecond
            if isSecond { continue }
            buffer[count] = byte
            count += 1
        }
        return UnsafeBufferPointer(rebasing: buffer[..<count])
    }
}
