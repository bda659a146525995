import BPStore
import BPSQLite

// Segments, their losses as blocks that chain, and their epochs.
extension RestoredRows {
    func addSegments(of run: DecodedRecord.Run, _ row: TableRow) throws {
        for (index, (segment, parent)) in run.segments.enumerated() {
            var segment = segment
            segment["run"] = row["id"]
            segment["parent_run"] = .int(parent == run.uuid ? try row.int("id") : parent.flatMap { restorer.runs[$0] })
            segment["keyframes"] = .int(run.keyframes.count { $0.row["segment"] == .int(index + 1) })
            try store.insert(segment)
            if try segment.int("kept_iterations") > 0 { try addBlocks(of: segment, run) }
            if try segment.int("kept_epochs") > 0 { try addEpochs(of: segment, run) }
        }
    }

    /// The part of this name; that there is one has been looked at.
    private func part(_ name: PortablePart.Name) throws -> PortablePart {
        guard let part = restorer.parts[name] else {
            throw RegistryError.unsound(place: "the parts", what: "one is missing")
        }
        return part
    }

    private func addBlocks(of segment: TableRow, _ run: DecodedRecord.Run) throws {
        let number = try segment.int("number")
        let part = try part(.losses(run: run.uuid, segment: number))
        let first = try segment.int("first_iteration")
        var chain = try segment.digest("chain_start")
        var (block, count) = (0, 0)
        var losses: [UInt8] = []
        func write() throws {
            let start = first + block * Store.blockLength
            chain = Chain.next(after: chain, run: run.uuid, segment: number, firstIteration: start, losses: losses)
            try store.insert(
                TableRow(
                    .block,
                    values: [
                        segment["run"], segment["number"], .int(block), .int(start), .int(losses.count / 4),
                        .digest(chain), .blob(losses),
                    ]))
            block += 1
            losses.removeAll(keepingCapacity: true)
        }
        try restorer.read(part) { bytes in
            count += bytes.count
            // No more than was promised is taken in.
            guard count <= part.count * 4 else { throw unsound(part) }
            var rest = bytes[...]
            while !rest.isEmpty {
                let piece = rest.prefix(4 * Store.blockLength - losses.count)
                losses.append(contentsOf: piece)
                rest = rest.dropFirst(piece.count)
                if losses.count == 4 * Store.blockLength { try write() }
            }
        }
        guard count == part.count * 4 else { throw unsound(part) }
        if !losses.isEmpty { try write() }
    }

    private func addEpochs(of segment: TableRow, _ run: DecodedRecord.Run) throws {
        let number = try segment.int("number")
        func bytes(_ column: PortablePart.EpochColumn) throws -> [UInt8] {
            let part = try part(.epochs(run: run.uuid, segment: number, column: column))
            var all: [UInt8] = []
            try restorer.read(part) { bytes in
                guard all.count + bytes.count <= part.count * part.type.width else { throw unsound(part) }
                all.append(contentsOf: bytes)
            }
            guard all.count == part.count * part.type.width else { throw unsound(part) }
            return all
        }
        func bits(_ column: PortablePart.EpochColumn) throws -> [UInt32] {
            try bytes(column).withUnsafeBytes { raw in
                (0..<raw.count / 4).map {
                    UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self))
                }
            }
        }
        let hasValidation = try run.row.bool("has_validation")
        let loss = try bits(.loss)
        let validation = hasValidation ? (loss: try bits(.validationLoss), score: try bits(.validationScore)) : nil
        let seconds = try bytes(.seconds).withUnsafeBytes { raw in
            (0..<raw.count / 8).map {
                Double(bitPattern: UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self)))
            }
        }
        let (first, start) = (try segment.int("first_epoch"), try segment.int("epoch_start"))
        let length = try segment.int("iterations_per_epoch")
        for index in loss.indices {
            guard seconds[index].isFinite, seconds[index] >= 0 else {
                throw RegistryError.unsound(
                    place: "run \(run.number), segment \(number)", what: "epoch \(first + index) took no time there is")
            }
            var row = TableRow(
                .epoch,
                [
                    "run": segment["run"], "segment": segment["number"], "epoch": .int(first + index),
                    "iteration": .int(start + (index + 1) * length), "seconds": .real(seconds[index]),
                ])
            row.set("loss", Float(bitPattern: loss[index]))
            if let validation {
                row.set("val_loss", measured(validation.loss[index]))
                row.set("val_score", measured(validation.score[index]))
            }
            try store.insert(row)
        }
    }

    private func measured(_ bits: UInt32) -> Float? {
        bits == PortableRecord.notMeasured ? nil : Float(bitPattern: bits)
    }

    private func unsound(_ part: PortablePart) -> RegistryError {
        .unsound(place: "\(part.name)", what: "it has another length than \(part.count) values")
    }
}
