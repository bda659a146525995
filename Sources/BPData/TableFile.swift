/// A file's bytes, inflated where they were compressed, and the format that they show.
struct TableFile {
    let path: String
    /// The file's name without folder, `.gz` and extension.
    let name: String
    let bytes: [UInt8]
    let format: TableFormat
    let isCompressed: Bool
    /// The only file of the zip archive that it is.
    let zipMember: String?

    /// Reads it.
    /// - Parameter format: what it is, whatever the content shows.
    init(path: String, format: TableFormat?) throws(DataError) {
        self.path = path
        var stored = try FileBytes.read(path: path)
        do throws(DataError) {
            let unzipped = try TableFile.unzipped(stored, format: format)
            zipMember = unzipped?.name
            if let unzipped { stored = unzipped.bytes }
            isCompressed = Gzip.begins(stored)
            if isCompressed {
                let head = Gzip.prefix(stored, 1 << 10)
                if let format { self.format = format } else { self.format = try TableFormat(of: head) }
                if self.format == .csv, head.contains(0) {
                    // No text, of whatever length: nothing more of it is inflated.
                    try head.withUnsafeBufferPointer { buffer throws(DataError) in try CSVReader.checkText(buffer) }
                }
                // An array's header tells its length: what goes on beyond is refused before it is inflated.
                let limit: Int?
                switch self.format {
                case .idx: limit = IDXArray.size(of: head)?.total
                case .npy: limit = NPYArray.size(of: head)
                case .csv, .npz: limit = nil
                }
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
            error.isCompressed = Gzip.begins(stored)
            throw error
        }
        name = TableFile.name(of: path)
    }

    /// The file of a zip archive that holds only one, which is no NPY file; nil for all else.
    private static func unzipped(
        _ stored: [UInt8], format: TableFormat?
    ) throws(DataError) -> (name: String, bytes: [UInt8])? {
        guard ZipArchive.begins(stored), format != .npz else { return nil }
        let zip = try ZipArchive(stored)
        // What systems add beside the files.
        let files = zip.members.filter { !$0.name.hasSuffix("/") && !$0.name.hasPrefix("__MACOSX/") }
        guard !files.isEmpty, !files.contains(where: { $0.name.hasSuffix(".npy") }) else { return nil }
        guard !files.contains(where: { $0.name == "[Content_Types].xml" }) else {
            throw DataError(
                .malformed, "it is an Office document (xlsx, docx), which cannot be read; save the table as CSV")
        }
        guard files.count == 1 else {
            var error = DataError(
                .choice,
                "the zip archive holds \(Visible.grouped(files.count)) files, and it may hold one table: "
                    + Visible.list(files.map(\.name)))
            error.remedy = .unzip
            throw error
        }
        let bytes = try zip.bytes(of: files[0])
        if ZipArchive.begins(bytes) { throw DataError(.malformed, "the zip archive holds another zip archive") }
        return (files[0].name, bytes)
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
        error.zipMember = zipMember
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
