import BPText

/// Typed columns of equal length, in the order of the file.
public struct Table: Sendable {
    /// The file's name without folder and extension, or what the caller calls the data.
    public let name: String
    /// The path it was read from; nil for data made in memory or taken from a registry.
    public let file: String?
    /// The columns in order.
    public let columns: [Column]
    /// How many rows.
    public let rowCount: Int
    /// Columns of the file that were not asked for and not read.
    public let skippedColumns: [String]
    /// What the reader has to say about how it read the file, one sentence each.
    public var notes: [String] { readerNotes + [Rounding.note(on: columns)].compactMap { $0 } }
    private let readerNotes: [String]
    /// The column that is the target where nobody names one: the labels that were read from beside the features.
    public let likelyTarget: String?
    /// The rules by which it was read; nil for data made in memory or taken from a registry.
    public let readingRules: ReadingRules?
    /// How to read the file again: its format, and where its labels and features are. nil for data made in memory or
    /// taken from a registry.
    public internal(set) var choices: TableChoices?
    /// It is a matrix without the labels that would make a target of it.
    public let lacksLabels: Bool
    private let lines: RowLines?
    /// Each column's number in the file, from 1.
    private let columnNumbers: [Int]

    /// A table made of columns.
    /// - Throws: `DataError` if there is no column or no row, lengths differ, a name is empty or used twice, or a number
    ///   is not finite.
    public init(name: String, columns: [Column]) throws(DataError) {
        try self.init(name: name, file: nil, columns: columns, lines: nil)
    }

    init(
        name: String, file: String?, columns: [Column], lines: RowLines?, skippedColumns: [String] = [],
        notes: [String] = [], columnNumbers: [Int]? = nil, likelyTarget: String? = nil,
        lacksLabels: Bool = false, rules: ReadingRules? = nil
    ) throws(DataError) {
        guard let first = columns.first else { throw DataError(.unusable, "a table needs a column", file: file) }
        var numbers: [String: Int] = [:]
        for (index, column) in columns.enumerated() {
            func refuse(_ message: String) -> DataError {
                DataError(.malformed, message, file: file, columnName: column.name, columnNumber: index + 1)
            }
            if column.name.isEmpty { throw refuse("a column has no name") }
            if let other = numbers.updateValue(index + 1, forKey: column.name) {
                throw refuse("the name is used twice, for columns \(other) and \(index + 1)")
            }
            if column.rowCount != first.rowCount {
                throw refuse("has \(column.rowCount) rows, column 1 has \(first.rowCount)")
            }
            if let row = column.firstNonFinite {
                throw refuse("row \(row + 1): \(column.text(at: row)) is no finite number")
            }
        }
        if first.rowCount == 0 { throw DataError(.unusable, "a table needs a row", file: file) }
        if Int32(exactly: first.rowCount) == nil {
            throw DataError(.unusable, "\(Visible.grouped(first.rowCount)) rows are above the limit of 2,147,483,647")
        }
        self.name = name
        self.file = file
        self.columns = columns
        self.rowCount = first.rowCount
        self.skippedColumns = skippedColumns
        readerNotes = notes
        self.lines = lines
        self.likelyTarget = likelyTarget
        self.lacksLabels = lacksLabels
        readingRules = rules
        self.columnNumbers = columnNumbers ?? Array(1...columns.count)
    }

    /// The table with the labels of its rows behind its columns.
    func adding(_ label: Column) throws(DataError) -> Table {
        guard label.rowCount == rowCount else {
            throw DataError(
                .choice,
                "there are \(Visible.count(rowCount, "row")) and \(Visible.count(label.rowCount, "label")): they do not "
                    + "belong together", file: file)
        }
        return try Table(
            name: name, file: file, columns: columns + [label], lines: lines, skippedColumns: skippedColumns,
            notes: readerNotes, columnNumbers: columnNumbers + [(columnNumbers.max() ?? 0) + 1],
            likelyTarget: label.name, rules: readingRules)
    }

    /// The physical line of the file on which `row` begins, both as the reader counts (rows from 0, lines from 1);
    /// nil if the table was not read from a file.
    public func line(ofRow row: Int) -> Int? { lines?[row] }

    /// The index of the column called `name`, or nil.
    public func index(ofColumn name: String) -> Int? { columns.firstIndex { $0.name == name } }

    /// The index of the column called `name`.
    /// - Throws: `DataError` that lists the columns and names those that are spelled nearly so.
    public func requiredIndex(ofColumn name: String, as role: String = "column") throws(DataError) -> Int {
        if let index = index(ofColumn: name) { return index }
        throw Table.unknown(name, as: role, among: columns.map(\.name), file: file)
    }

    /// The error of a column that is not there.
    static func unknown(_ name: String, as role: String, among names: [String], file: String?) -> DataError {
        let near = NearNames.of(name, among: names)
        let hint = near.isEmpty ? "" : " (did you mean \(near.map { Visible.text($0) }.joined(separator: " or "))?)"
        var error = DataError(
            .unknownColumn,
            "there is no \(role) \(Visible.quoted(name))\(hint); the columns are: \(Visible.list(names))",
            file: file, columnName: name)
        error.nearName = near.first
        return error
    }

    /// The number of column `index` in the file, from 1.
    func columnNumber(_ index: Int) -> Int { columnNumbers[index] }

    /// An error about one value.
    func error(_ kind: DataError.Kind, _ message: String, column index: Int, row: Int) -> DataError {
        DataError(
            kind, line(ofRow: row) == nil ? "row \(row + 1): \(message)" : message, file: file,
            line: line(ofRow: row), columnName: columns[index].name, columnNumber: columnNumbers[index],
            value: Visible.text(columns[index].text(at: row)))
    }
}
