import CSQLite

/// The state of the write-ahead log that all connections share: the header of its index
/// (https://www.sqlite.org/walformat.html, WAL-Index File Format). It changes with each commit and checkpoint.
struct LogState: Equatable {
    /// The two salts of the log, as bytes of its header. The log is begun anew with others.
    let salts: UInt64
    /// Frames of committed pages.
    let frames: Int
    /// Bytes of a page.
    let pageSize: Int
    /// The checksum of all these frames, as the last of them has it.
    let checksum: (UInt32, UInt32)
    /// Frames that are in the file.
    let moved: UInt32
    /// Frames that the last checkpoint began to move.
    let attempted: UInt32

    /// nil if the index is blank, is being written, or has another format.
    init?(_ index: UnsafeRawPointer) {
        // Two copies, written one after the other: if they agree, they are whole.
        let words = (0..<34).map { index.load(fromByteOffset: $0 * 4, as: UInt32.self) }
        guard words[0] == 3_007_000, words[..<12] == words[12..<24] else { return nil }
        let size = Int(index.load(fromByteOffset: 14, as: UInt16.self))
        pageSize = size & 0xFE00 | (size & 1) << 16
        frames = Int(words[4])
        checksum = (words[6], words[7])
        salts = index.load(fromByteOffset: 32, as: UInt64.self)
        (moved, attempted) = (words[24], words[32])
        // isInit
        guard index.load(fromByteOffset: 12, as: UInt8.self) != 0, pageSize >= 512 else { return nil }
    }

    static func == (left: LogState, right: LogState) -> Bool {
        left.salts == right.salts && left.frames == right.frames && left.checksum == right.checksum
            && left.moved == right.moved && left.attempted == right.attempted
    }

    /// Whether the log holds the committed frames: its length, the salts of its header, and salts and checksum of the last
    /// frame, which follows from all that are before it.
    func isHeld(by log: OpenFile) -> Bool {
        guard frames > 0 else { return true }
        let frame = 24 + pageSize
        guard let size = log.size, size >= 32 + frames * frame, let header = log.bytes(32, at: 0),
            let last = log.bytes(24, at: 32 + (frames - 1) * frame)
        else { return false }
        let sums = [16, 20].map { offset in last[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } }
        return LogState.salts(header, 16) == salts && LogState.salts(last, 8) == salts
            && sums == [checksum.0, checksum.1]
    }

    /// Whether the log is the one that has these salts, whatever it holds.
    func isBegun(in log: OpenFile) -> Bool { log.bytes(32, at: 0).map { LogState.salts($0, 16) } == salts }

    private static func salts(_ bytes: [UInt8], _ offset: Int) -> UInt64 {
        bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self) }
    }

    /// Whether a checkpoint may have written to the file between `earlier` and this state.
    func mayHaveMoved(since earlier: LogState) -> Bool {
        salts != earlier.salts || attempted != earlier.attempted || earlier.moved != earlier.attempted
    }
}
