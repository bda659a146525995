/// Reads CSV (RFC 4180) into typed columns.
///
/// - A header row names the columns. Lines end with LF, CRLF or CR; a UTF-8 byte order mark is passed over; empty
///   lines at the end count for nothing. `CSVHeader` says when semicolons or tabs separate.
/// - A column is numeric if every value is a number: `u8` if all are written plainly as 0…255, `f32` if every
///   Double is exactly a float32, else `f64`. It is text if none is. A mixture is an error, unless the caller has said
///   the column's type or ignores the column.
/// - One error counts all values that do not fit, of all columns.
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
        try checkColumns(of: header)
        var builders = builders(for: header.columns, separator: scanner.separator)
        let rows = scanner
        let lines = try CSVReader.readRows(&scanner, &builders, width: header.width)
        if var error = ColumnFault.error(builders.flatMap { $0.faults(total: lines.count) }) {
            error.judgedColumns = builders.count { !$0.isIgnored }
            throw error
        }
        var columns = builders.map(\.column)
        // Ignored columns that fit no type are read once more, as text.
        let places = builders.indices.filter { builders[$0].asText(total: lines.count) != nil }
        if !places.isEmpty {
            var texts = places.compactMap { builders[$0].asText(total: lines.count) }
            var scanner = rows
            _ = try CSVReader.readRows(&scanner, &texts, width: header.width)
            for (place, text) in zip(places, texts) { columns[place] = text.column }
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
                isIgnored: ignored.contains(column.name), refusesDecimalComma: separator != UInt8(ascii: ","),
                rules: rules)
        }
    }

    /// Hands the fields of all rows to the builders.
    private static func readRows(
        _ scanner: inout CSVScanner, _ builders: inout [ColumnBuilder], width: Int
    ) throws(DataError) -> RowLines {
        var lines = RowLines()
        var ragged = RaggedRows(width: width)
        var blank = (first: 0, count: 0, isBetween: false)
        do throws(DataError) {
            while try scanner.nextRow() {
                let line = scanner.fields[0].line
                if scanner.isBlank {
                    if blank.count == 0 { blank.first = line }
                    if !blank.isBetween { blank.count += 1 }
                    continue
                }
                if blank.count > 0 { blank.isBetween = true }
                lines.append(line)
                guard scanner.fields.count == width else {
                    ragged.add(scanner)
                    continue
                }
                for index in builders.indices {
                    let field = scanner.fields[builders[index].number - 1]
                    builders[index].append(scanner.bytes(of: field), line: field.line, isQuoted: field.isQuoted)
                }
            }
        } catch { throw ragged.error(total: nil, separator: scanner.separator) ?? error }
        if blank.isBetween {
            throw DataError(
                .malformed,
                blank.count == 1
                    ? "an empty line between the rows"
                    : "\(Visible.count(blank.count, "empty line")) between the rows", line: blank.first)
        }
        if let error = ragged.error(total: lines.count, separator: scanner.separator) { throw error }
        if lines.isEmpty { throw DataError(.malformed, "the file has a header and no rows") }
        return lines
    }

    private func checkColumns(of header: CSVHeader) throws(DataError) {
        try checkTypes(against: header.names)
        guard onlyThese, !header.names.contains(where: { types[$0] != nil }) else { return }
        throw DataError(
            .unknownColumn,
            "none of the columns wanted is there: \(Visible.list(types.keys.sorted())); the file has: "
                + Visible.list(header.names))
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
}
