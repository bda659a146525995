import CZlib

/// Reads zip archives (PKWARE's APPNOTE): stored and deflated members, and the 64-bit sizes that NumPy writes.
///
/// The central directory rules; each member's own header must agree with it. Refused are encryption, split archives,
/// members that share bytes, names that stand twice, and sizes that cannot be: before anything is inflated.
package struct ZipArchive: Sendable {
    /// A file in the archive.
    package struct Member: Sendable, Hashable {
        /// Its name. It is never used as a path.
        package let name: String
        /// Its bytes once inflated.
        package let size: Int
        let compressedSize: Int
        let isDeflated: Bool
        let crc: UInt32
        let headerOffset: Int
        /// Where its compressed bytes lie.
        var data: Range<Int> = 0..<0
    }

    /// What it holds, in the order of its directory.
    package let members: [Member]
    private let bytes: [UInt8]

    /// Whether the bytes begin as a zip archive does, an empty one too.
    package static func begins(_ bytes: some Collection<UInt8>) -> Bool {
        bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) || bytes.starts(with: [0x50, 0x4B, 0x05, 0x06])
    }

    /// Reads the directory.
    /// - Throws: `DataError` (`malformed`) with the member it is about.
    package init(_ bytes: [UInt8]) throws(DataError) {
        members = try bytes.withUnsafeBufferPointer { buffer throws(DataError) in
            let raw = UnsafeRawBufferPointer(buffer)
            let directory = try ZipDirectory(raw)
            return try ZipArchive.placed(try directory.entries(raw), before: directory.range.lowerBound, in: raw)
        }
        self.bytes = bytes
    }

    /// The member of this name, or nil.
    package func member(_ name: String) -> Member? { members.first { $0.name == name } }

    /// A member's bytes, checked against its CRC.
    /// - Parameter limit: the most bytes it may have; half of physical memory unless said.
    /// - Throws: `DataError` (`malformed`) if they are damaged or do not have the size that the directory tells.
    package func bytes(of member: Member, limit: Int? = nil) throws(DataError) -> [UInt8] {
        do throws(DataError) {
            let limit = limit ?? Memory.inflationLimit
            guard member.size <= limit else {
                throw DataError(
                    .malformed,
                    "it claims \(Visible.grouped(member.size)) bytes, more than the \(Visible.grouped(limit)) that it may have"
                )
            }
            let content = member.isDeflated ? try inflated(member) : Array(bytes[member.data])
            guard ZipArchive.crc(content) == member.crc else {
                throw DataError(.malformed, "its bytes do not fit their CRC: the archive is damaged")
            }
            return content
        } catch { throw error.inMember(member.name) }
    }

    /// The first bytes of a member, at most `count`; fewer where it is shorter or damaged.
    func prefix(of member: Member, _ count: Int) -> [UInt8] {
        guard member.isDeflated else { return Array(bytes[member.data].prefix(count)) }
        return bytes.withUnsafeBufferPointer { all in
            [UInt8](unsafeUninitializedCapacity: count) { buffer, written in
                let input = UnsafeBufferPointer(rebasing: all[member.data])
                written = (try? Inflater(.raw).read(input, into: buffer)) ?? 0
            }
        }
    }

    private func inflated(_ member: Member) throws(DataError) -> [UInt8] {
        let inflater = try Inflater(.raw)
        // One byte more than is claimed shows what is longer.
        var failure: DataError?
        let content = bytes.withUnsafeBufferPointer { all in
            let input = UnsafeBufferPointer(rebasing: all[member.data])
            return [UInt8](unsafeUninitializedCapacity: member.size + 1) { buffer, count in
                let room = UnsafeMutableBufferPointer(rebasing: buffer[..<(member.size + 1)])
                do throws(DataError) { count = try inflater.read(input, into: room) } catch { failure = error }
            }
        }
        if let failure { throw failure }
        guard inflater.hasEnded, content.count == member.size, inflater.consumed == member.compressedSize else {
            throw DataError(
                .malformed, "its compressed data are not the \(Visible.grouped(member.size)) bytes that are claimed")
        }
        return content
    }

    /// Finds each member's data behind its own header, and refuses members that share bytes.
    private static func placed(
        _ entries: [Member], before end: Int, in raw: UnsafeRawBufferPointer
    ) throws(DataError) -> [Member] {
        var members = entries
        for index in members.indices {
            do throws(DataError) {
                members[index].data = try ZipDirectory.data(of: members[index], before: end, in: raw)
            } catch { throw error.inMember(members[index].name) }
        }
        var free = 0
        for member in members.sorted(by: { $0.headerOffset < $1.headerOffset }) {
            guard member.headerOffset >= free else {
                throw DataError(.malformed, "it shares bytes with another member").inMember(member.name)
            }
            free = member.data.upperBound
        }
        return members
    }

    static func crc(_ bytes: [UInt8]) -> UInt32 {
        bytes.withUnsafeBufferPointer { UInt32(truncatingIfNeeded: crc32_z(0, $0.baseAddress, $0.count)) }
    }
}
