/// A safetensors file that is read: its header was checked, its tensors are read when they are asked for.
public final class SafetensorsFile {
    /// The file.
    public let file: InputFile
    /// What it says of itself.
    public let header: SafetensorsHeader
    /// Where the tensors begin.
    public let dataStart: Int

    /// Opens a file and checks its header.
    /// - Throws: `FileError` (`unreadable`), or `FormatError` (`malformed`).
    public convenience init(_ path: String) throws {
        let file = try InputFile(path)
        try self.init(file)
    }

    /// Checks the header of a file.
    /// - Throws: `FileError` (`unreadable`), or `FormatError` (`malformed`).
    public init(_ file: InputFile) throws {
        self.file = file
        let length = try SafetensorsFile.headerLength(file)
        dataStart = 8 + length
        header = try SafetensorsHeader(
            json: file.bytes(at: 8, count: length), dataCount: file.size - dataStart, file: file.path)
    }

    /// The length of the header, which the first eight bytes tell.
    static func headerLength(_ file: InputFile) throws -> Int {
        func refuse(_ what: String) -> FormatError {
            FormatError(.malformed, file: file.path, what, at: "its first 8 bytes")
        }
        guard file.size >= 8 else {
            throw FormatError(.malformed, file: file.path, "\(file.size) bytes are no safetensors file")
        }
        let first = try file.bytes(at: 0, count: 8)
        let length = first.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(file.size - 8) else {
            throw refuse(
                "the header is said to have \(length) bytes, and the file has \(file.size): no safetensors file, or cut off"
            )
        }
        guard length <= UInt64(SafetensorsHeader.limit) else {
            throw refuse("a header of \(length) bytes is longer than the \(SafetensorsHeader.limit) that are read")
        }
        return Int(length)
    }

    /// Calls `body` with a tensor's bytes, in order, in pieces of at most 1 MiB.
    /// - Throws: `FileError` (`unreadable`), and what `body` throws.
    public func read(_ tensor: SafetensorsTensor, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        let range = tensor.range
        try file.forEachPiece(of: dataStart + range.lowerBound..<dataStart + range.upperBound, body)
    }

    /// All the bytes of a tensor.
    /// - Throws: `FileError` (`unreadable`).
    public func bytes(of tensor: SafetensorsTensor) throws(FileError) -> [UInt8] {
        try file.bytes(at: dataStart + tensor.range.lowerBound, count: tensor.range.count)
    }
}

/// A safetensors file that is written, whole or not at all.
public final class SafetensorsWriter {
    /// What it says of itself.
    public let header: SafetensorsHeader
    /// Where it will be.
    public var path: String { file.path }
    /// Bytes written so far, the header among them.
    public var count: Int { file.count }
    private let file: AtomicFile
    private let end: Int

    /// Begins a file.
    /// - Throws: `FileError`, or `FormatError` (`unsuitable`) where the header is longer than is read again.
    public init(_ path: String, replace: Bool, header: SafetensorsHeader) throws {
        let first = header.encoded()
        guard first.count - 8 <= SafetensorsHeader.limit else {
            throw FormatError(.unsuitable, file: path, "a header of \(first.count) bytes is longer than is read again")
        }
        self.header = header
        file = try AtomicFile(path, replace: replace)
        end = first.count + header.dataCount
        try file.write(first)
    }

    /// The next bytes of the tensors, in the header's order.
    /// - Throws: `FileError`.
    public func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) { try file.write(bytes) }

    /// The next bytes of the tensors, in the header's order.
    /// - Throws: `FileError`.
    public func write(_ bytes: [UInt8]) throws(FileError) { try file.write(bytes) }

    /// Writes over bytes of the header.
    /// - Throws: `FileError`.
    func rewrite(_ bytes: [UInt8], at offset: Int) throws(FileError) { try file.rewrite(bytes, at: offset) }

    /// Gives the file its name.
    /// - Throws: `FileError`, or `FormatError` (`unsuitable`) where the bytes written are not those that the header has.
    public func finish() throws {
        guard file.count == end else {
            throw FormatError(
                .unsuitable, file: file.path, "\(file.count) bytes were written, and the header has \(end)")
        }
        try file.finish()
    }
}
