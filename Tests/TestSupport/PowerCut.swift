/// Cuts the power after every entry of a recording and shows what may then lie on the disk.
///
/// The model: what was synced is there. What was written since is there in any part, by sectors of 512 bytes, in any
/// order. A file that was made or deleted is so after the next sync of the directory; until then it may or may not be.
public struct PowerCut: Sendable {
    private let recording: Recording
    private let seed: UInt64
    private let randomImages: Int

    /// - Parameters:
    ///   - seed: of the random images; print it when a test fails.
    ///   - randomImages: how many random parts of what was not synced to try at each place, beside none and all of it.
    public init(_ recording: Recording, seed: UInt64, randomImages: Int = 2) {
        self.recording = recording
        self.seed = seed
        self.randomImages = randomImages
    }

    /// How much of what was not synced reached the disk.
    public enum Survival: Sendable, Equatable { case nothing, everything, part(UInt64) }

    /// What one power cut left.
    public struct Image: Sendable, CustomStringConvertible {
        /// The entry of the recording after which the power was cut.
        public let entry: Int
        /// How much of what was not synced is there.
        public let survival: Survival
        /// The last number acknowledged before the cut.
        public let acknowledged: Int?
        /// Where the files are.
        public let files: Files

        /// Enough to make it again.
        public var description: String {
            "power cut after entry \(entry), \(survival), acknowledged \(acknowledged ?? 0)"
        }
    }

    /// Calls `body` with each image, whose files lie in `directory`, which is emptied before each.
    /// - Returns: the number of images.
    @discardableResult
    public func forEachImage(in directory: Files, _ body: (Image) throws -> Void) rethrows -> Int {
        var disk = Disk(recording.before)
        var acknowledged: Int?
        var count = 0
        for (index, entry) in recording.entries.enumerated() {
            switch entry {
            case .acknowledged(let number): acknowledged = number
            case .file(let file, let operation): disk.apply(operation, to: recording.names[file])
            }
            var survivals: [Survival] = [.nothing]
            if disk.isUnsynced {
                survivals.append(.everything)
                for number in 0..<randomImages {
                    survivals.append(.part(seed &+ UInt64(index) &* 1_000_003 &+ UInt64(number)))
                }
            }
            for survival in survivals {
                let contents = disk.contents(after: survival)
                for name in directory.names where contents[name] == nil { directory.remove(name) }
                for (name, bytes) in contents { directory.write(bytes, to: name) }
                try body(Image(entry: index, survival: survival, acknowledged: acknowledged, files: directory))
                count += 1
            }
        }
        return count
    }
}

/// A disk behind a cache: what is safe, and what is on its way.
struct Disk {
    private var inodes: [Inode] = []
    /// Inode of each name, as programs see it, and as it is after a cut now.
    private var names: [String: Int] = [:]
    private var safeNames: [String: Int] = [:]
    /// Changes of names since the directory was synced; nil for a deletion.
    private var nameChanges: [(name: String, inode: Int?)] = []

    private struct Inode {
        var safe: [UInt8] = []
        var pending: [Recording.Operation] = []
        var syncsDirectory = false
    }

    init(_ files: [String: [UInt8]]) {
        for (name, bytes) in files {
            names[name] = inodes.count
            inodes.append(Inode(safe: bytes))
        }
        safeNames = names
    }

    var isUnsynced: Bool { !nameChanges.isEmpty || names.values.contains { !inodes[$0].pending.isEmpty } }

    mutating func apply(_ operation: Recording.Operation, to name: String) {
        switch operation {
        case .create(let syncsDirectory):
            names[name] = inodes.count
            nameChanges.append((name, inodes.count))
            inodes.append(Inode(syncsDirectory: syncsDirectory))
        case .delete(let syncsDirectory):
            names[name] = nil
            nameChanges.append((name, nil))
            if syncsDirectory { syncDirectory() }
        case .write, .truncate:
            if let inode = names[name] { inodes[inode].pending.append(operation) }
        case .sync:
            guard let inode = names[name] else { return }
            for operation in inodes[inode].pending { Disk.apply(operation, to: &inodes[inode].safe) }
            inodes[inode].pending = []
            if inodes[inode].syncsDirectory { syncDirectory() }
            inodes[inode].syncsDirectory = false
        }
    }

    private mutating func syncDirectory() {
        safeNames = names
        nameChanges = []
    }

    /// The files after a cut now.
    func contents(after survival: PowerCut.Survival) -> [String: [UInt8]] {
        switch survival {
        case .nothing: return safeNames.mapValues { inodes[$0].safe }
        case .everything:
            return names.mapValues { inode in
                inodes[inode].pending.reduce(into: inodes[inode].safe) { Disk.apply($1, to: &$0) }
            }
        case .part(let seed):
            var generator = SplitMix64(seed)
            var left = safeNames
            for change in nameChanges where generator.coin() { left[change.name] = change.inode }
            // In order of name: a dictionary's own order is not the same in every process.
            return Dictionary(
                uniqueKeysWithValues: left.sorted { $0.key < $1.key }.map { name, inode in
                    (name, Disk.torn(inodes[inode].safe, inodes[inode].pending, &generator))
                })
        }
    }

    private static func torn(
        _ safe: [UInt8], _ pending: [Recording.Operation], _ generator: inout SplitMix64
    ) -> [UInt8] {
        var bytes = safe
        for operation in pending {
            guard case .write(let offset, let written) = operation else {
                if generator.coin() { apply(operation, to: &bytes) }
                continue
            }
            var start = 0
            while start < written.count {
                let end = min(written.count, start + 512 - (offset + start) % 512)
                if generator.coin() { write(written[start..<end], at: offset + start, to: &bytes) }
                start = end
            }
        }
        return bytes
    }

    private static func apply(_ operation: Recording.Operation, to bytes: inout [UInt8]) {
        switch operation {
        case .write(let offset, let written): write(written[...], at: offset, to: &bytes)
        case .truncate(let size) where size < bytes.count: bytes.removeSubrange(size...)
        case .truncate(let size): bytes += [UInt8](repeating: 0, count: size - bytes.count)
        default: break
        }
    }

    private static func write(_ written: ArraySlice<UInt8>, at offset: Int, to bytes: inout [UInt8]) {
        let end = offset + written.count
        // An array, and not `repeatElement`: appended in one piece in a debug build too.
        if end > bytes.count { bytes += [UInt8](repeating: 0, count: end - bytes.count) }
        bytes.withUnsafeMutableBytes { target in
            written.withUnsafeBytes { source in
                guard let target = target.baseAddress, let source = source.baseAddress else { return }
                (target + offset).copyMemory(from: source, byteCount: written.count)
            }
        }
    }
}
