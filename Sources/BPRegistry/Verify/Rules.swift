import BPStore

/// The rules of runs, lines and pins that `verify` checks.
struct Rules: RowRules {
    func check(_ dataset: DatasetRow, _ check: RowCheck) throws {
        guard dataset.isComplete else { return }
        let columns = try check.store.datasets.columns(of: dataset.hash)
        let manifest = NewDataset(
            name: "", sourcePath: "", rowCount: dataset.rows,
            columns: columns.map { NewDataset.Column(name: $0.name, type: $0.type, bytes: []) })
        if manifest.hash(ofColumns: columns.map(\.sha256)) != dataset.hash { check.found("it does not fit its hash") }
    }

    /// A block holds the iterations for its number, is full unless it is the last, and continues the chain.
    func check(_ block: BlockRow, _ check: RowCheck) throws {
        let store = check.store
        let segment = try store.segments.need(run: block.run, number: block.segment)
        let first = segment.firstIteration &+ block.block &* BlockRow.capacity
        let isLast = block.block == (segment.keptIterations - 1) / BlockRow.capacity
        guard block.losses.count == 4 * block.count, block.firstIteration == first,
            isLast || block.count == BlockRow.capacity
        else { return check.found("it begins at another iteration or has another length") }
        let previous =
            block.block == 0
            ? segment.chainStart
            : try store.blocks.need(run: block.run, segment: block.segment, block: block.block - 1).chain
        guard let run = try store.runs.identity(block.run) else { return }
        let chain = Chain.next(
            after: previous, run: run.uuid, segment: block.segment, firstIteration: first,
            losses: block.losses)
        if chain != block.chain { check.found("it breaks the chain") }
    }

    func check(_ keyframe: KeyframeRow, _ check: RowCheck) throws {
        guard keyframe.state == .complete else { return }
        let store = check.store
        let segment = try store.segments.need(run: keyframe.run, number: keyframe.segment)
        let (iteration, first) = (keyframe.iteration, segment.firstIteration)
        if iteration < first - 1 || iteration >= first &+ segment.iterations {
            check.found("iteration \(iteration) is not in its segment")
        }
        try checkTensors(of: keyframe, check)
        guard keyframe.role == .pinned else { return }
        if try store.pins.find(run: keyframe.run, segment: keyframe.segment, iteration: iteration) == nil {
            check.found("it is pinned, but there is no pin")
        }
    }

    /// The keyframes of a run of one kind hold the same tensors, of the same sizes.
    private func checkTensors(of keyframe: KeyframeRow, _ check: RowCheck) throws {
        let store = check.store
        guard let first = try store.keyframes.first(ofRun: keyframe.run, kind: keyframe.kind) else { return }
        func sizes(_ row: KeyframeRow) throws -> [String: Int] {
            let tensors = try store.keyframes.tensors(of: row)
            return Dictionary(
                try tensors.map { ($0.name, try store.tensors.size(of: $0.digest) ?? 0) },
                uniquingKeysWith: { first, _ in first })
        }
        let (mine, expected) = (try sizes(keyframe), try sizes(first))
        let (names, others) = (mine.keys.sorted(), expected.keys.sorted())
        if names != others {
            return check.found(
                "it has the tensors \(list(names)), the run's first keyframe of its kind has \(list(others))")
        }
        for name in names where mine[name] != expected[name] {
            check.found(
                "its tensor \(name) has \(mine[name] ?? 0) bytes, that of the run's first keyframe "
                    + "\(expected[name] ?? 0)")
        }
        if mine[TensorName.parameters] == nil { check.found("it has no tensor \(TensorName.parameters)") }
    }

    /// A pin has its keyframe, so that its state can be read without computing.
    func check(_ pin: PinRecord, _ check: RowCheck) throws {
        if try !check.store.keyframes.isPinned(run: pin.run, segment: pin.segment, iteration: pin.iteration) {
            check.found("its keyframe is missing")
        }
    }
}
