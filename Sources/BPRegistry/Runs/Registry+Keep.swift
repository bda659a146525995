import BPStore

extension Registry {
    /// Keeps tensors of a point of a run permanently, whatever their size. If they fit one transaction or are already
    /// stored, there is one transaction. Otherwise there are several under a pending pinned keyframe, and the last one
    /// also calls `finish`. A process that is killed between them leaves the pending keyframe. The next process that
    /// keeps this point, or resumes or rolls back the run, deletes it.
    /// - Parameters:
    ///   - check: called at the beginning of the first transaction; throws if the tensors must not be kept.
    ///   - finish: inserts the row that names the tensors, whose chunks are all stored. It must complete or delete the
    ///     pending keyframe, if there is one (for a full one there always is).
    func keep<Result>(
        _ kind: KeyframeKind, _ tensors: HashedTensors, of point: Point, optimizerStep: Int,
        check: (Store, Branch) throws -> Void, finish: (Store, Branch, KeyframeRow?, _ now: Int64) throws -> Result
    ) throws(RegistryError) -> Result {
        let start = ContinuousClock.now
        let last = tensors.groups.count - 1
        var group = 0
        var pending: Int?
        while true {
            let result: Result? = try writing { store in
                let now = environment.now()
                let branch = try Branch(point, in: store)
                if group == 0 {
                    try check(store, branch)
                    try branch.checkState(tensors, in: store)
                    // The parts of tensors that are already stored need not be checked one by one.
                    if try tensors.tensors.allSatisfy({ try store.tensors.isStored($0.digest) }) { group = last }
                    if kind == .full || group < last {
                        pending = try branch.insertPending(kind, tensors, optimizerStep: optimizerStep, now, in: store)
                    } else {
                        for (digest, content) in tensors.tensors {
                            try store.tensors.add(digest, bytes: content.byteCount)
                        }
                    }
                }
                var row = try pending.map { try branch.pendingKeyframe($0, in: store) }
                _ = try tensors.write(group: group, to: store)
                guard group == last else { return nil }
                row?.cost = (ContinuousClock.now - start) / .seconds(1)
                return try finish(store, branch, row, now)
            }
            if let result { return result }
            group += 1
        }
    }
}

extension Branch {
    /// Compares the tensors of this point with those of the complete keyframes recorded there.
    /// - Throws: `RegistryError.conflict` if they hold another state: it was computed differently.
    fileprivate func checkState(_ tensors: HashedTensors, in store: Store) throws {
        let given = Dictionary(tensors.names.map { ($0.name, $0.digest) }, uniquingKeysWith: { first, _ in first })
        let known = try keyframes(in: store).filter { $0.state == .complete }
        for tensor in try known.flatMap({ try store.keyframes.tensors(of: $0) }) {
            if let digest = given[tensor.name], digest != tensor.digest {
                throw RegistryError.conflict(
                    place: "run \(part.run), segment \(part.segment)",
                    what: "the keyframe at iteration \(iteration) is recorded with other weights")
            }
        }
    }

    /// Inserts a pending pinned keyframe, replacing one that a killed process left.
    fileprivate func insertPending(
        _ kind: KeyframeKind, _ tensors: HashedTensors, optimizerStep: Int, _ now: Int64, in store: Store
    ) throws -> Int {
        let left = try keyframes(in: store).filter { $0.role == .pinned && $0.state == .pending }
        for row in left { try store.keyframes.release(row) }
        let new = NewKeyframe(
            iteration: iteration, epoch: epochs, kind: kind, role: .pinned, optimizerStep: optimizerStep)
        return try new.insert(
            tensors, run: part.run, segment: part.segment, attempt: attempt(in: store), now, in: store)
    }

    /// The row of a pending keyframe.
    /// - Throws: `RegistryError.conflict` if another process has taken the run over or kept the same point.
    fileprivate func pendingKeyframe(_ id: Int, in store: Store) throws -> KeyframeRow {
        if let row = try store.keyframes.find(id), row.state == .pending { return row }
        throw RegistryError.conflict(
            place: "run \(part.run)",
            what: "another process has changed it meanwhile, so iteration \(iteration) is not kept")
    }

    private func keyframes(in store: Store) throws -> [KeyframeRow] {
        try store.keyframes.at(iteration, run: part.run, segment: part.segment)
    }

    /// The number of the attempt that recorded the iteration, or of the run's last attempt if it is unknown.
    private func attempt(in store: Store) throws -> Int {
        try store.attempts.recording(iteration, run: part.run, segment: part.segment)?.number
            ?? store.runs.need(part.run).attempts
    }
}
