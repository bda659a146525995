/// The header row: names, and the separator they show.
struct CSVHeader {
    let names: [String]
    let notes: [String]

    /// Reads the header and sets the scanner's separator.
    ///
    /// The separator is the comma. A header without a comma outside quotes that holds semicolons and no tab, or
    /// tabs and no semicolon, chooses that one instead. Spaces and tabs around a name are dropped.
    init(_ scanner: inout CSVScanner) throws(DataError) {
        guard scanner.position < scanner.bytes.count else { throw DataError(.malformed, "the file is empty") }
        var notes: [String] = []
        let separator = CSVHeader.separator(in: scanner.bytes[scanner.position...])
        if separator != UInt8(ascii: ",") {
            scanner.separator = separator
            notes.append(
                "columns are separated by \(separator == UInt8(ascii: ";") ? "semicolons" : "tabs"), as the header shows"
            )
        }
        _ = try scanner.nextRow()
        if scanner.isBlank { throw try CSVHeader.blank(&scanner) }

        var names: [String] = []
        var numbers: [String: Int] = [:]
        for (index, field) in scanner.fields.enumerated() {
            let name = CSVHeader.name(in: scanner.bytes(of: field))
            let line = field.line
            if name.isEmpty {
                throw DataError(.malformed, "the column has no name", line: line, columnNumber: index + 1)
            }
            if let other = numbers.updateValue(index + 1, forKey: name) {
                throw DataError(
                    .malformed, "the name \(Visible.quoted(name)) is used twice, for columns \(other) and \(index + 1)",
                    line: line, columnName: name, columnNumber: index + 1, value: Visible.text(name))
            }
            names.append(name)
        }
        if let value = names.first(where: CSVHeader.looksLikeData) {
            notes.append("a column is called \(Visible.text(value)): is the first line a header?")
        }
        self.names = names
        self.notes = notes
    }

    /// The text without the spaces and tabs around it.
    private static func name(in bytes: UnsafeBufferPointer<UInt8>) -> String {
        let rest = bytes.drop(while: NumberParser.isBlank)
        let end = rest.lastIndex { !NumberParser.isBlank($0) }.map { $0 + 1 } ?? rest.startIndex
        return String(decoding: rest[..<end], as: UTF8.self)
    }

    private static func separator(in bytes: Slice<UnsafeBufferPointer<UInt8>>) -> UInt8 {
        var (commas, semicolons, tabs) = (0, 0, 0)
        var isQuoted = false
        for byte in bytes {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if isQuoted { continue }
            switch byte {
            case UInt8(ascii: ","): commas += 1
            case UInt8(ascii: ";"): semicolons += 1
            case UInt8(ascii: "\t"): tabs += 1
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                return choose(commas, semicolons, tabs)
            default: break
            }
        }
        return choose(commas, semicolons, tabs)
    }

    private static func choose(_ commas: Int, _ semicolons: Int, _ tabs: Int) -> UInt8 {
        if commas == 0, semicolons > 0, tabs == 0 { return UInt8(ascii: ";") }
        if commas == 0, tabs > 0, semicolons == 0 { return UInt8(ascii: "\t") }
        return UInt8(ascii: ",")
    }

    private static func blank(_ scanner: inout CSVScanner) throws(DataError) -> DataError {
        while try scanner.nextRow() {
            if scanner.isBlank { continue }
            return DataError(.malformed, "the first line is empty; it must name the columns", line: 1)
        }
        return DataError(.malformed, "the file is empty")
    }

    /// A number with a fraction is no name that people give.
    private static func looksLikeData(_ name: String) -> Bool {
        var name = name
        return name.contains(".") && name.withUTF8 { NumberParser.parse($0) != nil }
    }
}
