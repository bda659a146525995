import BPRegistry
import Synchronization

/// Makes progress snapshots: of what the recorder commits, or of a training that is not recorded.
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
    private let grid: EpochGrid
    private let last = Mutex(Last())

    init(epochs: Int, grid: EpochGrid) { (self.epochs, self.grid) = (epochs, grid) }

    /// How the run stands after a commit; `epoch` is the last that was recorded.
    func progress(_ recorder: Recorder, epoch: EpochRecord?) -> TrainingProgress {
        progress(
            iteration: recorder.iteration, epoch: epoch, acknowledged: recorder.acknowledged,
            bytes: recorder.writer.bytesWritten)
    }

    /// The progress of a training at `iteration`, which has written so many bytes.
    func progress(
        iteration: Int, epoch: EpochRecord?, acknowledged: Int = 0, bytes: Int = 0
    ) -> TrainingProgress {
        last.withLock { last in
            let now = ContinuousClock.now
            let seconds = (now - last.time).seconds
            if seconds > 0.05 {
                if let before = last.iteration { last.rate = smooth(last.rate, Double(iteration - before) / seconds) }
                last.growth = smooth(last.growth, Double(bytes - last.bytes) / seconds)
                (last.time, last.iteration, last.bytes) = (now, iteration, bytes)
            }
            if let epoch { (last.loss, last.validationLoss) = (epoch.loss, epoch.validationLoss) }
            return TrainingProgress(
                epoch: min(epochs, grid.epochs(completeAt: iteration) + 1), epochs: epochs, iteration: iteration,
                iterations: grid.end(of: epochs), loss: last.loss, validationLoss: last.validationLoss,
                rate: last.rate, acknowledged: acknowledged, growth: last.growth)
        }
    }

    private func smooth(_ old: Double, _ new: Double) -> Double { old == 0 ? new : 0.7 * old + 0.3 * new }
}
