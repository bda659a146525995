/// The central directory of a zip archive.
struct ZipDirectory {
    /// Where its entries lie.
    let range: Range<Int>
    private let count: Int

    static let endSignature: UInt32 = 0x0605_4B50
    static let entrySignature: UInt32 = 0x0201_4B50
    static let headerSignature: UInt32 = 0x0403_4B50
    private static let end64Signature: UInt32 = 0x0606_4B50
    private static let locatorSignature: UInt32 = 0x0706_4B50
    private static let endSize = 22

    /// Finds it by the record at the end of the file.
    init(_ raw: UnsafeRawBufferPointer) throws(DataError) {
        guard let position = ZipDirectory.endRecord(raw) else {
            throw DataError(.malformed, "the zip archive has no directory at its end: it is cut off, or no archive")
        }
        var reader = ByteReader(raw, at: position + 4)
        let disks = (reader.next(UInt16.self), reader.next(UInt16.self))
        let counts = (reader.int(UInt16.self), reader.int(UInt16.self))
        guard var size = reader.int(UInt32.self), var offset = reader.int(UInt32.self), var count = counts.1,
            disks.0 == 0, disks.1 == 0, counts.0 == count
        else { throw DataError(.malformed, "the zip archive is in several parts") }
        var end = position
        if count == 0xFFFF || size == 0xFFFF_FFFF || offset == 0xFFFF_FFFF {
            (count, size, offset, end) = try ZipDirectory.wide(raw, before: position)
        }
        guard offset >= 0, size >= 0, offset <= end, size == end - offset, count <= size / 46 else {
            throw DataError(.malformed, "the zip archive's directory is not at the place that its end record states")
        }
        range = offset..<end
        self.count = count
    }

    /// Where the end record begins: its comment reaches to the end of the file.
    private static func endRecord(_ raw: UnsafeRawBufferPointer) -> Int? {
        let last = raw.count - endSize
        guard last >= 0 else { return nil }
        for position in stride(from: last, through: max(0, last - 0xFFFF), by: -1) {
            var reader = ByteReader(raw, at: position)
            guard reader.next(UInt32.self) == endSignature else { continue }
            var comment = ByteReader(raw, at: position + 20)
            if comment.int(UInt16.self) == raw.count - position - endSize { return position }
        }
        return nil
    }

    /// The 64-bit end record, which its locator before the end record names.
    private static func wide(
        _ raw: UnsafeRawBufferPointer, before position: Int
    ) throws(DataError) -> (count: Int, size: Int, offset: Int, end: Int) {
        let fault = DataError(.malformed, "the zip archive's 64-bit end record is damaged")
        var locator = ByteReader(raw, at: position - 20)
        guard locator.next(UInt32.self) == locatorSignature, locator.next(UInt32.self) == 0,
            let end = locator.int(UInt64.self), locator.next(UInt32.self) == 1
        else { throw fault }
        var record = ByteReader(raw, at: end)
        guard record.next(UInt32.self) == end64Signature, record.int(UInt64.self) == position - 20 - end - 12,
            record.take(4) != nil, record.next(UInt32.self) == 0, record.next(UInt32.self) == 0,
            let here = record.int(UInt64.self), let count = record.int(UInt64.self), here == count,
            let size = record.int(UInt64.self), let offset = record.int(UInt64.self)
        else { throw fault }
        return (count, size, offset, end)
    }

    /// The members that it lists.
    func entries(_ raw: UnsafeRawBufferPointer) throws(DataError) -> [ZipArchive.Member] {
        var reader = ByteReader(UnsafeRawBufferPointer(rebasing: raw[..<range.upperBound]), at: range.lowerBound)
        var members: [ZipArchive.Member] = []
        var names: Set<String> = []
        for number in 0..<count {
            guard let entry = ZipEntry(&reader) else {
                throw DataError(.malformed, "entry \(number + 1) of the zip archive's directory is damaged")
            }
            let member = try entry.member()
            guard names.insert(member.name).inserted else {
                throw DataError(.malformed, "the archive has two members of this name").inMember(member.name)
            }
            members.append(member)
        }
        guard reader.position == range.upperBound else {
            throw DataError(.malformed, "the zip archive's directory has bytes after its last entry")
        }
        return members
    }

    /// The range of a member's compressed bytes: its own header must name what the directory names.
    static func data(
        of member: ZipArchive.Member, before end: Int, in raw: UnsafeRawBufferPointer
    ) throws(DataError) -> Range<Int> {
        var reader = ByteReader(UnsafeRawBufferPointer(rebasing: raw[..<end]), at: member.headerOffset)
        guard reader.next(UInt32.self) == headerSignature, reader.take(2) != nil, let flags = reader.next(UInt16.self),
            let method = reader.next(UInt16.self), reader.take(4 + 12) != nil,
            let nameLength = reader.int(UInt16.self), let extraLength = reader.int(UInt16.self),
            let name = reader.take(nameLength), flags & 0x2041 == 0, method == (member.isDeflated ? 8 : 0),
            raw[name].elementsEqual(member.name.utf8)
        else { throw DataError(.malformed, "its header is damaged, or not what the directory says") }
        guard reader.take(extraLength) != nil, let data = reader.take(member.compressedSize) else {
            throw DataError(.malformed, "it reaches beyond the archive's end")
        }
        return data
    }
}
