/// An array in IDX, the format of MNIST: two zero bytes, the type of the values, the number of dimensions, their sizes
/// as u32, then the values, all big endian and in C order.
struct IDXArray {
    let shape: [Int]
    let element: ArrayElement
    let bytes: [UInt8]
    /// Where the values begin.
    let dataOffset: Int

    private static let elements: [UInt8: ArrayElement] = [
        0x08: ArrayElement(.unsigned, size: 1), 0x09: ArrayElement(.signed, size: 1),
        0x0B: ArrayElement(.signed, size: 2, isBigEndian: true),
        0x0C: ArrayElement(.signed, size: 4, isBigEndian: true),
        0x0D: ArrayElement(.float, size: 4, isBigEndian: true),
        0x0E: ArrayElement(.float, size: 8, isBigEndian: true),
    ]

    /// Whether the bytes begin as an IDX file does: no text has a zero byte.
    static func begins(_ bytes: some Collection<UInt8>) -> Bool {
        let head = Array(bytes.prefix(4))
        return head.count == 4 && head[0] == 0 && head[1] == 0 && elements[head[2]] != nil && (1...32).contains(head[3])
    }

    /// Reads a file's bytes.
    /// - Throws: `DataError` (`malformed`) for a header that cannot be, or sizes that do not need exactly the bytes that
    ///   are there.
    init(_ bytes: [UInt8]) throws(DataError) {
        guard let size = IDXArray.size(of: bytes) else {
            throw DataError(.malformed, "it does not begin as an IDX file does: 0, 0, type, dimensions, their sizes")
        }
        (shape, element, dataOffset) = (size.shape, size.element, 4 + 4 * size.shape.count)
        guard size.total == bytes.count else {
            throw DataError(
                .malformed,
                "its sizes \(Visible.shape(shape)) need "
                    + "\(size.total.map { Visible.count($0, "byte") } ?? "more bytes than there can be") with the header, "
                    + "and it has \(Visible.grouped(bytes.count))")
        }
        self.bytes = bytes
    }

    /// What the header says; nil if it is none. The total is nil where it cannot be.
    static func size(of bytes: [UInt8]) -> (shape: [Int], element: ArrayElement, total: Int?)? {
        guard begins(bytes), let element = elements[bytes[2]], bytes.count >= 4 + 4 * Int(bytes[3]) else { return nil }
        let shape = (1...Int(bytes[3])).map { axis in bytes[4 * axis..<4 * axis + 4].reduce(0) { $0 << 8 | Int($1) } }
        let header = 4 + 4 * shape.count
        let total = NPYArray.byteCount(shape, element.size).flatMap { values -> Int? in
            let (total, overflow) = values.addingReportingOverflow(header)
            return overflow ? nil : total
        }
        return (shape, element, total)
    }
}
