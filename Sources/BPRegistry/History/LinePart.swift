import BPStore

extension LinePart {
    /// The number of epochs that had ended after `iteration` updates, an iteration of this part, as far as this part
    /// recorded them.
    func epochsEnded(at iteration: Int) -> Int {
        let ended = (min(iteration, last) - record.epochStart) / record.iterationsPerEpoch
        return min(lastEpoch, record.firstEpoch - 1 + max(0, min(ended, record.epochs)))
    }

    /// The last iteration with a stored loss; one less than `first` if gc has freed all of them.
    var lastKept: Int { first - 1 + record.keptIterations }

    /// The last epoch that is still stored.
    var lastKeptEpoch: Int { record.firstEpoch - 1 + record.keptEpochs }

    /// This part in the state of the transaction, which may be newer than the record.
    func renewed(in store: Store) throws -> LinePart {
        LinePart(record: try store.segments.need(run: run, number: segment), last: last, lastEpoch: lastEpoch)
    }

    /// The error that gc has freed the iterations after `lastKept`.
    var freed: RegistryError {
        let (kept, name) = (lastKept, "\(run).\(segment)")
        return .freed(
            place: "\(name), iterations \(kept + 1) to \(first - 1 + record.iterations)",
            kept: kept >= first ? "\(name)@iteration:\(kept)" : nil)
    }
}

// The series of a part of a line.
extension LinePart {
    /// A page of the epochs `from…to` that this part contributes to its line.
    func epochs(from: Int, to: Int, in store: Store) throws -> [EpochRecord] {
        try store.epochs.page(run: run, segment: segment, from: from, to: min(to, lastEpoch), upTo: last)
            .map { EpochRecord($0) }
    }

    /// A page of losses: at least one, `from` being on the line.
    /// - Throws: `RegistryError.freed` if gc has freed the first.
    func losses(from: Int, to: Int, in store: Store) throws -> [Float] {
        // gc may have freed some since the line was read.
        let part = try renewed(in: store)
        if from > part.lastKept { throw part.freed }
        let to = min(to, part.lastKept)
        let firstBlock = (from - first) / BlockRow.capacity
        let rows = try store.blocks.page(run: run, segment: segment, from: firstBlock)
        var losses: [Float] = []
        for (index, row) in rows.enumerated() {
            let start = first + (firstBlock + index) * BlockRow.capacity
            guard start <= to else { break }
            let block = try row.values
            guard row.block == firstBlock + index, row.firstIteration == start,
                start + block.count > to || block.count == BlockRow.capacity
            else { break }
            losses.append(contentsOf: block[max(0, from - start)..<min(block.count, to - start + 1)])
        }
        guard !losses.isEmpty else {
            throw store.damaged("run \(run), segment \(segment)", "the loss of iteration \(from) is missing")
        }
        return losses
    }
}
