import BPRegistry
import Synchronization

/// Makes progress snapshots out of what the recorder commits.
final class ProgressMeter: Sendable {
    private struct Last {
        var time = ContinuousClock.now
        var iteration: Int?
        var bytes = 0
        var rate = 0.0
        var growth = 0.0
        var loss: Float?
        var validationLoss: Float?
    }

    private let epochs: Int
    private let iterationsPerEpoch: Int
    private let last = Mutex(Last())

    init(epochs: Int, iterationsPerEpoch: Int) {
        (self.epochs, self.iterationsPerEpoch) = (epochs, iterationsPerEpoch)
    }

    /// How the run stands after a commit; `epoch` is the last that was recorded.
    func progress(_ recorder: Recorder, epoch: EpochRecord?) -> TrainingProgress {
        let iteration = recorder.iteration
        let (iterations, isBeyond) = epochs.multipliedReportingOverflow(by: iterationsPerEpoch)
        return last.withLock { last in
            let now = ContinuousClock.now
            let seconds = (now - last.time).seconds
            if seconds > 0.05 {
                if let before = last.iteration { last.rate = smooth(last.rate, Double(iteration - before) / seconds) }
                last.growth = smooth(last.growth, Double(recorder.writer.bytesWritten - last.bytes) / seconds)
                (last.time, last.iteration, last.bytes) = (now, iteration, recorder.writer.bytesWritten)
            }
            if let epoch { (last.loss, last.validationLoss) = (epoch.loss, epoch.validationLoss) }
            return TrainingProgress(
                epoch: min(epochs, iteration / iterationsPerEpoch + 1), epochs: epochs, iteration: iteration,
                iterations: isBeyond ? .max : iterations, loss: last.loss, validationLoss: last.validationLoss,
                rate: last.rate, acknowledged: recorder.acknowledged, growth: last.growth)
        }
    }

    private func smooth(_ old: Double, _ new: Double) -> Double { old == 0 ? new : 0.7 * old + 0.3 * new }
}
