public import BPStore

extension SnapshotReading {
    /// The complete keyframes on the line of a run (the line of its head, or of `segment`), in order of iteration.
    public func keyframes(ofRun number: Int, segment: Int? = nil) throws(RegistryError) -> [KeyframeRecord] {
        try reading { store in
            try Line(ofRun: number, segment: segment, in: store).flatMap { part in
                try store.keyframes.complete(run: part.run, segment: part.segment, upTo: part.last)
                    .map { try KeyframeRecord($0, in: store) }
            }
        }
    }

    /// The keys of the keyframes that a run recorded and whose weights, or some of them, an archive holds.
    package func archivedKeyframes(ofRun number: Int) throws(RegistryError) -> Set<Int> {
        try reading { store in try store.keyframes.archived(ofRun: number) }
    }

    /// A keyframe of either kind on the line at exactly this iteration; a full one if there is one.
    public func keyframe(
        ofRun number: Int, segment: Int? = nil, at iteration: Int
    ) throws(RegistryError) -> KeyframeRecord? {
        try reading { store in
            try Line(ofRun: number, segment: segment, in: store).keyframe(at: iteration, in: store)
        }
    }

    /// The newest full keyframe on the line at `iteration` or before, with its tensors, all read in one transaction.
    /// - Throws: `damaged` if a tensor is missing or does not match its hash.
    package func newestFullKeyframeState(
        ofRun number: Int, segment: Int? = nil, atOrBefore iteration: Int = .max
    ) throws(RegistryError) -> KeyframeState? {
        try reading { store in
            try Line(ofRun: number, segment: segment, in: store).newestFullKeyframe(atOrBefore: iteration, in: store)
                .map { try KeyframeState($0, in: store) }
        }
    }

    /// As `keyframe(ofRun:segment:at:)`, with its tensors, all read in one transaction. A recorder may replace a
    /// keyframe or thin it out at any time, and then its tensors are deleted.
    /// - Throws: `damaged` if a tensor is missing or does not match its hash.
    package func keyframeState(
        ofRun number: Int, segment: Int? = nil, at iteration: Int
    ) throws(RegistryError) -> KeyframeState? {
        try reading { store in
            try Line(ofRun: number, segment: segment, in: store).keyframe(at: iteration, in: store)
                .map { try KeyframeState($0, in: store) }
        }
    }

    /// The bytes of a tensor, checked against their hash. For a keyframe of a run that is alive, read the state
    /// instead: between two calls its tensors may be deleted.
    /// - Throws: `damaged` if there is no such tensor, or if it does not match its hash.
    public func tensor(_ digest: SHA256Digest) throws(RegistryError) -> [UInt8] {
        try reading { store in try store.tensors.bytes(digest) }
    }

    /// A tensor as float32s.
    /// - Throws: as `tensor`.
    public func floats(_ digest: SHA256Digest) throws(RegistryError) -> [Float] {
        [Float](littleEndian: try tensor(digest))
    }
}

/// A keyframe and its tensors.
package struct KeyframeState: Sendable {
    /// The keyframe.
    package let keyframe: KeyframeRecord
    /// Its tensors by name, float32 in canonical order.
    package let tensors: [String: [Float]]

    /// The tensor of this name.
    package subscript(name: String) -> [Float]? { tensors[name] }
}

extension KeyframeState {
    /// Reads all tensors of a keyframe in the transaction that found it, however long a large one takes. This is an
    /// exception to the limit of 250 ms for a read transaction, because the tensors could be deleted between two
    /// transactions.
    fileprivate init(_ keyframe: KeyframeRecord, in store: Store) throws {
        self.keyframe = keyframe
        tensors = Dictionary(
            try keyframe.tensors.map { ($0.name, [Float](littleEndian: try store.tensors.bytes($0.digest))) },
            uniquingKeysWith: { _, last in last })
    }
}

extension KeyframeRecord {
    /// The record of a keyframe's row, with the names of its tensors.
    init(_ row: KeyframeRow, in store: Store) throws {
        self.init(
            id: row.id, run: row.run, segment: row.segment, iteration: row.iteration, epoch: row.epoch, kind: row.kind,
            role: row.role, optimizerStep: row.optimizerStep, bytes: row.bytes, cost: row.cost,
            tensors: try store.keyframes.tensors(of: row), created: row.created)
    }
}

// A segment has keyframes at its iterations and at the one before its first.
extension [LinePart] {
    fileprivate func newestFullKeyframe(atOrBefore iteration: Int, in store: Store) throws -> KeyframeRecord? {
        for part in reversed() {
            let row = try store.keyframes.newestFull(
                run: part.run, segment: part.segment, atOrBefore: Swift.min(iteration, part.last))
            if let row { return try KeyframeRecord(row, in: store) }
        }
        return nil
    }

    /// The complete keyframe on the line at an iteration; a full one if there is one.
    func keyframe(at iteration: Int, in store: Store) throws -> KeyframeRecord? {
        for part in reversed() where iteration <= part.last {
            let rows = try store.keyframes.at(iteration, run: part.run, segment: part.segment)
                .filter { $0.state == .complete }
            if let row = rows.last(where: { $0.kind == .full }) ?? rows.last {
                return try KeyframeRecord(row, in: store)
            }
        }
        return nil
    }
}
