public import BPStore

/// A stretch of a line: what one segment gives to it.
public struct LineRecord: Sendable, Equatable {
    /// The run that recorded it; of a fork, what lies before it is another one.
    public let run: Int
    /// The segment.
    public let segment: Int
    /// Its first iteration.
    public let first: Int
    /// Its last iteration on this line; one less than `first` where it gives none.
    public let last: Int
    /// How many iterations an epoch has.
    public let iterationsPerEpoch: Int
    /// The epoch of its first iteration.
    public let firstEpoch: Int
    /// The iteration after which that epoch began: epoch e ends with iteration
    /// epochStart + (e − firstEpoch + 1)·iterationsPerEpoch.
    public let epochStart: Int
    /// The iteration from which the optimizer counts its steps: step t − origin is taken at iteration t.
    public let stepOrigin: Int
    /// How many epochs it gives to this line, as far as they are recorded.
    public let epochs: Int
}

extension Registry {
    /// The line of a run, oldest stretch first: what leads to its head, or to the end of `segment`, across rollbacks and
    /// forks.
    /// - Throws: `notFound` for a run or a segment that is not there.
    public func line(ofRun number: Int, segment: Int? = nil) throws(RegistryError) -> [LineRecord] {
        try reading { store in
            try store.line(ofRun: number, segment: segment).map { part in
                let row = part.row
                return LineRecord(
                    run: part.run, segment: part.segment, first: part.first, last: part.last,
                    iterationsPerEpoch: try row.int("iterations_per_epoch"), firstEpoch: try row.int("first_epoch"),
                    epochStart: try row.int("epoch_start"), stepOrigin: try row.int("step_origin"),
                    epochs: try part.epochsEnded(at: part.last) - row.int("first_epoch") + 1)
            }
        }
    }
}
