import BPSQLite

/// A stored state of a run.
package struct KeyframeRow: Sendable, Equatable {
    package var id: Int
    package var run: Int
    package var segment: Int
    package var attempt: Int
    package var iteration: Int
    package var epoch: Int
    package var kind: KeyframeKind
    package var role: KeyframeRole
    package var state: State
    package var optimizerStep: Int
    package var tensors: Int
    package var bytes: Int
    /// Seconds spent on writing.
    package var cost: Double
    package var created: Int64

    /// Whether all its tensors are written.
    package enum State: String, Sendable {
        case pending, complete
    }

    package init(
        id: Int, run: Int, segment: Int, attempt: Int, iteration: Int, epoch: Int, kind: KeyframeKind,
        role: KeyframeRole, state: State, optimizerStep: Int, tensors: Int, bytes: Int, cost: Double, created: Int64
    ) {
        self.id = id
        self.run = run
        self.segment = segment
        self.attempt = attempt
        self.iteration = iteration
        self.epoch = epoch
        self.kind = kind
        self.role = role
        self.state = state
        self.optimizerStep = optimizerStep
        self.tensors = tensors
        self.bytes = bytes
        self.cost = cost
        self.created = created
    }
}

extension KeyframeRow: TensorOwner {
    package static let links = SealedTable.tensorLinks(from: "keyframe")

    package static let table = SealedTable(
        "keyframe", key: ["id"],
        [
            "run", "segment", "attempt", "iteration", "epoch", "kind", "role", "state", "optimizer_step", "tensors",
            "bytes", "cost", "created",
        ],
        counts: [.tensorLinks(from: "keyframe")])

    package init(_ columns: inout ColumnReader) throws {
        id = try columns.next()
        run = try columns.next()
        segment = try columns.next()
        attempt = try columns.next()
        iteration = try columns.next()
        epoch = try columns.next()
        kind = try columns.next()
        role = try columns.next()
        state = try columns.next()
        optimizerStep = try columns.next()
        tensors = try columns.next()
        bytes = try columns.next()
        cost = try columns.next()
        created = try columns.next()
    }

    package func write(to columns: inout ColumnWriter) {
        columns.add(id)
        columns.add(run)
        columns.add(segment)
        columns.add(attempt)
        columns.add(iteration)
        columns.add(epoch)
        columns.add(kind)
        columns.add(role)
        columns.add(state)
        columns.add(optimizerStep)
        columns.add(tensors)
        columns.add(bytes)
        columns.add(cost)
        columns.add(created)
    }
}

/// The reads and writes of table `keyframe`.
package struct KeyframeTable {
    let store: Store

    private var links: TensorLinkTable<KeyframeRow> { TensorLinkTable(store: store) }

    /// The row of this key; nil if there is none.
    package func find(_ id: Int) throws -> KeyframeRow? { try store.find([id.stored]) }

    /// The keyframes at an iteration of a segment, pending ones too, in the order of their keys.
    package func at(_ iteration: Int, run: Int, segment: Int) throws -> [KeyframeRow] {
        try store.rows("WHERE run = ? AND segment = ? AND iteration = ? ORDER BY id", [run, segment, iteration])
    }

    /// All keyframes of a run, complete or not, in the order in which they were begun.
    package func all(ofRun run: Int) throws -> [KeyframeRow] { try store.rows("WHERE run = ? ORDER BY id", [run]) }

    /// The complete keyframes of a segment up to an iteration, in order; all of them, or those with one role.
    package func complete(
        run: Int, segment: Int, upTo iteration: Int, role: KeyframeRole? = nil
    ) throws -> [KeyframeRow] {
        try store.rows(
            """
            WHERE run = ? AND segment = ? AND state = 'complete' AND iteration <= ? AND role = coalesce(?, role)
            ORDER BY iteration, id
            """, [run, segment, iteration, role?.rawValue])
    }

    /// The newest complete keyframe of a segment at an iteration or before, from which training can continue.
    package func newestFull(run: Int, segment: Int, atOrBefore iteration: Int) throws -> KeyframeRow? {
        try store.first(
            """
            WHERE run = ? AND segment = ? AND state = 'complete' AND kind = 'full' AND iteration <= ?
            ORDER BY iteration DESC, id DESC
            """, [run, segment, iteration])
    }

    /// The first complete keyframe of this kind of a run.
    package func first(ofRun run: Int, kind: KeyframeKind) throws -> KeyframeRow? {
        try store.first(
            "WHERE run = ? AND state = 'complete' AND kind = ? ORDER BY segment, iteration, id",
            [run, kind.rawValue])
    }

    /// The keyframes of a run of which an archive holds a tensor in its place.
    package func archived(ofRun run: Int) throws -> Set<Int> {
        Set(
            try store.connection.all(
                """
                SELECT DISTINCT t.keyframe FROM archived_tensor AS a JOIN keyframe_tensor AS t ON t.tensor = a.tensor
                    JOIN keyframe ON keyframe.id = t.keyframe WHERE keyframe.run = ?
                """, [run], as: Int.self))
    }

    /// The keyframes of a run whose tensors are not all written yet.
    package func pending(ofRun run: Int) throws -> [KeyframeRow] {
        try store.rows("WHERE run = ? AND state = 'pending'", [run])
    }

    /// Whether a point has a complete, full, pinned keyframe.
    package func isPinned(run: Int, segment: Int, iteration: Int) throws -> Bool {
        try store.connection.value(
            """
            SELECT EXISTS (SELECT 1 FROM keyframe WHERE run = ? AND segment = ? AND iteration = ? AND role = 'pinned'
                AND kind = 'full' AND state = 'complete')
            """, [run, segment, iteration])
    }

    /// The tensors of a keyframe, by name.
    /// - Throws: `RegistryError.damaged` if their number differs from the one that its row records.
    package func tensors(of keyframe: KeyframeRow) throws -> [TensorName] {
        try links.tensors(of: keyframe)
    }

    /// Inserts a keyframe with its tensors.
    package func insert(_ keyframe: KeyframeRow, _ tensors: [TensorName]) throws {
        try store.insert(keyframe)
        try links.insert(tensors, of: keyframe.id)
    }

    /// Inserts a keyframe and the tensors whose chunks follow, within a transaction.
    package func insert(_ keyframe: KeyframeRow, _ tensors: HashedTensors) throws {
        for tensor in tensors.tensors { try store.tensors.add(tensor.digest, bytes: tensor.content.byteCount) }
        try insert(keyframe, tensors.names)
    }

    /// Deletes a keyframe with its tensors' names; the tensors themselves stay until `gc`.
    package func delete(_ keyframe: KeyframeRow) throws {
        try links.deleteAll(of: keyframe.id)
        try store.delete(keyframe)
    }

    /// Deletes a keyframe, and its tensors if nothing else refers to them, within a transaction.
    package func release(_ keyframe: KeyframeRow) throws {
        let tensors = try tensors(of: keyframe)
        try delete(keyframe)
        for tensor in tensors { try store.tensors.release(tensor.digest) }
    }

    /// The complete keyframes of a run, in the order in which they were recorded.
    package func complete(ofRun run: Int) throws -> [KeyframeRow] {
        try store.rows("WHERE run = ? AND state = 'complete' ORDER BY id", [run])
    }

    /// The runs whose keyframes have this tensor.
    package func runs(with tensor: SHA256Digest) throws -> [Int] {
        try store.connection.all(
            "SELECT run FROM keyframe_tensor AS t JOIN keyframe ON keyframe.id = t.keyframe WHERE t.tensor = ?",
            [tensor.bytes], as: Int.self)
    }
}

extension Store {
    package var keyframes: KeyframeTable { KeyframeTable(store: self) }
}
