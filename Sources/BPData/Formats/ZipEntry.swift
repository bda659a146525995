/// One entry of a zip archive's central directory, as it is written.
struct ZipEntry {
    private let flags: UInt16
    private let method: UInt16
    private let crc: UInt32
    private let name: [UInt8]
    private var size: Int
    private var compressedSize: Int
    private var offset: Int
    private let isWhole: Bool

    /// The entry at the reader's position; nil if there is none.
    init?(_ reader: inout ByteReader) {
        guard reader.next(UInt32.self) == ZipDirectory.entrySignature, reader.take(4) != nil,
            let flags = reader.next(UInt16.self), let method = reader.next(UInt16.self), reader.take(4) != nil,
            let crc = reader.next(UInt32.self), let compressedSize = reader.int(UInt32.self),
            let size = reader.int(UInt32.self), let nameLength = reader.int(UInt16.self),
            let extraLength = reader.int(UInt16.self), let commentLength = reader.int(UInt16.self),
            let disk = reader.next(UInt16.self), reader.take(6) != nil, let offset = reader.int(UInt32.self),
            let name = reader.take(nameLength), let extra = reader.take(extraLength),
            reader.take(commentLength) != nil
        else { return nil }
        (self.flags, self.method, self.crc) = (flags, method, crc)
        (self.size, self.compressedSize, self.offset) = (size, compressedSize, offset)
        self.name = Array(reader.bytes[name])
        isWhole = disk == 0
        guard size == 0xFFFF_FFFF || compressedSize == 0xFFFF_FFFF || offset == 0xFFFF_FFFF else { return }
        guard widen(ByteReader(UnsafeRawBufferPointer(rebasing: reader.bytes[extra]))) else { return nil }
    }

    /// Takes the 64-bit numbers from extra field 1, in their order, for those that 32 bits do not hold.
    private mutating func widen(_ extra: ByteReader) -> Bool {
        var extra = extra
        while let kind = extra.next(UInt16.self), let length = extra.int(UInt16.self), let range = extra.take(length) {
            guard kind == 1 else { continue }
            var numbers = ByteReader(UnsafeRawBufferPointer(rebasing: extra.bytes[range]))
            for path in [\ZipEntry.size, \ZipEntry.compressedSize, \ZipEntry.offset]
            where self[keyPath: path] == 0xFFFF_FFFF {
                guard let number = numbers.int(UInt64.self) else { return false }
                self[keyPath: path] = number
            }
            return true
        }
        return false
    }

    /// The member that it describes.
    /// - Throws: `DataError` (`malformed`) for what is not supported, or cannot be.
    func member() throws(DataError) -> ZipArchive.Member {
        let shown = Visible.bytes(name)
        func refuse(_ message: String) -> DataError { DataError(.malformed, message).inMember(shown) }
        guard !name.isEmpty, name.withUnsafeBytes({ TextCheck.firstFault(in: $0) }) == nil else {
            throw refuse("its name is no UTF-8 text")
        }
        // Encrypted, with strong encryption, or with a masked header.
        guard flags & 0x2041 == 0 else { throw refuse("it is encrypted") }
        guard method == 0 || method == 8 else {
            throw refuse("it is compressed by method \(method); stored and deflated members can be read")
        }
        guard isWhole else { throw refuse("it lies in another part of the archive") }
        let isDeflated = method == 8
        let (most, overflow) = compressedSize.multipliedReportingOverflow(by: Inflater.largestRatio)
        guard isDeflated ? (overflow || size <= most) : size == compressedSize else {
            throw refuse(
                "it claims \(Visible.count(size, "byte")), which its \(Visible.grouped(compressedSize)) cannot hold")
        }
        return ZipArchive.Member(
            name: String(decoding: name, as: UTF8.self), size: size, compressedSize: compressedSize,
            isDeflated: isDeflated, crc: crc, headerOffset: offset)
    }
}
