/// Where the loop stands, beside the parameters and optimizer slots. All of it can be derived from what is recorded.
struct LoopState: Equatable {
    /// Updates done.
    var iteration = 0
    /// Epochs that have ended.
    var epochs = 0
    /// Σ B_t J_t over the iterations of the epoch under way, in order, in Double (THEORY row 3).
    var lossSum = 0.0
    /// Loss of the last epoch that ended, for ε; nil before the first.
    var previousLoss: Float?
    /// The epoch with the lowest validation loss so far, the earliest on ties, never NaN.
    var best: Best?

    /// An epoch that was the best so far.
    struct Best: Equatable {
        var epoch: Int
        var iteration: Int
        var loss: Float
    }

    /// Takes note of an epoch's validation loss.
    /// - Returns: whether it is the lowest so far.
    mutating func note(epoch: Int, iteration: Int, validationLoss: Float) -> Bool {
        guard !validationLoss.isNaN, best.map({ validationLoss < $0.loss }) ?? true else { return false }
        best = Best(epoch: epoch, iteration: iteration, loss: validationLoss)
        return true
    }
}
