import Dispatch
import Synchronization

/// Tells a listener how the run gets on, on a thread of its own: one that blocks, such as a terminal that is held,
/// stops neither the recorder nor the trainer. What comes while it is busy is dropped.
final class ProgressRelay: Sendable {
    private let listener: @Sendable (TrainingProgress) -> Void
    private let queue = DispatchQueue(label: "bpreg.progress")
    private let isBusy = Atomic<Bool>(false)

    init(_ listener: @escaping @Sendable (TrainingProgress) -> Void) { self.listener = listener }

    /// Passes `progress` on, unless the listener is busy.
    func offer(_ progress: TrainingProgress) {
        guard !isBusy.exchange(true, ordering: .acquiringAndReleasing) else { return }
        queue.async { [self] in
            listener(progress)
            isBusy.store(false, ordering: .releasing)
        }
    }

    /// Returns when the listener has returned; it is not called again.
    func finish() { queue.sync {} }
}
