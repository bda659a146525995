/// How a table is written in a file.
public enum TableFormat: String, CaseIterable, Sendable {
    /// Text with a header row.
    case csv
    /// The format of MNIST: one array.
    case idx
    /// One of NumPy's arrays.
    case npy
    /// A zip archive of NumPy's arrays.
    case npz

    /// The format that the first bytes show. What shows no other is text.
    /// - Throws: `DataError` (`malformed`) for formats that are known and cannot be read.
    init(of bytes: some Collection<UInt8>) throws(DataError) {
        switch FileKind(of: bytes) {
        case .zip: self = .npz
        case .npy: self = .npy
        case .idx: self = .idx
        case .other: self = .csv
        case .gzip:
            var error = DataError(.malformed, "it is gzipped twice: what it holds is a gzip file again")
            error.remedy = .command("gzip -dc < FILE | gzip -dc > OUT")
            throw error
        case .safetensors:
            var error = DataError(
                .malformed, "it is a safetensors file, which holds weights or an archive of bpreg, and no table")
            error.remedy = .command("bpreg inspect FILE   # shows an archive; bpreg import reads weights")
            throw error
        case .sqlite:
            var error = DataError(
                .malformed,
                "it is an SQLite database, which cannot be read; CSV, IDX, NPY and NPZ can, also with gzip")
            error.remedy = .command("sqlite3 FILE .tables   # then sqlite3 -header -csv FILE 'SELECT …' > OUT")
            throw error
        case .foreign(let format): throw format.error
        }
    }
}

/// What a person says about how a file is to be read; what is not said is found.
public struct TableChoices: Sendable, Hashable {
    /// The format; by content if nil.
    public var format: TableFormat?
    /// A file, or the member of an NPZ archive, that holds each row's label.
    public var labels: String?
    /// The member of an NPZ archive that holds the features.
    public var features: String?

    /// Choices; what is nil is found.
    public init(format: TableFormat? = nil, labels: String? = nil, features: String? = nil) {
        (self.format, self.labels, self.features) = (format, labels, features)
    }
}
