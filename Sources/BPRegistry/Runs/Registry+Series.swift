import BPStore

extension SnapshotReading {
    /// The epochs `from…to` that ended on the line of a run: the line of its head, or of `segment`.
    /// - Throws: `freed` if gc has freed some of them.
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
        let line = try reading { store in try Line(ofRun: number, segment: segment, in: store) }
        var next = max(1, from)
        for part in line {
            var isMore = true
            while isMore, next <= to {
                let page = try reading { store in try part.epochs(from: next, to: to, in: store) }
                for (index, epoch) in page.enumerated() where epoch.epoch != next + index {
                    throw .damaged(
                        path: path, place: "run \(part.run), segment \(part.segment)",
                        what: "epoch \(next + index) is missing")
                }
                next += page.count
                isMore = page.count == Limit.page
                if !page.isEmpty { try body(page) }
            }
            // Epochs that were recorded and have been freed since.
            try reading { store in
                let part = try part.renewed(in: store)
                if next > part.lastKeptEpoch && next <= min(to, part.epochsEnded(at: part.last)) { throw part.freed }
            }
        }
    }

    /// The losses of the iterations `from…to` on the line of a run: the line of its head, or of `segment`.
    /// - Throws: `freed` if gc has freed some of them.
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
        let line = try reading { store in try Line(ofRun: number, segment: segment, in: store) }
        var next = max(1, from)
        for part in line {
            let last = min(to, part.last)
            while next <= last {
                let page = try reading { store in try part.losses(from: next, to: last, in: store) }
                try body(next, page)
                next += page.count
            }
        }
    }
}
