import BPCore
import BPRegistry

extension RecordedRun {
    /// A loop over this run's data, at the first weights.
    func makeLoop(_ compute: Compute) throws -> TrainingLoop {
        let length = spec.iterationsPerEpoch(trainingRows: data.training.samples.count)
        guard grid.length == length else {
            let what = "an epoch has \(grid.length) iterations there, and \(length) by its spec and data"
            throw damaged("segment 1", what)
        }
        return try TrainingLoop(spec: spec, data: data, compute: compute, grid: grid)
    }

    /// A loop after `iteration` updates on the line of `segment`, recomputed from the nearest full keyframe before and
    /// compared loss by loss. The iteration is the run's own; the parent of a fork replays its own part of the line
    /// (`Registry.recordedPoint`). If the run diverged in the iteration, the state is that of the iteration before it and
    /// `isSound` is false.
    func replay(
        to iteration: Int, segment: Int, threads: Int
    ) throws -> (loop: TrainingLoop, replayed: Int, isSound: Bool) {
        let loop = try makeLoop(Attempt.compute(threads: threads))
        try enterKeyframe(loop, segment: segment, atOrBefore: iteration)
        let entered = loop.state.iteration
        let end = try advance(loop, to: iteration, segment: segment)
        return (loop, loop.state.iteration - entered, end != .diverged)
    }

    /// The state after `point`'s iteration, from which training can go on.
    /// - Throws: `TrainingError.notResumable` if the run diverged in it; `RegistryError`, `CoreError`.
    func replaySound(to point: Point, threads: Int) throws -> (loop: TrainingLoop, replayed: Int) {
        let (loop, replayed, isSound) = try replay(to: point.iteration, segment: point.lineSegment, threads: threads)
        guard isSound else { throw refusedUpdate(at: point) }
        return (loop, replayed)
    }

    /// Recomputes from the iteration of `loop` to `iteration`, which it has not passed.
    @discardableResult
    func advance(_ loop: TrainingLoop, to iteration: Int, segment: Int) throws -> LoopEnd {
        // That an epoch ends there changes no weight, so it need not be ended.
        let target = ReplayListener.Target(
            iteration: iteration, epochs: grid.epochs(completeAt: iteration - 1), grid: grid)
        var listener = ReplayListener(registry: registry, run: run.number, segment: segment, target: target)
        return try replay(loop, &listener)
    }

    /// Refuses the last iteration of a run that diverged, before anything is computed: its update was not made, so it has
    /// no state of its own.
    func refuseDivergence(at point: Point) throws(TrainingError) {
        guard run.status == .diverged, point.iteration == run.iterations, point.lineSegment == run.headSegment else {
            return
        }
        throw refusedUpdate(at: point)
    }

    func refusedUpdate(at point: Point) -> TrainingError {
        .notResumable(
            run: run.number, status: .diverged,
            reason: "the update of iteration \(point.iteration) was refused; iteration \(point.iteration - 1) is sound")
    }

    /// Recomputes from the iteration of `loop` until `listener` halts it.
    /// - Returns: why the loop returned; `halted` at the listener's target, or before it by a request.
    func replay(_ loop: TrainingLoop, _ listener: inout ReplayListener) throws -> LoopEnd {
        listener.hasArrived(loop) ? .halted : try loop.run(until: .max, listener: &listener)
    }
}
