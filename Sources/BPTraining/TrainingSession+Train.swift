import BPCore
import BPJSON
import BPRegistry

extension TrainingSession {
    /// Trains to the end and records everything: every loss, every epoch, keyframes, the end and, if the run
    /// finished, a version of its model.
    /// - Parameters:
    ///   - stop: asked every few milliseconds whether to stop; called on this thread.
    ///   - progress: told how the run gets on after each commit; called on another thread.
    /// - Throws: `notReproducible` where a resume does not recompute what is recorded; what the registry throws.
    public func train(
        stop: @escaping () -> StopRequest? = { nil },
        progress: @escaping @Sendable (TrainingProgress) -> Void = { _ in }
    ) throws(TrainingError) -> TrainingOutcome {
        do throws(TrainingError) {
            let outcome = try trainRecorded(stop, progress)
            try fromRegistry { () throws(RegistryError) in try writer.close() }
            return outcome
        } catch {
            recordFailure(error)
            throw error
        }
    }

    private func trainRecorded(
        _ stop: @escaping () -> StopRequest?, _ progress: @escaping @Sendable (TrainingProgress) -> Void
    ) throws(TrainingError) -> TrainingOutcome {
        let began = ContinuousClock.now
        let best = loop.data.validation == nil ? nil : try BestState(of: loop.trainer)
        let entered = loop.state.iteration
        let (end, request) = try replay(best, stop)
        let replayed = loop.state.iteration - entered
        let recorder = try Recorder(
            writer: writer, path: source.path, trainer: loop.trainer, best: best, policy: policy)
        let keyframes = try start(recorder, progress)
        let ending: Ending
        do throws(TrainingError) {
            if keyframes.isEmpty { try recorder.push(loop.state.keyframe(.start), of: loop.trainer) }
            var listener = RecordingListener(recorder: recorder, stop: stop)
            let last = if let end { end } else { try loop.run(until: epochs, listener: &listener) }
            ending = try Ending(of: self, end: last, request: request ?? listener.request, best: best)
            try recorder.finish(ending.record, ending.keyframe, of: loop.trainer)
        } catch {
            recorder.abandon()
            throw error
        }
        return try ending.outcome(of: self, seconds: (ContinuousClock.now - began).seconds, replayed: replayed)
    }

    /// Records that an error ended the run, unless it is the registry that cannot be written.
    private func recordFailure(_ error: TrainingError) {
        if case .registry = error {
        } else {
            let end = RunEnd(status: .failed, reason: error.description)
            _ = try? writer.commit(Record(end: end))
        }
        try? writer.close()
    }

    /// Recomputes from the keyframe to the last recorded iteration, for a resume.
    /// - Returns: how the loop ended there, if the run is not to go on: only its end was not recorded any more, or a
    ///   request stopped it.
    private func replay(
        _ best: BestState?, _ stop: @escaping () -> StopRequest?
    ) throws(TrainingError) -> (LoopEnd?, StopRequest?) {
        guard let resumption, writer.resumedIteration > 0 else { return (nil, nil) }
        let target = ReplayListener.Target(
            iteration: writer.resumedIteration, epochs: writer.resumedEpoch,
            iterationsPerEpoch: loop.iterationsPerEpoch)
        let (end, request) = try resumption.replay(loop, to: target, best: best, stop: stop)
        return (end == .halted && request == nil ? nil : end, request)
    }

    /// Starts the recorder.
    /// - Returns: the keyframes that are in the registry already.
    private func start(
        _ recorder: Recorder, _ progress: @escaping @Sendable (TrainingProgress) -> Void
    ) throws(TrainingError) -> [KeyframeRecord] {
        let keyframes = try fromRegistry { () throws(RegistryError) in try source.keyframes(ofRun: run) }
        let spaced = keyframes.filter { $0.role == .spaced }
            .map { KeyframePolicy.Spaced(id: $0.id, iteration: $0.iteration, bytes: $0.bytes) }
        let meter = ProgressMeter(epochs: epochs, iterationsPerEpoch: loop.iterationsPerEpoch)
        recorder.start(bestRecorded: keyframes.last { $0.role == .best }?.iteration ?? 0, spaced: spaced) {
            progress(meter.progress($0, epoch: $1))
        }
        return keyframes
    }
}
