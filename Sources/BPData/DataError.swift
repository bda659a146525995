/// Data that cannot be used: what happened, where, with which value.
public struct DataError: Error, Sendable, Hashable {
    /// What sort of trouble, for callers that act on it.
    public enum Kind: String, Sendable, CaseIterable {
        /// The file cannot be opened or read.
        case unreadable
        /// The bytes are not what the format says: quotes, ragged rows, names, encoding, lengths, limits.
        case malformed
        /// A value does not suit its column: missing, no number, beyond the type's range, a mixture.
        case badValue = "bad-value"
        /// A column that is named is not there.
        case unknownColumn = "unknown-column"
        /// A category or class that the training rows did not have.
        case unseen
        /// The table is sound, but cannot be learnt from as asked.
        case unusable
        /// The files or members that were named, or found, do not make a table together, or leave a choice.
        case choice
        /// A stored column or encoding is not what this library writes.
        case corrupt
    }

    /// A way to make a file readable.
    public enum Remedy: Sendable, Hashable {
        /// The column is read as text.
        case text
        /// Unknown categories of new data count as 0.
        case unknownZero
        /// The text is converted from this encoding to UTF-8.
        case encoding(String)
        /// The archive is unpacked.
        case unzip
        /// The target is learned as numbers, not as classes.
        case regression
        /// A command that makes a readable file of it, or words: FILE stands for the file, OUT for one to write.
        case command(String)
        /// Each row ends with a separator that the header does not have.
        case trailingSeparator(String)
    }

    /// What sort of trouble.
    public var kind: Kind
    /// The file, if the data came from one.
    public var file: String?
    /// The member of an archive (NPZ) that it is about.
    public var member: String?
    /// The row, counted from 1, of data that have no lines.
    public var row: Int?
    /// It is no text that a pager shows.
    public var isBinary = false
    /// The file is gzipped.
    public var isCompressed = false
    /// The physical line, counted from 1: where the field begins if the error is found while reading,
    /// where its row begins if it is found later.
    public var line: Int?
    /// The column's name.
    public var columnName: String?
    /// The column's number, counted from 1.
    public var columnNumber: Int?
    /// The value, shortened, with control characters made visible.
    public var value: String?
    /// Of an unknown column: the name that is spelt most nearly so, as it is in the data.
    public var nearName: String?
    /// The member of a zip archive that is read as the file (not an NPZ archive).
    public var zipMember: String?
    /// Of values that do not suit their columns: each column, with the number of such values.
    public var faults: [ColumnFault] = []
    /// The number of columns in which faults were looked for; nil if it is not known.
    package var judgedColumns: Int?
    /// A way to make the file readable, if one is known.
    public var remedy: Remedy?
    /// What happened, one sentence without a full stop.
    public var message: String

    /// Joins the parts; whatever is not known stays nil.
    public init(
        _ kind: Kind, _ message: String, file: String? = nil, line: Int? = nil, columnName: String? = nil,
        columnNumber: Int? = nil, value: String? = nil
    ) {
        self.kind = kind
        self.file = file
        self.line = line
        self.columnName = columnName
        self.columnNumber = columnNumber
        self.value = value
        self.message = message
    }

    /// Where it happened: `iris.csv, line 5, column 3 (petal_length)`; empty if nothing is known.
    public var place: String {
        var parts: [String] = []
        if let file { parts.append(Visible.text(file, limit: 400)) }
        if let zipMember { parts.append("member \(Visible.text(zipMember))") }
        if let member { parts.append("member \(Visible.text(member))") }
        if let line { parts.append("line \(line)") }
        if let row { parts.append("row \(Visible.grouped(row))") }
        switch (columnNumber, columnName) {
        case (let number?, let name?): parts.append("column \(number) (\(Visible.text(name)))")
        case (let number?, nil): parts.append("column \(number)")
        case (nil, let name?): parts.append("column \(Visible.text(name))")
        case (nil, nil): break
        }
        return parts.joined(separator: ", ")
    }

    /// The same error, with the member of the archive named.
    func inMember(_ member: String?) -> DataError {
        var error = self
        error.member = error.member ?? member
        return error
    }

    /// The same error, about a column that has another name in the table than in its file.
    func calling(_ column: String, _ name: String) -> DataError {
        var error = self
        if error.columnName == column { error.columnName = name }
        error.faults = faults.map { $0.name == column ? $0.calling(name) : $0 }
        return error
    }

    /// The same error, with the file named.
    func inFile(_ file: String?) -> DataError {
        var error = self
        error.file = error.file ?? file
        return error
    }
}

extension DataError: CustomStringConvertible {
    /// `place: message`.
    public var description: String { place.isEmpty ? message : "\(place): \(message)" }
}
