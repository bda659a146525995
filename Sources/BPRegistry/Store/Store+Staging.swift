import BPStore
import BPSQLite

/// Tensors with their hashes, in groups of parts that each fit one transaction.
struct HashedTensors {
    let tensors: [(digest: SHA256Digest, content: NewTensor)]
    let groups: [[TensorPart]]

    init(_ tensors: [NewTensor]) {
        self.tensors = tensors.map { (digest: $0.withBytes { SHA256.hash($0) }, content: $0) }
        groups = TensorPart.groups(ofSizes: tensors.map(\.byteCount))
    }

    /// By name, as a keyframe's or a version's are read.
    var names: [TensorName] {
        tensors.map { TensorName(name: $0.content.name, digest: $0.digest) }
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    var bytes: Int { tensors.reduce(0) { $0 + $1.content.byteCount } }

    /// Writes a group of parts within a transaction.
    /// - Returns: how many bytes were new.
    func write(group: Int, to store: Store) throws -> Int {
        try groups[group].reduce(0) { try $0 + $1.write(tensors, to: store) }
    }
}

// Keyframes that wait while their tensors are written.
extension Store {
    /// Enters a keyframe that waits, and the tensors whose chunks follow.
    func addPending(
        _ new: NewKeyframe, _ tensors: HashedTensors, run: SQLiteValue, segment: SQLiteValue, attempt: SQLiteValue,
        _ now: Int64
    ) throws -> Int {
        var id = 0
        try updateRegistry { registry in
            try registry.add(1, to: "last_keyframe")
            id = try registry.int("last_keyframe")
        }
        try insert(
            TableRow(
                .keyframe,
                [
                    "id": .int(id), "run": run, "segment": segment, "attempt": attempt,
                    "iteration": .int(new.iteration), "epoch": .int(new.epoch), "kind": .text(new.kind.rawValue),
                    "role": .text(new.role.rawValue), "state": .text("pending"),
                    "optimizer_step": .int(new.optimizerStep), "tensors": .int(tensors.tensors.count),
                    "bytes": .int(tensors.bytes), "cost": .real(0), "created": .integer(now),
                ]))
        for tensor in tensors.tensors {
            try addTensor(tensor.digest, bytes: tensor.content.byteCount)
            try insert(
                TableRow(
                    .keyframeTensor,
                    ["keyframe": .int(id), "name": .text(tensor.content.name), "tensor": .digest(tensor.digest)]))
        }
        return id
    }

    /// Compares what is to be kept of a point with the complete keyframes that are recorded there.
    /// - Throws: `RegistryError.conflict` when they hold another state: it was not computed alike.
    func checkState(_ tensors: HashedTensors, at branch: Branch) throws {
        let given = Dictionary(tensors.names.map { ($0.name, $0.digest) }, uniquingKeysWith: { first, _ in first })
        let known = try rows(
            .keyframe, "WHERE run = ? AND segment = ? AND iteration = ? AND state = 'complete'",
            [branch.part.run, branch.part.segment, branch.iteration])
        for tensor in try known.flatMap({ try tensorNames(of: $0, .keyframeTensor) }) {
            if let digest = given[tensor.name], digest != tensor.digest {
                throw RegistryError.conflict(
                    place: "run \(branch.part.run), segment \(branch.part.segment)",
                    what: "the keyframe at iteration \(branch.iteration) is recorded with other weights")
            }
        }
    }

    /// Whether something complete has all these tensors, and they are here, so that none must be written.
    func isStored(_ tensors: HashedTensors) throws -> Bool {
        try tensors.tensors.allSatisfy { tensor in
            if try tombstone(of: tensor.digest) != nil { return false }
            return try connection.value(
                """
                SELECT EXISTS (SELECT 1 FROM version_tensor WHERE tensor = ?1)
                    OR EXISTS (SELECT 1 FROM keyframe_tensor AS t JOIN keyframe ON keyframe.id = t.keyframe
                        WHERE t.tensor = ?1 AND keyframe.state = 'complete')
                """, [tensor.digest.bytes])
        }
    }
}

extension Registry {
    /// Keeps tensors of a point of a run for good, whatever their size: in one transaction where they fit one or are
    /// stored already, else in several under a pinned keyframe that waits, the last of which also does `finish`. A
    /// process killed between them leaves the keyframe that waits, which the next to keep this point, to resume or to
    /// roll the run back deletes.
    /// - Parameters:
    ///   - check: called at the beginning of the first transaction; throws where the tensors must not be kept.
    ///   - finish: makes what names the tensors, whose chunks are all there. Given the row of the keyframe that waits,
    ///     if there is one (a full one always is), it must complete or delete it.
    func keep<Result>(
        _ kind: KeyframeKind, _ tensors: HashedTensors, of point: Point, optimizerStep: Int,
        check: (Store, Branch) throws -> Void, finish: (Store, Branch, TableRow?, _ now: Int64) throws -> Result
    ) throws(RegistryError) -> Result {
        let start = ContinuousClock.now
        let last = tensors.groups.count - 1
        var group = 0
        var pending: Int?
        while true {
            let result: Result? = try writing { store in
                let now = environment.now()
                let branch = try store.branch(point)
                if group == 0 {
                    try check(store, branch)
                    try store.checkState(tensors, at: branch)
                    // What is stored already need not be looked at part by part.
                    if try store.isStored(tensors) { group = last }
                    if kind == .full || group < last {
                        pending = try store.addPending(kind, tensors, at: branch, optimizerStep: optimizerStep, now)
                    } else {
                        for (digest, content) in tensors.tensors {
                            try store.addTensor(digest, bytes: content.byteCount)
                        }
                    }
                }
                var row = try pending.map { try store.pending($0, of: branch) }
                _ = try tensors.write(group: group, to: store)
                guard group == last else { return nil }
                row?["cost"] = .real((ContinuousClock.now - start) / .seconds(1))
                return try finish(store, branch, row, now)
            }
            if let result { return result }
            group += 1
        }
    }
}

extension Store {
    /// Enters a pinned keyframe that waits, in place of one that a process left that was killed.
    fileprivate func addPending(
        _ kind: KeyframeKind, _ tensors: HashedTensors, at branch: Branch, optimizerStep: Int, _ now: Int64
    ) throws -> Int {
        let (run, segment) = (SQLiteValue.int(branch.part.run), SQLiteValue.int(branch.part.segment))
        let role = KeyframeRole.pinned
        let left = try rows(
            .keyframe, "WHERE run = ? AND segment = ? AND iteration = ? AND role = ? AND state = 'pending'",
            [run, segment, branch.iteration, role.rawValue])
        for row in left { try deleteKeyframe(row) }
        let new = NewKeyframe(
            iteration: branch.iteration, epoch: branch.epochs, kind: kind, role: role, optimizerStep: optimizerStep)
        return try addPending(
            new, tensors, run: run, segment: segment, attempt: .int(attempt(at: branch)), now)
    }

    /// The row of a keyframe that waits.
    /// - Throws: `RegistryError.conflict` when another process has taken the run over or kept the same point.
    fileprivate func pending(_ id: Int, of branch: Branch) throws -> TableRow {
        if let row = try row(.keyframe, [.int(id)]), try row.text("state") == "pending" { return row }
        throw RegistryError.conflict(
            place: "run \(branch.part.run)",
            what: "another process has changed it meanwhile, so iteration \(branch.iteration) is not kept")
    }

    /// The attempt that recorded an iteration; the run's last where none tells so.
    private func attempt(at branch: Branch) throws -> Int {
        let (run, segment) = (branch.part.run, branch.part.segment)
        let rows = try rows(
            .attempt, "WHERE run = ? AND segment = ? AND first_iteration <= ?3 AND last_iteration >= ?3",
            [run, segment, branch.iteration])
        return try rows.first?.int("number") ?? need(.run, [.int(run)]).int("attempts")
    }
}
