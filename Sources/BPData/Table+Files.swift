extension Table {
    /// Reads a CSV file with a header. `CSVReader` describes the format, and reads columns with other types.
    /// - Throws: `DataError` with file, line, column and value.
    public init(csv path: String) throws(DataError) { self = try CSVReader().read(path: path) }

    /// Reads a file of any supported format: CSV, IDX, NPY or NPZ, also gzipped. The format is detected from the content.
    /// - Throws: `DataError` with file, member, line or row, column and value.
    public init(contentsOf path: String) throws(DataError) { self = try TableReader().read(path: path) }
}
