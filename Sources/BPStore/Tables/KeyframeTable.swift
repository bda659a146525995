import BPSQLite

/// A state of a run whose weights are kept.
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
    /// Seconds that writing took.
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

extension KeyframeRow: SealedRow {
    package static let table = SealedTable(
        "keyframe", key: ["id"],
        [
            "run", "segment", "attempt", "iteration", "epoch", "kind", "role", "state", "optimizer_step", "tensors",
            "bytes", "cost", "created",
        ],
        counts: [
            SealedTable.Count(column: "tensors", table: "keyframe_tensor", condition: "child.keyframe = parent.id")
        ])

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

/// A tensor of a keyframe.
package struct KeyframeTensorRow: Sendable, Equatable {
    package var keyframe: Int
    package var name: String
    package var tensor: SHA256Digest

    package init(
        keyframe: Int, name: String, tensor: SHA256Digest
    ) {
        self.keyframe = keyframe
        self.name = name
        self.tensor = tensor
    }
}

extension KeyframeTensorRow: SealedRow {
    package static let table = SealedTable(
        "keyframe_tensor", key: ["keyframe", "name"],
        [
            "tensor"
        ])

    package init(_ columns: inout ColumnReader) throws {
        keyframe = try columns.next()
        name = try columns.next()
        tensor = try columns.next()
    }

    package func write(to columns: inout ColumnWriter) {
        columns.add(keyframe)
        columns.add(name)
        columns.add(tensor)
    }
}

/// The reads and writes of table `keyframe`.
package struct KeyframeTable {
    let store: Store

    /// The row of this key; nil if there is none.
    package func find(_ id: Int) throws -> KeyframeRow? { try store.find([id.stored]) }

    /// The row of this key, which something stored refers to.
    package func need(_ id: Int) throws -> KeyframeRow { try store.need([id.stored]) }

    /// The complete keyframes of a run, in the order in which they were recorded.
    package func complete(ofRun run: Int) throws -> [KeyframeRow] {
        try store.rows("WHERE run = ? AND state = 'complete' ORDER BY id", [run])
    }

    /// The tensors of a keyframe, by name.
    package func tensors(of keyframe: KeyframeRow) throws -> [TensorName] {
        let rows: [KeyframeTensorRow] = try store.rows("WHERE keyframe = ? ORDER BY name", [keyframe.id])
        guard rows.count == keyframe.tensors else {
            throw store.damaged("keyframe id=\(keyframe.id)", "\(rows.count) tensors, its row tells another number")
        }
        return rows.map { TensorName(name: $0.name, digest: $0.tensor) }
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
