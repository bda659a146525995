public import BPStore
import BPSQLite

extension Registry {
    /// The complete keyframes on the line of a run (of its head, or of `segment`), in order of iteration.
    public func keyframes(ofRun number: Int, segment: Int? = nil) throws(RegistryError) -> [KeyframeRecord] {
        try reading { store in
            try store.line(ofRun: number, segment: segment).flatMap { part in
                try store.keyframes(of: part, "ORDER BY iteration, id")
            }
        }
    }

    /// A keyframe of either kind on the line at exactly this iteration; a full one where there is one.
    public func keyframe(
        ofRun number: Int, segment: Int? = nil, at iteration: Int
    ) throws(RegistryError) -> KeyframeRecord? {
        try reading { store in try store.keyframe(number, segment, at: iteration) }
    }

    /// The newest full keyframe on the line at `iteration` or before, with its tensors, all of one transaction.
    /// - Throws: `damaged` when a tensor is missing or does not fit its hash.
    package func newestFullKeyframeState(
        ofRun number: Int, segment: Int? = nil, atOrBefore iteration: Int = .max
    ) throws(RegistryError) -> KeyframeState? {
        try reading { store in
            try store.newestFullKeyframe(number, segment, atOrBefore: iteration).map { try store.state($0) }
        }
    }

    /// As `keyframe(ofRun:segment:at:)`, with its tensors, all of one transaction: a recorder may replace or thin a
    /// keyframe at any time, and then its tensors are gone.
    /// - Throws: `damaged` when a tensor is missing or does not fit its hash.
    package func keyframeState(
        ofRun number: Int, segment: Int? = nil, at iteration: Int
    ) throws(RegistryError) -> KeyframeState? {
        try reading { store in try store.keyframe(number, segment, at: iteration).map { try store.state($0) } }
    }

    /// The bytes of a tensor, checked against their hash. Of a keyframe of a run that is alive, ask for the state
    /// instead: between two calls its tensors may go.
    /// - Throws: `damaged` when there is no such tensor, or when it does not fit.
    public func tensor(_ digest: SHA256Digest) throws(RegistryError) -> [UInt8] {
        try reading { store in try store.tensorBytes(digest) }
    }

    /// A tensor as float32s.
    /// - Throws: as `tensor`.
    public func floats(_ digest: SHA256Digest) throws(RegistryError) -> [Float] {
        [Float](littleEndian: try tensor(digest))
    }
}

/// A keyframe and what it holds.
package struct KeyframeState: Sendable {
    /// The keyframe.
    package let keyframe: KeyframeRecord
    /// Its tensors by name, float32 in canonical order.
    package let tensors: [String: [Float]]

    /// The tensor of this name.
    package subscript(name: String) -> [Float]? { tensors[name] }
}

extension Store {
    fileprivate func newestFullKeyframe(
        _ run: Int, _ segment: Int?, atOrBefore iteration: Int
    ) throws -> KeyframeRecord? {
        try newest(run, segment, "AND kind = 'full' AND iteration <= ?", iteration)
    }

    fileprivate func keyframe(_ run: Int, _ segment: Int?, at iteration: Int) throws -> KeyframeRecord? {
        try newest(run, segment, "AND iteration = ?", iteration)
    }

    private func newest(
        _ run: Int, _ segment: Int?, _ condition: String, _ iteration: Int
    ) throws -> KeyframeRecord? {
        for part in try line(ofRun: run, segment: segment).reversed() {
            let found = try keyframes(
                of: part, condition + " ORDER BY iteration DESC, kind, id DESC LIMIT 1", [iteration])
            if let keyframe = found.first { return keyframe }
        }
        return nil
    }

    /// All tensors of a keyframe. Read in the transaction that found it, however long a large one takes: this is the
    /// exception to the 250 ms that a reading transaction may last, since between two the tensors could go.
    fileprivate func state(_ keyframe: KeyframeRecord) throws -> KeyframeState {
        var tensors: [String: [Float]] = [:]
        for tensor in keyframe.tensors {
            tensors[tensor.name] = [Float](littleEndian: try tensorBytes(tensor.digest))
        }
        return KeyframeState(keyframe: keyframe, tensors: tensors)
    }
    /// Complete keyframes on a part of a line, which stand at its iterations or at the one before the first.
    func keyframes(
        of part: LinePart, _ clause: String, _ bindings: [any SQLiteBindable] = []
    ) throws -> [KeyframeRecord] {
        let rows = try rows(
            .keyframe, "WHERE run = ? AND segment = ? AND state = 'complete' AND iteration <= \(part.last) \(clause)",
            [part.run, part.segment] + bindings)
        return try rows.map { try keyframe($0) }
    }

    func keyframe(_ row: TableRow) throws -> KeyframeRecord {
        KeyframeRecord(
            id: try row.int("id"), run: try row.int("run"), segment: try row.int("segment"),
            iteration: try row.int("iteration"), epoch: try row.int("epoch"), kind: try row.choice("kind"),
            role: try row.choice("role"), optimizerStep: try row.int("optimizer_step"),
            bytes: try row.int("bytes"), cost: try row.real("cost"),
            tensors: try tensorNames(of: row, .keyframeTensor), created: try row.int64("created"))
    }

    /// The tensors that a keyframe or version names, by name.
    func tensorNames(of row: TableRow, _ table: SealedTable) throws -> [TensorName] {
        let rows = try rows(table, "WHERE \(table.columns[0]) = ? ORDER BY name", [row["id"]])
        guard try rows.count == row.int("tensors") else {
            throw damaged("\(row.table.name) \(row.keyText)", "\(rows.count) tensors, its row tells another number")
        }
        return try rows.map { TensorName(name: try $0.text("name"), digest: try $0.digest("tensor")) }
    }
}
