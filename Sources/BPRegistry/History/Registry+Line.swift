package import BPStore

/// A stretch of a line: the iterations that one segment contributes to it.
package struct LineRecord: Sendable, Equatable {
    /// The run that recorded it; for a fork, the stretches before its beginning belong to another run.
    package let run: Int
    /// The segment.
    package let segment: Int
    /// Its first iteration.
    package let first: Int
    /// Its last iteration on this line; one less than `first` if it contributes none.
    package let last: Int
    /// The number of iterations of an epoch.
    package let iterationsPerEpoch: Int
    /// The epoch of its first iteration.
    package let firstEpoch: Int
    /// The iteration after which that epoch began: epoch e ends with iteration
    /// epochStart + (e − firstEpoch + 1)·iterationsPerEpoch.
    package let epochStart: Int
    /// The iteration from which the optimizer counts its steps: step t − origin is taken at iteration t.
    package let stepOrigin: Int
    /// The number of epochs that it contributes to this line, as far as they are recorded.
    package let epochs: Int
}

extension SnapshotReading {
    /// The line of a run, oldest stretch first, across rollbacks and forks: the line of its head, or of `segment`.
    /// - Throws: `notFound` if there is no such run or segment.
    package func line(ofRun number: Int, segment: Int? = nil) throws(RegistryError) -> [LineRecord] {
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
