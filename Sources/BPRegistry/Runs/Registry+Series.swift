public import BPStore
import BPSQLite

extension Registry {
    /// The epochs `from…to` that ended on the line of a run: of its head, or of `segment`.
    /// - Throws: `freed` where gc has freed some of them.
    public func epochs(
        ofRun number: Int, segment: Int? = nil, from: Int = 1, to: Int = .max
    ) throws(RegistryError) -> [EpochRecord] {
        var all: [EpochRecord] = []
        try forEachEpochs(ofRun: number, segment: segment, from: from, to: to) { page throws(RegistryError) in
            all.append(contentsOf: page)
        }
        return all
    }

    /// As `epochs`, in pages of at most 4,096.
    public func forEachEpochs(
        ofRun number: Int, segment: Int? = nil, from: Int = 1, to: Int = .max,
        _ body: ([EpochRecord]) throws(RegistryError) -> Void
    ) throws(RegistryError) {
        let line = try reading { store in try store.line(ofRun: number, segment: segment) }
        var next = max(1, from)
        for part in line {
            var isMore = true
            while isMore, next <= to {
                let rows = try reading { store in
                    try store.epochRows(of: part, from: next, to: to)
                }
                let page = try reading { _ in try rows.map { try EpochRecord($0) } }
                for (index, epoch) in page.enumerated() where epoch.epoch != next + index {
                    throw .damaged(
                        path: path, place: "run \(part.run), segment \(part.segment)",
                        what: "epoch \(next + index) is missing")
                }
                next += page.count
                isMore = page.count == Limit.page
                if !page.isEmpty { try body(page) }
            }
            // What was recorded and is not there any more.
            try reading { store in
                let part = try part.renewed(in: store)
                if try next > part.lastKeptEpoch && next <= min(to, part.epochsEnded(at: part.last)) {
                    throw try part.freed
                }
            }
        }
    }

    /// The losses of the iterations `from…to` on the line of a run: of its head, or of `segment`.
    /// - Throws: `freed` where gc has freed some of them.
    public func losses(
        ofRun number: Int, segment: Int? = nil, from: Int = 1, to: Int = .max
    ) throws(RegistryError) -> [Float] {
        var all: [Float] = []
        try forEachLosses(ofRun: number, segment: segment, from: from, to: to) { _, page throws(RegistryError) in
            all.append(contentsOf: page)
        }
        return all
    }

    /// As `losses`, in pages of at most 65,536, each with the number of its first iteration.
    public func forEachLosses(
        ofRun number: Int, segment: Int? = nil, from: Int = 1, to: Int = .max,
        _ body: (_ firstIteration: Int, _ losses: [Float]) throws(RegistryError) -> Void
    ) throws(RegistryError) {
        let line = try reading { store in try store.line(ofRun: number, segment: segment) }
        var next = max(1, from)
        for part in line {
            let last = min(to, part.last)
            while next <= last {
                let page = try reading { store in try store.losses(of: part, from: next, to: last) }
                try body(next, page)
                next += page.count
            }
        }
    }
}

extension Store {
    /// How many losses a block holds.
    package static let blockLength = 4_096
    /// How many blocks are read at once.
    private static let blocksInPage = 16

    func epochRows(of part: LinePart, from: Int, to: Int) throws -> [TableRow] {
        try rows(
            .epoch,
            """
            WHERE run = ? AND segment = ? AND epoch BETWEEN ? AND ? AND iteration <= ?
            ORDER BY epoch LIMIT \(Limit.page)
            """, [part.run, part.segment, from, min(to, part.lastEpoch), part.last])
    }

    /// A page of losses of one segment: at least one, `from` being on the line.
    /// - Throws: `RegistryError.freed` where gc has freed the first.
    func losses(of part: LinePart, from: Int, to: Int) throws -> [Float] {
        // gc may have freed some since the line was read.
        let part = try part.renewed(in: self)
        if try from > part.lastKept { throw try part.freed }
        let to = try min(to, part.lastKept)
        let first = (from - part.first) / Store.blockLength
        let rows = try rows(
            .block, "WHERE run = ? AND segment = ? AND block >= ? ORDER BY block LIMIT \(Store.blocksInPage)",
            [part.run, part.segment, first])
        var losses: [Float] = []
        for (index, row) in rows.enumerated() {
            let start = part.first + (first + index) * Store.blockLength
            guard start <= to else { break }
            let block = try row.floats("losses")
            guard try row.int("block") == first + index, try row.int("first_iteration") == start,
                start + block.count > to || block.count == Store.blockLength
            else { break }
            losses.append(contentsOf: block[max(0, from - start)..<min(block.count, to - start + 1)])
        }
        guard !losses.isEmpty else {
            throw damaged("run \(part.run), segment \(part.segment)", "the loss of iteration \(from) is missing")
        }
        return losses
    }
}

extension EpochRecord {
    init(_ row: TableRow) throws {
        self.init(
            epoch: try row.int("epoch"), iteration: try row.int("iteration"), loss: try row.float("loss"),
            validationLoss: try row.optionalFloat("val_loss"), validationScore: try row.optionalFloat("val_score"),
            seconds: try row.real("seconds"))
    }
}

extension TableRow {
    /// Little-endian float32s.
    func floats(_ column: String) throws -> [Float] {
        let bytes = try blob(column)
        guard bytes.count % 4 == 0 else { throw bad(column) }
        return [Float](littleEndian: bytes)
    }
}

extension [Float] {
    /// The float32s that `bytes` hold; what is left over at the end is not looked at.
    init(littleEndian bytes: [UInt8]) {
        let count = bytes.count / MemoryLayout<Float>.size
        self.init(unsafeUninitializedCapacity: count) { buffer, initialized in
            bytes.withUnsafeBytes { source in
                for index in 0..<count {
                    let bits = source.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
                    buffer.initializeElement(at: index, to: Float(bitPattern: UInt32(littleEndian: bits)))
                }
            }
            initialized = count
        }
    }
}
