import BPRegistry

/// Where the loop stands, beside the parameters and optimizer slots. All of it can be derived from what is recorded.
struct LoopState: Equatable {
    /// Updates done.
    var iteration = 0
    /// Epochs that have ended.
    var epochs = 0
    /// Σ B_t J_t over the iterations of the epoch under way, in order, in Double (THEORY row 3).
    var lossSum = 0.0
    /// The last epoch that ended; nil before the first.
    var last: EpochRecord?
    /// |J_e − J_{e−1}| of the last two epochs that ended; nil before the second.
    var change: Double?
    /// The epoch with the lowest validation loss so far, the earliest on ties, never one that is not finite.
    var best: EpochRecord?

    /// Takes note of an epoch that ended.
    /// - Returns: whether its validation loss is the lowest so far.
    mutating func end(_ epoch: EpochRecord) -> Bool {
        change = last.map { abs(Double(epoch.loss) - Double($0.loss)) }
        (epochs, lossSum, last) = (epoch.epoch, 0, epoch)
        guard let loss = epoch.rankedLoss else { return false }
        if let lowest = best?.validationLoss, loss >= lowest { return false }
        best = epoch
        return true
    }
}
