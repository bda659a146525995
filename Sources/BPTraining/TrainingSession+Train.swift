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
        let began = ContinuousClock.now
        let hasValidation = loop.data.validation != nil
        let best = hasValidation ? try BestState(of: loop.trainer) : nil
        let entered = loop.state.iteration
        var end = try replay(best)
        let replayed = loop.state.iteration - entered
        let recorder = try Recorder(
            writer: writer, path: source.path, trainer: loop.trainer, best: best, policy: policy)
        try start(recorder, progress)
        if writer.resumedIteration == 0 { try recorder.push(loop.state.keyframe(.start), of: loop.trainer) }
        var listener = RecordingListener(recorder: recorder, stop: stop)
        if end == nil { end = try loop.run(until: epochs, listener: &listener) }
        let ending = try Ending(of: self, end: end ?? .halted, request: listener.request, best: best)
        try recorder.push(ending.keyframe, of: loop.trainer)
        try recorder.finish(ending.record)
        return try ending.outcome(of: self, seconds: (ContinuousClock.now - began).seconds, replayed: replayed)
    }

    /// Recomputes from the keyframe to the last recorded iteration, for a resume.
    /// - Returns: how the run ended there, if it did and only the end was not recorded any more.
    private func replay(_ best: BestState?) throws(TrainingError) -> LoopEnd? {
        guard let resumption, writer.resumedIteration > 0 else { return nil }
        let target = ReplayListener.Target(
            iteration: writer.resumedIteration, epochs: writer.resumedEpoch, iterationsPerEpoch: loop.iterationsPerEpoch
        )
        let end = try resumption.replay(loop, to: target, best: best)
        return end == .halted ? nil : end
    }

    private func start(
        _ recorder: Recorder, _ progress: @escaping @Sendable (TrainingProgress) -> Void
    ) throws(TrainingError) {
        let keyframes = try fromRegistry { () throws(RegistryError) in try source.keyframes(ofRun: run) }
        let spaced = keyframes.filter { $0.role == .spaced }
            .map { KeyframePolicy.Spaced(id: $0.id, iteration: $0.iteration, bytes: $0.bytes) }
        let meter = ProgressMeter(epochs: epochs, iterationsPerEpoch: loop.iterationsPerEpoch)
        recorder.start(bestRecorded: keyframes.last { $0.role == .best }?.iteration ?? 0, spaced: spaced) {
            progress(meter.progress($0, epoch: $1))
        }
    }
}
