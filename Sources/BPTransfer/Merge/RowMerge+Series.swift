import BPRegistry
import BPStore

// Segments, their losses in chained blocks, and their epochs.
extension RowMerge {
    func addSegments(of run: TransferContents.Run, _ number: Int) throws {
        for (index, (row, parent)) in run.segments.enumerated() {
            var segment = row
            segment.run = number
            segment.parentRun = parent == run.uuid ? number : parent.flatMap { restoration.runs[$0] }
            segment.keyframes = run.keyframes.count { $0.row.segment == index + 1 }
            try store.insert(segment)
            if segment.keptIterations > 0 { try addBlocks(of: segment, run) }
            if segment.keptEpochs > 0 { try addEpochs(of: segment, run) }
        }
    }

    /// The part of this name; the caller has checked that it exists.
    private func part(_ name: TransferPart.Name) throws -> TransferPart {
        guard let part = restoration.parts[name] else {
            throw RegistryError.unsound(place: "the parts", what: "one is missing")
        }
        return part
    }

    private func addBlocks(of segment: SegmentRecord, _ run: TransferContents.Run) throws {
        let part = try part(.losses(run: run.uuid, segment: segment.number))
        var chain = segment.chainStart
        var (block, count) = (0, 0)
        var losses: [UInt8] = []
        func write() throws {
            let start = segment.firstIteration + block * BlockRow.capacity
            chain = Chain.next(
                after: chain, run: run.uuid, segment: segment.number, firstIteration: start, losses: losses)
            try store.insert(
                BlockRow(
                    run: segment.run, segment: segment.number, block: block, firstIteration: start,
                    count: losses.count / 4, chain: chain, losses: losses))
            block += 1
            losses.removeAll(keepingCapacity: true)
        }
        try restoration.read(part) { bytes in
            count += bytes.count
            // Accepts no more than the document announces.
            guard count <= part.count * 4 else { throw unsound(part) }
            var rest = bytes[...]
            while !rest.isEmpty {
                let piece = rest.prefix(4 * BlockRow.capacity - losses.count)
                losses.append(contentsOf: piece)
                rest = rest.dropFirst(piece.count)
                if losses.count == 4 * BlockRow.capacity { try write() }
            }
        }
        guard count == part.count * 4 else { throw unsound(part) }
        if !losses.isEmpty { try write() }
    }

    private func addEpochs(of segment: SegmentRecord, _ run: TransferContents.Run) throws {
        func bytes(_ column: TransferPart.EpochColumn) throws -> [UInt8] {
            let part = try part(.epochs(run: run.uuid, segment: segment.number, column: column))
            var all: [UInt8] = []
            try restoration.read(part) { bytes in
                guard all.count + bytes.count <= part.count * part.type.width else { throw unsound(part) }
                all.append(contentsOf: bytes)
            }
            guard all.count == part.count * part.type.width else { throw unsound(part) }
            return all
        }
        func bits(_ column: TransferPart.EpochColumn) throws -> [UInt32] {
            try bytes(column).withUnsafeBytes { raw in
                (0..<raw.count / 4).map {
                    UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self))
                }
            }
        }
        let loss = try bits(.loss)
        let validation =
            run.row.hasValidation ? (loss: try bits(.validationLoss), score: try bits(.validationScore)) : nil
        let seconds = try bytes(.seconds).withUnsafeBytes { raw in
            (0..<raw.count / 8).map {
                Double(bitPattern: UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self)))
            }
        }
        for index in loss.indices {
            let epoch = segment.firstEpoch + index
            guard seconds[index].isFinite, seconds[index] >= 0 else {
                throw RegistryError.unsound(
                    place: "run \(run.number), segment \(segment.number)",
                    what: "epoch \(epoch) has an impossible duration")
            }
            try store.insert(
                EpochRow(
                    run: segment.run, segment: segment.number, epoch: epoch,
                    iteration: segment.epochStart + (index + 1) * segment.iterationsPerEpoch,
                    loss: Float(bitPattern: loss[index]),
                    validationLoss: validation.flatMap { measured($0.loss[index]) },
                    validationScore: validation.flatMap { measured($0.score[index]) }, seconds: seconds[index]))
        }
    }

    private func measured(_ bits: UInt32) -> Float? {
        bits == TransferDocument.notMeasured ? nil : Float(bitPattern: bits)
    }

    private func unsound(_ part: TransferPart) -> RegistryError {
        .unsound(place: "\(part.name)", what: "it has another length than \(part.count) values")
    }
}
