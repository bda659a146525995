/// A safetensors file that is written, whole or not at all.
package final class SafetensorsWriter {
    /// What it says of itself.
    package let header: SafetensorsHeader
    /// Where it will be.
    package var path: String { file.path }
    /// Bytes written so far, the header among them.
    package var count: Int { file.count }
    private let file: AtomicFile
    private let end: Int

    /// Begins a file.
    /// - Throws: `FileError`, or `FormatError` (`unsuitable`) where the header is longer than is read again.
    package init(_ path: String, replace: Bool, header: SafetensorsHeader) throws {
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
    package func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) { try file.write(bytes) }

    /// The next bytes of the tensors, in the header's order.
    /// - Throws: `FileError`.
    package func write(_ bytes: [UInt8]) throws(FileError) { try file.write(bytes) }

    /// Writes over bytes of the header.
    /// - Throws: `FileError`.
    func rewrite(_ bytes: [UInt8], at offset: Int) throws(FileError) { try file.rewrite(bytes, at: offset) }

    /// Gives the file its name.
    /// - Throws: `FileError`, or `FormatError` (`unsuitable`) where the bytes written are not those that the header has.
    package func finish() throws {
        guard file.count == end else {
            throw FormatError(
                .unsuitable, file: file.path, "\(file.count) bytes were written, and the header has \(end)")
        }
        try file.finish()
    }
}
