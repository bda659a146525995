public import BPStore

/// A stretch of a line: the iterations that one segment gives to it.
public struct LineRecord: Sendable, Equatable {
    /// The run that recorded it; for a fork, the stretches before its beginning are of another run.
    public let run: Int
    /// The segment.
    public let segment: Int
    /// Its first iteration.
    public let first: Int
    /// Its last iteration on this line; one less than `first` if it gives none.
    public let last: Int
    /// The number of iterations of an epoch.
    public let iterationsPerEpoch: Int
    /// The epoch of its first iteration.
    public let firstEpoch: Int
    /// The iteration after which that epoch began: epoch e ends with iteration
    /// epochStart + (e − firstEpoch + 1)·iterationsPerEpoch.
    public let epochStart: Int
    /// The iteration from which the optimizer counts its steps: step t − origin is taken at iteration t.
    public let stepOrigin: Int
    /// The number of epochs that it gives to this line, as far as they are recorded.
    public let epochs: Int
}

extension SnapshotReading {
    /// The line of a run, oldest stretch first, across rollbacks and forks: that of its head, or of `segment`.
    /// - Throws: `notFound` if there is no such run or segment.
    public func line(ofRun number: Int, segment: Int? = nil) throws(RegistryError) -> [LineRecord] {
        try reading { store in
            try Line(ofRun: number, segment: segment, in: store).map { part in
                let record = part.record
                return LineRecord(
                    run: part.run, segment: part.segment, first: part.first, last: part.last,
                    iterationsPerEpoch: record.iterationsPerEpoch, firstEpoch: record.firstEpoch,
                    epochStart: record.epochStart, stepOrigin: record.stepOrigin,
                    epochs: part.epochsEnded(at: part.last) - record.firstEpoch + 1)
            }
        }
    }
}
