import BPCore
import BPRegistry
import Dispatch
import Synchronization

/// Writes what the trainer does, on a thread of its own: the trainer does not wait on the disk.
///
/// The trainer hands over losses through a ring, epochs and at most one keyframe through a lock, and the recorder
/// commits them together at least every 200 ms. What is committed is always a state from which a resume is exact:
/// an iteration never without the epochs that ended before it, a full keyframe never without the best epoch before it.
final class Recorder: Sendable {
    /// What the trainer has handed over and the recorder has not taken.
    private struct Handover {
        var epochs: [EpochRecord] = []
        var keyframe: NewKeyframe?
        var keyframeCopySeconds = 0.0
        var end: RunEnd?
        /// No end comes any more.
        var isAbandoned = false
    }

    /// What the recorder tells.
    private struct Report {
        var keyframeCost = 0.0
        var failure: RegistryError?
        var lowSpace = false
    }

    let writer: RunWriter
    private let path: String
    /// Bytes of a full keyframe.
    private let stateBytes: Int
    let policy: KeyframePolicy
    let ring = LossRing()
    let best: BestState?
    private let snapshot: StateSnapshot
    private let slotNames: [String]
    private let stepOrigin: Int
    private let handover = Mutex(Handover())
    private let report = Mutex(Report())
    private let keyframeIsBusy = Atomic<Bool>(false)
    private let needsAttention = Atomic<Bool>(false)
    private let wake = DispatchSemaphore(value: 0)
    private let thread = DispatchGroup()
    private let firstIteration: Int

    /// - Parameter best: where the trainer keeps the parameters of the best epoch; nil without a validation split.
    init(
        writer: RunWriter, path: String, loop: TrainingLoop, best: BestState?, policy: KeyframePolicy
    ) throws(CoreError) {
        let trainer = loop.trainer
        stepOrigin = loop.grid.stepOrigin
        (self.writer, self.path, self.best, self.policy) = (writer, path, best, policy)
        stateBytes = trainer.optimizer.stateBytes(trainer.network)
        snapshot = try trainer.makeSnapshot()
        slotNames = trainer.optimizer.slotNames
        firstIteration = writer.resumedIteration
    }

    // MARK: The trainer's side

    /// Places for the next losses, at most `most`; waits while four million are behind.
    func room(_ most: Int) throws(RegistryError) -> UnsafeMutableBufferPointer<Float> {
        while true {
            let room = ring.room(most)
            if !room.isEmpty { return room }
            wake.signal()
            try throwFailure()
            Pause.milliseconds(1)
        }
    }

    /// Hands over so many losses, which were written where `room` said.
    func push(_ count: Int) {
        if ring.push(count) { wake.signal() }
    }

    /// Hands over an epoch. Many that wait are written at once: the end of a run waits for them.
    func push(_ epoch: EpochRecord) {
        let waiting = handover.withLock { handover in
            handover.epochs.append(epoch)
            return handover.epochs.count
        }
        if waiting == Recorder.worthWriting { wake.signal() }
    }

    /// So many epochs that wait are worth a commit of their own.
    private static let worthWriting = 4096

    /// Whether a keyframe could be handed over now: none is being written.
    var takesKeyframe: Bool { !keyframeIsBusy.load(ordering: .acquiring) }

    /// What the last keyframe cost, in seconds of copying and writing.
    var keyframeCost: Double { report.withLock { $0.keyframeCost } }

    /// Copies the state and hands it over, with the run's end if this is it; waits while another is being written.
    func push(_ keyframe: NewKeyframe, of trainer: Backpropagation, end: RunEnd? = nil) throws(RegistryError) {
        while !takesKeyframe {
            try throwFailure()
            Pause.milliseconds(1)
        }
        let began = ContinuousClock.now
        trainer.snapshot(into: snapshot)
        keyframeIsBusy.store(true, ordering: .releasing)
        let seconds = (ContinuousClock.now - began).seconds
        handover.withLock { ($0.keyframe, $0.keyframeCopySeconds, $0.end) = (keyframe, seconds, end) }
        wake.signal()
    }

    /// Hands over the end with its keyframe, which one transaction records, and waits until it is committed.
    /// - Throws: what made recording fail, now or earlier.
    func finish(_ end: RunEnd, _ keyframe: NewKeyframe, of trainer: Backpropagation) throws(RegistryError) {
        try push(keyframe, of: trainer, end: end)
        thread.wait()
        try throwFailure()
    }

    /// Ends the thread without an end of the run: what was handed over is committed if it can be.
    func abandon() {
        handover.withLock { $0.isAbandoned = true }
        wake.signal()
        thread.wait()
    }

    /// The last iteration that was handed over.
    var iteration: Int { firstIteration + ring.pushed }

    /// The last iteration whose commit has returned.
    var acknowledged: Int { writer.acknowledgedIteration }

    /// Whether free space fell under the reserve.
    var isLowOnSpace: Bool { report.withLock { $0.lowSpace } }

    /// Throws what made recording fail, if anything did.
    func throwFailure() throws(RegistryError) {
        guard needsAttention.load(ordering: .relaxed) else { return }
        if let failure = report.withLock({ $0.failure }) { throw failure }
    }

    // MARK: The recorder's thread

    /// Starts the thread.
    /// - Parameters:
    ///   - bestRecorded: the iteration of the best keyframe that is in the registry already; 0 for none.
    ///   - spaced: the spaced keyframes that are in the registry already.
    ///   - onCommit: called on the recorder's thread after each commit.
    func start(
        bestRecorded: Int, spaced: [KeyframePolicy.Spaced],
        onCommit: @escaping @Sendable (Recorder, EpochRecord?) -> Void
    ) {
        DispatchQueue(label: "bpreg.recorder").async(group: thread) { [self] in
            var work = Work(bestRecorded: bestRecorded, spaced: spaced)
            do throws(RegistryError) {
                while try !round(&work) {
                    onCommit(self, work.lastEpoch)
                    _ = wake.wait(timeout: .now() + .milliseconds(200))
                }
            } catch {
                report.withLock { $0.failure = error }
                needsAttention.store(true, ordering: .releasing)
            }
        }
    }

    /// What the thread remembers between rounds.
    private struct Work {
        var bestRecorded: Int
        var spaced: [KeyframePolicy.Spaced]
        var lastEpoch: EpochRecord?
        /// Epochs taken and not yet committed.
        var epochs: [EpochRecord] = []

        /// Adds a spaced keyframe.
        /// - Returns: the ones to be given up for it.
        mutating func thin(adding staged: StagedKeyframe, bytes: Int, _ policy: KeyframePolicy) -> [Int] {
            spaced.append(.init(id: staged.id, iteration: staged.iteration, bytes: bytes))
            let surplus = policy.surplus(spaced)
            spaced.removeAll { surplus.contains($0.id) }
            return surplus
        }
    }

    /// One commit of all that is there.
    /// - Returns: whether it was the last.
    private func round(_ work: inout Work) throws(RegistryError) -> Bool {
        // The trainer hands over a loss, then the epoch that it ends, then the best state, then a keyframe or the end.
        // They are taken in the opposite order, so that whatever is taken comes with all that was before it.
        let taken = handover.withLock { handover in
            defer { (handover.keyframe, handover.end) = (nil, nil) }
            return (
                keyframe: handover.keyframe, copySeconds: handover.keyframeCopySeconds, end: handover.end,
                isAbandoned: handover.isAbandoned
            )
        }
        let kept = best?.kept(after: work.bestRecorded)
        var pushed = gather(&work)
        var keyframes: [StagedKeyframe] = []
        var deleted: [Int] = []
        if let kept {
            let new = NewKeyframe(
                iteration: kept.iteration, epoch: kept.epoch, kind: .weights, role: .best,
                optimizerStep: kept.iteration - stepOrigin)
            keyframes.append(try stage(new, [NewTensor(TensorName.parameters, floats: kept.parameters)], &work))
            work.bestRecorded = kept.iteration
        }
        if let new = taken.keyframe {
            let began = ContinuousClock.now
            let staged = try stage(new, stateTensors(), &work)
            keyframes.append(staged)
            let cost = taken.copySeconds + (ContinuousClock.now - began).seconds
            report.withLock { $0.keyframeCost = cost }
            if new.role == .spaced { deleted = work.thin(adding: staged, bytes: stateBytes, policy) }
        }
        pushed = max(pushed, position(of: work.epochs.last?.iteration), position(of: keyframes.map(\.iteration).max()))
        try commit(upTo: pushed, &work, keyframes: keyframes, deleted: deleted, end: taken.end)
        if taken.keyframe != nil { keyframeIsBusy.store(false, ordering: .releasing) }
        watchSpace()
        return taken.end != nil || taken.isAbandoned
    }

    /// Takes the epochs that were handed over.
    /// - Returns: a position of the ring up to which no iteration follows an epoch that was not taken.
    private func gather(_ work: inout Work) -> Int {
        let pushed = ring.pushed
        work.epochs += handover.withLock { handover in
            defer { handover.epochs = [] }
            return handover.epochs
        }
        return pushed
    }

    /// Writes a keyframe's tensors ahead, committing losses meanwhile.
    private func stage(
        _ new: NewKeyframe, _ tensors: [NewTensor], _ work: inout Work
    ) throws(RegistryError) -> StagedKeyframe {
        try writer.stage(new, tensors: tensors) { () throws(RegistryError) in
            try commit(upTo: gather(&work), &work)
        }
    }

    /// Commits losses up to the ring's position `last`, with the epochs taken. The writer cuts what is too much for one
    /// transaction, and lets an empty record do no more than renew the lease now and then.
    private func commit(
        upTo last: Int, _ work: inout Work, keyframes: [StagedKeyframe] = [], deleted: [Int] = [], end: RunEnd? = nil
    ) throws(RegistryError) {
        let losses = ring.take(upTo: last)
        let reached = firstIteration + ring.position
        let ended = Array(work.epochs.prefix { $0.iteration <= reached })
        try writer.commit(
            RunCommit(losses: losses, epochs: ended, keyframes: keyframes, deletedKeyframes: deleted, end: end))
        work.lastEpoch = ended.last ?? work.lastEpoch
        work.epochs.removeFirst(ended.count)
    }

    /// The ring's position after iteration `iteration`.
    private func position(of iteration: Int?) -> Int { max(0, (iteration ?? 0) - firstIteration) }

    private func stateTensors() -> [NewTensor] {
        [NewTensor(TensorName.parameters, floats: snapshot.canonicalParameters)]
            + slotNames.enumerated().map { NewTensor($1, floats: snapshot.canonicalSlot($0)) }
    }

    private func watchSpace() {
        guard let free = FreeSpace.bytes(beside: path), free < FreeSpace.reserve + stateBytes else { return }
        report.withLock { $0.lowSpace = true }
        needsAttention.store(true, ordering: .releasing)
    }
}
