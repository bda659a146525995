import BPCore
import BPJSON
import BPRegistry

extension TrainingSession {
    /// Trains to the end and records everything: every loss, every epoch, keyframes, the end and, if the run
    /// finished, a version of its model.
    /// - Parameters:
    ///   - stop: asked every few milliseconds whether to stop; called on this thread.
    ///   - progress: told how the run gets on after commits; called on another thread, and not again while it is busy.
    /// - Throws: `TrainingError.notReproducible` if a resume does not recompute the recorded losses; `RegistryError`,
    ///   `CoreError`.
    public func train(
        stop: @escaping () -> StopRequest? = { nil },
        progress: @escaping @Sendable (TrainingProgress) -> Void = { _ in }
    ) throws -> TrainingOutcome {
        do {
            let outcome = try trainRecorded(stop, progress)
            try writer.close()
            try registry.checkPlace(run: run)
            return outcome
        } catch {
            recordFailure(error)
            throw error
        }
    }

    private func trainRecorded(
        _ stop: @escaping () -> StopRequest?, _ progress: @escaping @Sendable (TrainingProgress) -> Void
    ) throws -> TrainingOutcome {
        let began = ContinuousClock.now
        let best = try makeBest()
        let recorder = try Recorder(
            writer: writer, path: registry.path, loop: loop, best: best, policy: policy)
        let relay = ProgressRelay(progress)
        defer { relay.finish() }
        // It records before the replay has ended already: the lease must not run out meanwhile.
        let hasStart = try start(recorder, relay)
        let entered = loop.state.iteration
        let ending: Ending
        let replayed: Int
        do {
            var (end, request) = try replay(recorder, stop)
            replayed = loop.state.iteration - entered
            // Where a segment begins, so that neither what it was rolled back from nor a parent is needed again.
            if !hasStart, end != .diverged, loop.state.iteration == writer.resumedIteration {
                try recorder.push(loop.keyframe(.start), of: loop.trainer)
            }
            if end == nil {
                var listener = RecordingListener(recorder: recorder, stop: stop)
                end = try loop.run(until: epochs, listener: &listener)
                request = listener.request
            }
            ending = try Ending(of: self, end: end ?? .halted, request: request, best: best)
            try recorder.finish(ending.end, ending.keyframe, of: loop.trainer)
        } catch {
            recorder.abandon()
            throw error
        }
        return try ending.outcome(of: self, seconds: (ContinuousClock.now - began).seconds, replayed: replayed)
    }

    /// Records that an error ended the run, unless it is the registry that cannot be written.
    private func recordFailure(_ error: any Error) {
        defer { try? writer.close() }
        // What had finished stays finished, unless something was added to it.
        if resumption?.run.status == .finished, (try? writer.giveBack()) != nil { return }
        if error is RegistryError { return }
        _ = try? writer.commit(RunCommit(end: RunEnd(status: .failed, reason: "\(error)")))
    }

    /// Recomputes from the keyframe to the last recorded iteration, for a resume.
    /// - Returns: how the loop ended there, if the run is not to go on: only its end was not recorded any more, or a
    ///   request stopped it.
    private func replay(
        _ recorder: Recorder, _ stop: @escaping () -> StopRequest?
    ) throws -> (LoopEnd?, StopRequest?) {
        guard let resumption else { return (nil, nil) }
        let target = ReplayListener.Target(
            iteration: writer.resumedIteration, epochs: writer.resumedEpoch, grid: loop.grid)
        var listener = ReplayListener(
            registry: registry, run: run, segment: nil, target: target, best: recorder.best,
            unrecorded: { recorder.push($0) }, stop: stop)
        let end = try resumption.replay(loop, &listener)
        return (end == .halted && listener.request == nil ? nil : end, listener.request)
    }

    /// Where the best epoch's parameters are kept. A rollback may have made an epoch the best again whose weights
    /// were given up for a later one's: they are recomputed.
    private func makeBest() throws -> BestState? {
        guard loop.data.validation != nil else { return nil }
        let best = try BestState(of: loop.trainer)
        guard let resumption, let epoch = resumption.run.best else { return best }
        let stored = try registry.keyframe(ofRun: run, at: epoch.iteration)
        if stored == nil {
            let segment = resumption.run.headSegment
            let threads = loop.trainer.compute.threads
            let replayed = try resumption.replay(to: epoch.iteration, segment: segment, threads: threads).loop
            best.keep(epoch: epoch.epoch, iteration: epoch.iteration, of: replayed.trainer)
        }
        return best
    }

    /// The keyframes on the run's line that it placed itself: its parent's are the parent's to keep within a budget.
    func ownKeyframes() throws(RegistryError) -> [KeyframeRecord] {
        try registry.keyframes(ofRun: run).filter { $0.run == run }
    }

    /// Starts the recorder.
    /// - Returns: whether the segment has a keyframe already.
    private func start(
        _ recorder: Recorder, _ relay: ProgressRelay
    ) throws(RegistryError) -> Bool {
        let keyframes = try ownKeyframes()
        let archived = try registry.archivedKeyframes(ofRun: run)
        let spaced = keyframes.filter { $0.role == .spaced && !archived.contains($0.id) }
            .map { KeyframePolicy.Spaced(id: $0.id, iteration: $0.iteration, bytes: $0.bytes) }
        let meter = ProgressMeter(epochs: epochs, grid: loop.grid)
        recorder.start(bestRecorded: keyframes.last { $0.role == .best }?.iteration ?? 0, spaced: spaced) {
            relay.offer(meter.progress($0, epoch: $1))
        }
        return keyframes.contains { $0.segment == writer.segment }
    }
}
