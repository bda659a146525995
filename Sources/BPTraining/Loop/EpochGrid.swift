package import BPRegistry

/// Where the epochs of a run lie among its iterations, and from where its optimizer counts steps.
///
/// Epoch e takes the iterations `offset + (e − 1)·length + 1 … offset + e·length`. A run begun from first weights has
/// offset 0; a fork goes on counting where its parent stood, perhaps with epochs of another length.
package struct EpochGrid: Sendable, Equatable {
    /// Iterations in an epoch: ⌈N/B⌉.
    package let length: Int
    /// The iteration before epoch 1, if all epochs had this length; it may be negative.
    let offset: Int
    /// The optimizer takes step t − stepOrigin at iteration t.
    let stepOrigin: Int
    /// The run's first own epoch.
    let firstEpoch: Int

    /// The grid of a run that begins with first weights.
    init(length: Int) { (self.length, offset, stepOrigin, firstEpoch) = (length, 0, 0, 1) }

    /// The grid of a run that goes on after `epoch`, which ended at iteration `end`, with epochs of another length or
    /// the same.
    init(length: Int, after epoch: Int, endingAt end: Int, stepOrigin: Int) {
        (self.length, self.stepOrigin, firstEpoch) = (length, stepOrigin, epoch + 1)
        offset = end - epoch * length
    }

    /// The grid of a run whose first segment this is.
    /// - Returns: nil for numbers that no run has.
    package init?(_ segment: SegmentRecord) {
        let (before, overflows) = (segment.firstEpoch - 1).multipliedReportingOverflow(by: segment.iterationsPerEpoch)
        let first = segment.firstIteration - 1
        guard !overflows, segment.iterationsPerEpoch >= 1, (0..<1 << 53).contains(before),
            (0...max(0, first)).contains(segment.epochStart), (0...max(0, first)).contains(segment.stepOrigin)
        else { return nil }
        length = segment.iterationsPerEpoch
        offset = segment.epochStart - before
        (stepOrigin, firstEpoch) = (segment.stepOrigin, segment.firstEpoch)
    }

    /// The last iteration of an epoch. The epochs of a run are fewer than 2³², its iterations than 2⁵³.
    package func end(of epoch: Int) -> Int {
        let (iterations, overflows) = epoch.multipliedReportingOverflow(by: length)
        return overflows ? .max : iterations &+ offset
    }

    /// How many epochs have had all their iterations after so many updates.
    func epochs(completeAt iteration: Int) -> Int { max(firstEpoch - 1, (iteration - offset) / length) }
}
