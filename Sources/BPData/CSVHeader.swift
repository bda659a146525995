/// The header row: names, and the separator they show.
struct CSVHeader {
    /// A column that is read.
    struct Column {
        let name: String
        /// From 1, in the file.
        let number: Int
    }

    let columns: [Column]
    /// How many fields the header has, and each row must have.
    let width: Int
    let notes: [String]

    /// The names of the columns.
    var names: [String] { columns.map(\.name) }

    /// Reads the header and sets the scanner's separator.
    ///
    /// The separator is the comma. A header without a comma outside quotes that holds semicolons and no tab, or
    /// tabs and no semicolon, chooses that one instead, and `sep=` before it chooses any. Spaces and tabs around a name
    /// are dropped. An unnamed first column is left out; other unnamed columns are named by their position.
    /// - Parameter wanted: the names that are used; nil for all. Two other columns may have the same name.
    init(_ scanner: inout CSVScanner, rules: ReadingRules, wanted: Set<String>? = nil) throws(DataError) {
        guard scanner.position < scanner.bytes.count else { throw DataError(.malformed, "the file is empty") }
        var notes: [String] = []
        let preamble = rules.hasPreamble ? CSVPreamble(&scanner, rules) : nil
        notes += preamble?.notes ?? []
        guard scanner.position < scanner.bytes.count else {
            throw DataError(.malformed, "the file has no header and no rows")
        }
        let separator = preamble?.separator ?? CSVHeader.separator(in: scanner.bytes[scanner.position...])
        scanner.separator = separator
        if separator != UInt8(ascii: ","), preamble?.separator == nil {
            notes.append(
                "columns are separated by \(separator == UInt8(ascii: ";") ? "semicolons" : "tabs"), as the header shows"
            )
        }
        _ = try scanner.nextRow()
        if scanner.isBlank { throw try CSVHeader.blank(&scanner) }

        width = scanner.fields.count
        var columns: [Column] = []
        var numbers: [String: Int] = [:]
        var unnamed: [(place: Int, number: Int)] = []
        for (index, field) in scanner.fields.enumerated() {
            let name = CSVHeader.name(in: scanner.bytes(of: field))
            if name.isEmpty {
                guard rules.namesColumns else {
                    throw DataError(
                        .malformed, "the column has no name", line: field.line, columnNumber: index + 1)
                }
                if index == 0, width > 1 {
                    notes.append("the first column has no name and is left out: it looks like row numbers or names")
                } else {
                    unnamed.append((columns.count, index + 1))
                    columns.append(Column(name: "", number: index + 1))
                }
                continue
            }
            if let other = numbers.updateValue(index + 1, forKey: name), wanted?.contains(name) ?? true {
                throw DataError(
                    .malformed,
                    "the name \(Visible.quoted(name)) is used twice, for columns \(other) and \(index + 1)"
                        + (CSVHeader.number(name) == nil ? "" : ": is the first line a header?"),
                    line: field.line, columnName: name, columnNumber: index + 1, value: Visible.text(name))
            }
            columns.append(Column(name: name, number: index + 1))
        }
        for (place, number) in unnamed {
            var name = "column_\(number)"
            while numbers.updateValue(number, forKey: name) != nil { name += "_" }
            columns[place] = Column(name: name, number: number)
        }
        if !unnamed.isEmpty {
            let names = unnamed.map { columns[$0.place].name }
            notes.append(
                "\(Visible.count(names.count, "column")) without a name \(names.count == 1 ? "is" : "are") called "
                    + Visible.list(names))
        }
        if let value = columns.map(\.name).first(where: CSVHeader.looksLikeData) {
            notes.append("a column is called \(Visible.text(value)): is the first line a header?")
        } else if CSVHeader.lookLikeData(columns.map(\.name)) {
            notes.append("columns are called \(Visible.list(columns.map(\.name))): is the first line a header?")
        }
        self.columns = columns
        self.notes = notes
    }

    /// The text without the spaces and tabs around it.
    private static func name(in bytes: UnsafeBufferPointer<UInt8>) -> String {
        String(decoding: FieldKind.trimmed(bytes), as: UTF8.self)
    }

    /// The separator that a header shows, which is the first line of these bytes.
    static func separator(in bytes: Slice<UnsafeBufferPointer<UInt8>>) -> UInt8 {
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
        name.contains(".") && number(name) != nil
    }

    /// Whole numbers are names of years or of columns while they ascend.
    private static func lookLikeData(_ names: [String]) -> Bool {
        let numbers = names.compactMap(number)
        return numbers.count >= 2 && !zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 }
    }

    private static func number(_ name: String) -> Double? {
        var name = name
        return name.withUTF8 { NumberParser.parse($0)?.value }
    }
}
