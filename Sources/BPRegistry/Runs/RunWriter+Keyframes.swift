package import BPStore
import BPSQLite

extension RunWriter {
    /// Writes a keyframe's tensors ahead, in transactions of at most 8 MiB, under a row that waits for `commit`. What
    /// is stored already is not written again.
    /// - Parameter between: called between these transactions; it may commit what has gathered meanwhile.
    /// - Throws: `conflict` when another state is recorded for this place; `fencingLost`, `diskFull`, `inputOutput`.
    package func stage(
        _ keyframe: NewKeyframe, tensors: [NewTensor], between: () throws(RegistryError) -> Void = {}
    ) throws(RegistryError) -> StagedKeyframe {
        let start = ContinuousClock.now
        let tensors = HashedTensors(tensors)
        var id = 0
        var written = 0
        for group in tensors.groups.indices {
            let isDone = try transaction { rows in
                if group == 0 {
                    if let known = try rows.completeKeyframe(like: keyframe, tensors.names) {
                        id = known
                        return true
                    }
                    id = try rows.store.addPending(
                        keyframe, tensors, run: rows.run["id"], segment: rows.holder(of: keyframe.iteration),
                        attempt: rows.attempt["number"], rows.now)
                }
                written += try tensors.write(group: group, to: rows.store)
                return false
            }
            if isDone { break }
            if group < tensors.groups.count - 1 { try between() }
        }
        let cost = (ContinuousClock.now - start) / .seconds(1)
        return StagedKeyframe(
            id: id, iteration: keyframe.iteration, tensors: tensors.names, bytesWritten: written, cost: cost)
    }
}

extension RunRows {
    /// The segment that a keyframe belongs to: this one, or the one that recorded the state, where a run that was rolled
    /// back recomputes what lies before its last segment.
    fileprivate func holder(of iteration: Int) throws -> SQLiteValue {
        let first = try segment.int("first_iteration")
        guard iteration < first - 1 else { return segment["number"] }
        let (number, line) = (try run.int("id"), try store.line(run: run.int("id"), segment: segment.int("number")))
        guard let branch = try Branch(line, at: iteration, ofRun: number) else {
            throw conflict("a keyframe at iteration \(iteration), which is not of this run")
        }
        return .int(branch.part.segment)
    }

    /// A complete keyframe at the same place for the same reason.
    /// - Throws: `RegistryError.conflict` when its tensors are others: the run was not computed alike.
    fileprivate mutating func completeKeyframe(like new: NewKeyframe, _ tensors: [TensorName]) throws -> Int? {
        let known = try keyframes(
            "segment = ? AND iteration = ? AND role = ?", [holder(of: new.iteration), new.iteration, new.role.rawValue])
        guard let row = known.first else { return nil }
        let id = try row.int("id")
        guard try row.text("state") == "complete" else {
            try deletePending(id)
            return nil
        }
        guard try store.tensorNames(of: row, .keyframeTensor) == tensors else {
            throw conflict("the keyframe at iteration \(new.iteration) is recorded with other weights")
        }
        return id
    }

    /// Makes a staged keyframe complete. A best one takes the place of the best before it.
    mutating func complete(_ staged: StagedKeyframe) throws {
        guard var row = try keyframes("id = ?", [staged.id]).first else {
            throw conflict("the keyframe at iteration \(staged.iteration) was not staged")
        }
        guard try row.text("state") == "pending" else { return }
        let iteration = try row.int("iteration")
        guard iteration <= (try run.int("iterations")), try holder(of: iteration) == row["segment"] else {
            throw conflict(
                "a keyframe at iteration \(iteration) where \(try run.int("iterations")) are recorded")
        }
        row["state"] = .text("complete")
        row["cost"] = .real(staged.cost)
        try store.update(row)
        try count(1, in: row["segment"])
        guard try row.text("role") == KeyframeRole.best.rawValue else { return }
        let older = try keyframes(
            "segment = ? AND role = 'best' AND state = 'complete' AND iteration < ?", [row["segment"], iteration])
        for old in older { try delete(old) }
    }

    /// Deletes a keyframe of this run, unless it is pinned; one that is gone already is no error.
    mutating func deleteKeyframe(_ id: Int) throws {
        for row in try keyframes("id = ? AND state = 'complete' AND role <> 'pinned'", [id]) { try delete(row) }
    }

    /// Deletes a keyframe that waits.
    mutating func deletePending(_ id: Int) throws {
        for row in try keyframes("id = ? AND state = 'pending'", [id]) { try delete(row) }
    }

    private mutating func delete(_ row: TableRow) throws {
        try store.deleteKeyframe(row)
        if try row.text("state") == "complete" { try count(-1, in: row["segment"]) }
    }

    /// Counts a complete keyframe that came to a segment of this run, or went.
    private mutating func count(_ change: Int, in number: SQLiteValue) throws {
        if number == segment["number"] { return try segment.add(change, to: "keyframes") }
        var other = try store.need(.segment, [run["id"], number])
        try other.add(change, to: "keyframes")
        try store.update(other)
    }

    private func keyframes(_ condition: String, _ bindings: [any SQLiteBindable]) throws -> [TableRow] {
        try store.rows(.keyframe, "WHERE run = ? AND \(condition)", [run["id"]] + bindings)
    }
}

extension Store {
    /// Deletes a keyframe with the tensors that nothing else refers to.
    func deleteKeyframe(_ row: TableRow) throws {
        let tensors = try tensorNames(of: row, .keyframeTensor)
        try connection.execute("DELETE FROM keyframe_tensor WHERE keyframe = ?", [row["id"]])
        try delete(row)
        for tensor in tensors { try releaseTensor(tensor.digest) }
    }
}
