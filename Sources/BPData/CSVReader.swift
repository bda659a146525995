/// Reads CSV (RFC 4180) into typed columns.
///
/// - A header row names the columns. Lines end with LF, CRLF or CR; a UTF-8 byte order mark is passed over; empty
///   lines at the end count for nothing. `CSVHeader` says when semicolons or tabs separate.
/// - A column is numeric if every value is a number: `u8` if all are written plainly as 0…255, `f32` if every
///   Double is exactly a float32, else `f64`. It is text if none is. A mixture is an error that names the first
///   value which differs from those before it, unless the caller has said the column's type.
/// - A value that is missing is an error: an empty field (but not in a column said to be text), or NA, NaN, null,
///   none and ? among numbers.
public struct CSVReader: Sendable {
    private let types: [String: ColumnType]
    /// Read the columns in `types` and no others; they need not be there.
    private let onlyThese: Bool
    private let ignored: Set<String>
    private let rules: ReadingRules

    /// A reader of all columns.
    /// - Parameters:
    ///   - types: forces the types of some columns. A forced f32 rounds values to float32.
    ///   - ignored: columns that are stored and not used. If their values do not fit together they are stored as text.
    ///   - rules: those of the time when the data were recorded.
    public init(types: [String: ColumnType] = [:], ignored: Set<String> = [], rules: ReadingRules = .newest) {
        (self.types, self.ignored, self.rules) = (types, ignored, rules)
        onlyThese = false
    }

    /// A reader of the columns in `types` alone, of those that are there; other columns are passed over, whatever is in
    /// them, and named in the table's `skippedColumns`.
    /// - Parameter rules: those that the data of the model were read by.
    public init(only types: [String: ColumnType], rules: ReadingRules = .newest) {
        (self.types, ignored, self.rules) = (types, [], rules)
        onlyThese = true
    }

    /// Reads a file.
    /// - Throws: `DataError` with file, line, column and value.
    public func read(path: String) throws(DataError) -> Table {
        try read(bytes: FileBytes.read(path: path), name: TableFile.name(of: path), file: path)
    }

    /// Reads bytes that are in memory already.
    /// - Throws: `DataError` with line, column and value.
    public func read(bytes: [UInt8], name: String, file: String? = nil) throws(DataError) -> Table {
        do {
            return try bytes.withUnsafeBufferPointer { buffer throws(DataError) in
                try CSVReader.checkText(buffer)
                return try table(of: buffer, name: name, file: file)
            }
        } catch {
            throw error.inFile(file)
        }
    }

    /// The names in the first row.
    func header(bytes: [UInt8]) throws(DataError) -> [String] {
        try bytes.withUnsafeBufferPointer { buffer throws(DataError) in
            try CSVReader.checkText(buffer)
            var scanner = CSVScanner(bytes: buffer, rules: rules)
            return try CSVHeader(&scanner, rules: rules).names
        }
    }

    private func table(
        of bytes: UnsafeBufferPointer<UInt8>, name: String, file: String?
    ) throws(DataError) -> Table {
        var scanner = CSVScanner(bytes: bytes, rules: rules)
        let header = try CSVHeader(&scanner, rules: rules, wanted: onlyThese ? Set(types.keys) : nil)
        try checkTypes(against: header.names)
        var builders = builders(for: header.columns, separator: scanner.separator)
        let lines = try readRows(&scanner, &builders, width: header.width)
        let columns = builders.map(\.column)
        guard !columns.isEmpty else {
            throw DataError(
                .unknownColumn,
                "none of the columns wanted is there: \(Visible.list(types.keys.sorted())); the file has: "
                    + Visible.list(header.names))
        }
        let skipped = onlyThese ? header.names.filter { types[$0] == nil } : []
        return try Table(
            name: name, file: file, columns: columns, lines: lines, skippedColumns: skipped, notes: header.notes,
            columnNumbers: builders.map(\.number), rules: rules)
    }

    private func builders(for columns: [CSVHeader.Column], separator: UInt8) -> [ColumnBuilder] {
        columns.compactMap { column in
            if onlyThese && types[column.name] == nil { return nil }
            return ColumnBuilder(
                name: column.name, number: column.number, forced: types[column.name],
                refusesDecimalComma: separator != UInt8(ascii: ","), rules: rules)
        }
    }

    private func readRows(
        _ scanner: inout CSVScanner, _ builders: inout [ColumnBuilder], width: Int
    ) throws(DataError) -> RowLines {
        var lines = RowLines()
        var firstBlank: Int?
        while try scanner.nextRow() {
            let line = scanner.fields[0].line
            if scanner.isBlank {
                firstBlank = firstBlank ?? line
                continue
            }
            if let firstBlank { throw DataError(.malformed, "an empty line between the rows", line: firstBlank) }
            try CSVReader.checkCount(scanner.fields.count, width, line)
            for index in builders.indices {
                let field = scanner.fields[builders[index].number - 1]
                try builders[index].append(scanner.bytes(of: field), line: field.line, isQuoted: field.isQuoted)
            }
            lines.append(line)
        }
        if lines.isEmpty { throw DataError(.malformed, "the file has a header and no rows") }
        return lines
    }

    private static func checkCount(_ found: Int, _ expected: Int, _ line: Int) throws(DataError) {
        guard found != expected else { return }
        throw DataError(
            .malformed,
            "\(Visible.count(found, "field")) found, \(expected) expected, as in the header", line: line)
    }

    private func checkTypes(against names: [String]) throws(DataError) {
        guard !onlyThese else { return }
        for name in types.keys.sorted() where !names.contains(name) {
            throw DataError(
                .unknownColumn,
                "a type is given for \(Visible.quoted(name)), which is no column; the columns are: "
                    + Visible.list(names), columnName: name)
        }
    }

    /// Refuses what is no text.
    static func checkText(_ bytes: UnsafeBufferPointer<UInt8>) throws(DataError) {
        guard let fault = TextCheck.firstFault(in: UnsafeRawBufferPointer(bytes)) else { return }
        let isUTF16 = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
        switch fault {
        case _ where isUTF16:
            throw DataError(.malformed, "the text is UTF-16; it must be UTF-8", line: 1)
        case .nul(let position):
            throw DataError(
                .malformed, "byte \(position + 1) is zero: a binary file, not CSV", line: line(of: position, in: bytes))
        case .invalidUTF8(let position):
            let hex = String(bytes[position], radix: 16, uppercase: true)
            throw DataError(
                .malformed, "byte \(position + 1) is not UTF-8: 0x\(hex)", line: line(of: position, in: bytes),
                value: "0x\(hex)")
        }
    }

    /// The physical line, from 1, that holds the byte at `position`.
    private static func line(of position: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var line = 1
        for index in 0..<position where bytes[index] == UInt8(ascii: "\n") || bytes[index] == UInt8(ascii: "\r") {
            // CR before LF counts with it.
            if bytes[index] == UInt8(ascii: "\n") || bytes[index + 1] != UInt8(ascii: "\n") { line += 1 }
        }
        return line
    }
}
