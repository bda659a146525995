/// Little-endian numbers of a file, none of them read beyond its end.
struct ByteReader {
    let bytes: UnsafeRawBufferPointer
    private(set) var position: Int

    init(_ bytes: UnsafeRawBufferPointer, at position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }

    /// The next number, or nil where the bytes end before.
    mutating func next<Number: FixedWidthInteger>(_: Number.Type = Number.self) -> Number? {
        guard let range = take(MemoryLayout<Number>.size) else { return nil }
        return Number(littleEndian: bytes.loadUnaligned(fromByteOffset: range.lowerBound, as: Number.self))
    }

    /// The next number as an Int, or nil where the bytes end before or it is no Int.
    mutating func int<Number: FixedWidthInteger>(_ type: Number.Type) -> Int? {
        guard let number = next(type) else { return nil }
        return Int(exactly: number)
    }

    /// The range of the next `count` bytes, or nil where there are not as many.
    mutating func take(_ count: Int) -> Range<Int>? {
        guard count >= 0, position >= 0, position <= bytes.count, count <= bytes.count - position else { return nil }
        defer { position += count }
        return position..<position + count
    }
}
