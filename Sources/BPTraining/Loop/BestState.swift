import BPCore
import Synchronization

/// The parameters at the best epoch so far, copied in memory when it ended. The recorder takes them with its next
/// commit, so that a network of microseconds writes one a commit and not one an epoch.
final class BestState: Sendable {
    /// The parameters of the best epoch, and which it was.
    struct Kept: Sendable, Equatable {
        let epoch: Int
        let iteration: Int
        let parameters: [Float]
    }

    private struct Content {
        let snapshot: StateSnapshot
        var epoch = 0
        var iteration = 0
    }

    private let content: Mutex<Content>

    init(of trainer: Backpropagation) throws(CoreError) {
        let snapshot = try trainer.makeParameterSnapshot()
        content = Mutex(Content(snapshot: snapshot))
    }

    /// Copies the trainer's parameters.
    func keep(epoch: Int, iteration: Int, of trainer: Backpropagation) {
        content.withLock { content in
            trainer.snapshot(into: content.snapshot)
            (content.epoch, content.iteration) = (epoch, iteration)
        }
    }

    /// The parameters kept, if they are newer than `iteration`.
    func kept(after iteration: Int = 0) -> Kept? {
        content.withLock { content in
            guard content.iteration > iteration else { return nil }
            return Kept(
                epoch: content.epoch, iteration: content.iteration, parameters: content.snapshot.canonicalParameters)
        }
    }
}
