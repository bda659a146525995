/// A file's bytes, inflated where they were compressed, and the format that they show.
struct TableFile {
    let path: String
    /// The file's name without folder, `.gz` and extension.
    let name: String
    let bytes: [UInt8]
    let format: TableFormat
    let isCompressed: Bool

    /// Reads it.
    /// - Parameter format: what it is, whatever the content shows.
    init(path: String, format: TableFormat?) throws(DataError) {
        self.path = path
        let stored = try FileBytes.read(path: path)
        isCompressed = Gzip.begins(stored)
        do throws(DataError) {
            if isCompressed {
                let head = Gzip.prefix(stored, 1 << 10)
                if let format { self.format = format } else { self.format = try TableFormat(of: head) }
                // An IDX file's header tells its length: one byte more, and it is refused before it is inflated.
                let limit = self.format == .idx ? IDXArray.size(of: head)?.total : nil
                bytes = try Gzip.inflate(stored, limit: limit.map { min($0, Memory.inflationLimit) })
            } else {
                bytes = stored
                if let format {
                    self.format = format
                } else {
                    self.format = try TableFormat(of: stored.prefix(1 << 10))
                }
            }
        } catch {
            var error = error.inFile(path)
            error.isBinary = true
            throw error
        }
        name = TableFile.name(of: path)
    }

    /// The array that it is, as rows and columns.
    /// - Parameter name: of the column, if there is only one.
    func grid(named name: String) throws(DataError) -> ElementGrid {
        format == .idx
            ? try ElementGrid(IDXArray(bytes), name: name) : try ElementGrid(NPYArray(bytes), name: name)
    }

    /// The error with what it needs to be looked up.
    func naming(_ error: DataError) -> DataError {
        guard error.file == nil || error.file == path else { return error }
        var error = error.inFile(path)
        error.isCompressed = isCompressed
        error.isBinary = format != .csv
        return error
    }

    /// The file's name without folder and extension, and without what says that it is compressed.
    static func name(of path: String) -> String {
        var file = path.split(separator: "/").last.map(String.init) ?? path
        if file.hasSuffix(".gz"), file.utf8.count > 3 { file.removeLast(3) }
        guard let dot = file.lastIndex(of: "."), dot != file.startIndex else { return file }
        return String(file[..<dot])
    }
}
