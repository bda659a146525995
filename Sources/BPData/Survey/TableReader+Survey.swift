extension TableReader {
    /// Looks at a file as a training would, but judges no value: a column that has missing values, or numbers beside text,
    /// is surveyed with its fault.
    /// - Throws: `DataError` for a file that makes no table at all: ragged rows, broken quotes, sizes that do not fit; and
    ///   for a column that is named and not there.
    package func survey(path: String, _ choices: TableSurvey.Choices) throws(DataError) -> TableSurvey {
        let file = try TableFile(path: path, format: self.choices.format)
        let separator = try separator(of: file)
        let table: Table
        do throws(DataError) { table = try read(file) } catch {
            guard error.kind == .badValue else { throw error }
            return try survey(file, separator, after: error, choices)
        }
        let columns = table.columns.enumerated().map { index, column in
            ColumnSurvey(column, number: table.columnNumber(index), isForced: types[column.name] != nil)
        }
        return try TableSurvey(
            columns, table: table, rowCount: table.rowCount, file: file, separator: separator, notes: table.notes,
            likelyTarget: table.likelyTarget, lacksLabels: table.lacksLabels, choices: choices)
    }

    /// Reads every column as text, and each alone as the reader would.
    private func survey(
        _ file: TableFile, _ separator: String?, after error: DataError, _ choices: TableSurvey.Choices
    ) throws(DataError) -> TableSurvey {
        var names: [String]
        do throws(DataError) { names = try columnNames(of: file) } catch { throw file.naming(error) }
        // Labels from another file are found by the reader; only a fault shows that there are some.
        if let column = error.columnName, !names.contains(column) { names.append(column) }
        let asText = TableReader(
            types: Dictionary(names.map { ($0, .text) }, uniquingKeysWith: { first, _ in first }), choices: self.choices
        )
        let texts = try asText.read(file)
        var columns: [ColumnSurvey] = []
        var sound: [Column] = []
        for (index, column) in texts.columns.enumerated() {
            let number = texts.columnNumber(index)
            let forced = types[column.name]
            do throws(DataError) {
                let typed = try column.retyped(forced: forced, isComma: separator == "commas") {
                    texts.line(ofRow: $0) ?? 0
                }
                sound.append(typed)
                columns.append(ColumnSurvey(typed, number: number, isForced: forced != nil))
            } catch {
                guard case .text(let values) = column.values else { continue }
                columns.append(
                    RawColumn(values).survey(name: column.name, number: number, error: error) { row in
                        texts.line(ofRow: row).map { "line \(Visible.grouped($0))" }
                            ?? "row \(Visible.grouped(row + 1))"
                    })
            }
        }
        let table = sound.isEmpty ? nil : try Table(name: texts.name, columns: sound)
        return try TableSurvey(
            columns, table: table, rowCount: texts.rowCount, file: file, separator: separator, notes: texts.notes,
            likelyTarget: texts.likelyTarget, lacksLabels: texts.lacksLabels, choices: choices)
    }

    /// The columns' names, without the labels that come from elsewhere.
    private func columnNames(of file: TableFile) throws(DataError) -> [String] {
        switch file.format {
        case .csv: return try CSVReader().header(bytes: file.bytes)
        case .idx, .npy: return try file.grid(named: file.name).places.map(\.name)
        case .npz:
            let archive = try NPZArchive(file.bytes)
            let choice = try archive.choice(self.choices, isForTraining: true, wantsLabels: true)
            guard case .pair(let features, _) = choice else { return archive.names }
            return try ElementGrid(try archive.array(features), name: features).places.map(\.name)
        }
    }

    /// What separates the columns of a CSV file, in a word.
    private func separator(of file: TableFile) throws(DataError) -> String? {
        guard file.format == .csv else { return nil }
        do {
            return try file.bytes.withUnsafeBufferPointer { buffer throws(DataError) -> String in
                try CSVReader.checkText(buffer)
                var scanner = CSVScanner(bytes: buffer)
                _ = try CSVHeader(&scanner)
                return scanner.separator == UInt8(ascii: ";")
                    ? "semicolons" : scanner.separator == UInt8(ascii: "\t") ? "tabs" : "commas"
            }
        } catch { throw file.naming(error) }
    }
}

extension Column {
    /// A column of texts, with the type that a reader would have found.
    /// - Parameter line: where a row begins.
    fileprivate func retyped(
        forced: ColumnType?, isComma: Bool, line: (Int) -> Int
    ) throws(DataError) -> Column {
        guard case .text(let texts) = values, forced != .text else { return self }
        var builder = ColumnBuilder(name: name, number: 1, forced: forced, refusesDecimalComma: !isComma)
        for row in 0..<texts.count {
            let field = texts.bytes(at: row)
            try field.withUnsafeBufferPointer { bytes throws(DataError) in
                try builder.append(bytes, line: line(row))
            }
        }
        return builder.column
    }
}
