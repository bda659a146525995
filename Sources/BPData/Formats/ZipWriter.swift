/// Writes a zip archive of stored members. The same members give the same bytes: no clock is asked.
package struct ZipWriter {
    private var bytes: [UInt8] = []
    private var directory: [UInt8] = []
    private var names: Set<String> = []
    /// 1 January 1980, the first day that the format knows.
    private static let date: UInt32 = 0x0021_0000

    /// An archive without members.
    package init() {}

    /// Adds a member.
    /// - Throws: `DataError` (`unusable`) for a name that stands already, is empty or too long, or beyond 4 GiB in all.
    package mutating func add(_ name: String, _ content: [UInt8]) throws(DataError) {
        let utf8 = Array(name.utf8)
        guard !utf8.isEmpty, utf8.count <= 0xFFFF, names.insert(name).inserted else {
            throw DataError(.unusable, "no member can have this name, or another has it", value: Visible.text(name))
        }
        let total = bytes.count + content.count + directory.count + 2 * utf8.count + 128
        guard names.count < 0xFFFF, total < 0xFFFF_FFFF else {
            throw DataError(.unusable, "an archive above 4 GiB, or of more than 65,534 members, is not written")
        }
        let offset = bytes.count
        // Version 2.0, names in UTF-8, stored.
        var common: [UInt8] = []
        common.append(20 as UInt16, 0x0800, 0)
        common.append(ZipWriter.date, ZipArchive.crc(content), UInt32(content.count), UInt32(content.count))
        common.append(UInt16(utf8.count), 0)
        bytes.append(ZipDirectory.headerSignature)
        bytes += common + utf8 + content
        directory.append(ZipDirectory.entrySignature)
        directory.append(20 as UInt16)
        directory += common
        directory.append(0 as UInt16, 0, 0)
        directory.append(0 as UInt32, UInt32(offset))
        directory += utf8
    }

    /// The whole archive.
    package func finished() -> [UInt8] {
        var end: [UInt8] = []
        end.append(ZipDirectory.endSignature)
        end.append(0 as UInt16, 0, UInt16(names.count), UInt16(names.count))
        end.append(UInt32(directory.count), UInt32(bytes.count))
        end.append(0 as UInt16)
        return bytes + directory + end
    }
}

extension [UInt8] {
    /// Adds numbers, little-endian.
    fileprivate mutating func append<Number: FixedWidthInteger>(_ numbers: Number...) {
        for number in numbers { Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) } }
    }
}
