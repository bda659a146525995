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
        if ZipArchive.begins(bytes) {
            self = .npz
        } else if NPYArray.begins(bytes) {
            self = .npy
        } else if IDXArray.begins(bytes) {
            self = .idx
        } else if let other = TableFormat.others.first(where: { bytes.starts(with: $0.magic) }) {
            throw DataError(
                .malformed, "it is \(other.name), which cannot be read; CSV, IDX, NPY and NPZ can, also with gzip")
        } else {
            self = .csv
        }
    }

    private static let others: [(name: String, magic: [UInt8])] = [
        ("compressed by xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]), ("compressed by zstd", [0x28, 0xB5, 0x2F, 0xFD]),
        ("an HDF5 file", [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A]), ("a Parquet file", Array("PAR1".utf8)),
        ("an SQLite database", Array("SQLite format 3\0".utf8)), ("an image (PNG)", [0x89, 0x50, 0x4E, 0x47]),
    ]
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
