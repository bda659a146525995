extension TableReader {
    /// Looks at a file as a training would, but refuses no value: a column that has missing values, or numbers beside text,
    /// is surveyed with its fault.
    /// - Throws: `DataError` for a file that makes no table at all: ragged rows, broken quotes, sizes that do not fit; and
    ///   for a column that is named and not there.
    package func survey(path: String, _ choices: TableSurvey.Choices) throws(DataError) -> TableSurvey {
        let file = try TableFile(path: path, format: self.choices.format)
        let table: Table
        var faults: [String: [ColumnFault]] = [:]
        do throws(DataError) { table = try read(file) } catch {
            guard !error.faults.isEmpty else { throw error }
            faults = Dictionary(grouping: error.faults, by: \.name)
            // An ignored column is not judged: it is text if it fits no type.
            let types = types.filter { faults[$0.key] == nil }
            let lenient = TableReader(types: types, choices: self.choices, ignored: Set(faults.keys), rules: rules)
            table = try lenient.read(file)
        }
        let columns = table.columns.enumerated().map { index, column in
            let number = table.columnNumber(index)
            return faults[column.name].map { RawColumn(column).survey(number: number, faults: $0) }
                ?? ColumnSurvey(column, number: number, isForced: types[column.name] != nil)
        }
        let sound = table.columns.filter { faults[$0.name] == nil }
        return try TableSurvey(
            columns, sound: sound.isEmpty ? nil : Table(name: table.name, columns: sound), of: table, file: file,
            separator: separator(of: file), choices: choices)
    }

    /// The separator of a CSV file, in a word; nil for an array.
    private func separator(of file: TableFile) throws(DataError) -> String? {
        guard file.format == .csv else { return nil }
        let rules = rules
        return try file.bytes.withUnsafeBufferPointer { buffer throws(DataError) -> String in
            var scanner = CSVScanner(bytes: buffer)
            _ = try CSVHeader(&scanner, rules: rules)
            switch scanner.separator {
            case UInt8(ascii: ","): return "commas"
            case UInt8(ascii: ";"): return "semicolons"
            case UInt8(ascii: "\t"): return "tabs"
            case let other: return Visible.quoted(String(decoding: [other], as: UTF8.self))
            }
        }
    }
}
