package import BPStore

/// A stretch of a line: what one segment gives to it.
package struct LineRecord: Sendable, Equatable {
    /// The run that recorded it; of a fork, what lies before it is another one.
    package let run: Int
    /// The segment.
    package let segment: Int
    /// Its first iteration.
    package let first: Int
    /// Its last iteration on this line; one less than `first` where it gives none.
    package let last: Int
    /// How many iterations an epoch has.
    package let iterationsPerEpoch: Int
    /// The epoch of its first iteration.
    package let firstEpoch: Int
    /// The iteration after which that epoch began: epoch e ends with iteration
    /// epochStart + (e − firstEpoch + 1)·iterationsPerEpoch.
    package let epochStart: Int
    /// The iteration from which the optimizer counts its steps: step t − origin is taken at iteration t.
    package let stepOrigin: Int
    /// How many epochs it gives to this line, as far as they are recorded.
    package let epochs: Int
}

extension Registry {
    /// The line of a run, oldest stretch first: what leads to its head, or to the end of `segment`, across rollbacks and
    /// forks.
    /// - Throws: `notFound` for a run or a segment that is not there.
    package func line(ofRun number: Int, segment: Int? = nil) throws(RegistryError) -> [LineRecord] {
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
