package import BPStore

extension RunWriter {
    /// Writes a keyframe's tensors in advance, in transactions of at most 8 MiB, under a row that is pending until
    /// `commit` completes it. Tensors that are already stored are not written again.
    /// - Parameter between: called between these transactions; it may commit the losses collected meanwhile.
    /// - Throws: `conflict` if another state is recorded for this place; `fencingLost`, `diskFull`, `inputOutput`.
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
                    id = try keyframe.insert(
                        tensors, run: run, segment: rows.holder(of: keyframe.iteration), attempt: attempt, rows.now,
                        in: rows.store)
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

extension NewKeyframe {
    /// Inserts this keyframe as pending, and the tensors whose chunks follow, within a transaction.
    /// - Returns: its key.
    func insert(
        _ tensors: HashedTensors, run: Int, segment: Int, attempt: Int, _ now: Int64, in store: Store
    ) throws -> Int {
        let id = try store.registry.update { registry in
            registry.lastKeyframe += 1
            return registry.lastKeyframe
        }
        let row = KeyframeRow(
            id: id, run: run, segment: segment, attempt: attempt, iteration: iteration, epoch: epoch, kind: kind,
            role: role, state: .pending, optimizerStep: optimizerStep, tensors: tensors.tensors.count,
            bytes: tensors.bytes, cost: 0, created: now)
        try store.keyframes.insert(row, tensors)
        return id
    }
}

extension RunRows {
    /// The segment of a keyframe: this one, or the one that recorded the state if a run that was rolled back recomputes
    /// a state from before its last segment.
    fileprivate func holder(of iteration: Int) throws -> Int {
        guard iteration < segment.firstIteration - 1 else { return segment.number }
        let line = try Line(to: segment.number, ofRun: run.id, in: store)
        guard let branch = Branch(line, at: iteration, ofRun: run.id) else {
            throw conflict("a keyframe at iteration \(iteration), which is not of this run")
        }
        return branch.part.segment
    }

    /// A complete keyframe at the same place for the same reason.
    /// - Throws: `RegistryError.conflict` if its tensors differ: the run was computed differently.
    fileprivate mutating func completeKeyframe(like new: NewKeyframe, _ tensors: [TensorName]) throws -> Int? {
        let known = try store.keyframes.at(new.iteration, run: run.id, segment: holder(of: new.iteration))
        guard let row = known.first(where: { $0.role == new.role }) else { return nil }
        guard row.state == .complete else {
            try delete(row)
            return nil
        }
        guard try store.keyframes.tensors(of: row) == tensors else {
            throw conflict("the keyframe at iteration \(new.iteration) is recorded with other weights")
        }
        return row.id
    }

    /// Makes a staged keyframe complete. One with the best weights replaces the previous one.
    mutating func complete(_ staged: StagedKeyframe) throws {
        guard var row = try keyframe(staged.id) else {
            throw conflict("the keyframe at iteration \(staged.iteration) was not staged")
        }
        guard row.state == .pending else { return }
        guard row.iteration <= run.iterations, try holder(of: row.iteration) == row.segment else {
            throw conflict("a keyframe at iteration \(row.iteration) where \(run.iterations) are recorded")
        }
        row.state = .complete
        row.cost = staged.cost
        try store.update(row)
        try count(1, in: row.segment)
        guard row.role == .best else { return }
        let older = try store.keyframes.complete(
            run: run.id, segment: row.segment, upTo: row.iteration - 1, role: .best)
        for old in older { try delete(old) }
    }

    /// Deletes a complete keyframe of this run, unless it is pinned. It is no error if it is already deleted.
    mutating func deleteKeyframe(_ id: Int) throws {
        guard let row = try keyframe(id), row.state == .complete, row.role != .pinned else { return }
        try delete(row)
    }

    private mutating func delete(_ row: KeyframeRow) throws {
        try store.keyframes.release(row)
        if row.state == .complete { try count(-1, in: row.segment) }
    }

    /// Counts a complete keyframe that a segment of this run gained or lost.
    private mutating func count(_ change: Int, in number: Int) throws {
        if number == segment.number {
            segment.keyframes += change
        } else {
            try store.segments.addKeyframes(change, run: run.id, number: number)
        }
    }

    /// The keyframe of this key; nil if it belongs to another run.
    private func keyframe(_ id: Int) throws -> KeyframeRow? {
        try store.keyframes.find(id).flatMap { $0.run == run.id ? $0 : nil }
    }
}
