import BPCore
import BPRegistry

extension RunSource {
    /// A loop over this run's data, at the first weights.
    func makeLoop(_ compute: Compute) throws(TrainingError) -> TrainingLoop {
        let length = spec.iterationsPerEpoch(trainingRows: data.training.samples.count)
        guard grid.length == length else {
            let what = "an epoch has \(grid.length) iterations there, and \(length) by its spec and data"
            throw damaged("segment 1", what)
        }
        return try TrainingLoop(spec: spec, data: data, compute: compute, grid: grid)
    }

    /// A loop at `point`, recomputed from the nearest full keyframe before it and compared loss by loss. The point is
    /// the run's own: one of the parent's part of a fork's line is restored by the parent (`holder`).
    func restore(
        _ point: Point, threads: Int, stop: @escaping () -> StopRequest? = { nil }
    ) throws(TrainingError) -> (loop: TrainingLoop, replayed: Int) {
        let loop = try makeLoop(Attempt.compute(threads: threads))
        try enterKeyframe(loop, segment: point.lineSegment, atOrBefore: point.iteration)
        let entered = loop.state.iteration
        // That an epoch ends at the point changes no weight, so it need not be ended.
        let target = ReplayListener.Target(
            iteration: point.iteration, epochs: grid.epochs(completeAt: point.iteration - 1), grid: grid)
        var listener = ReplayListener(
            source: source, run: run.number, segment: point.lineSegment, target: target, stop: stop)
        _ = try replay(loop, &listener)
        return (loop, loop.state.iteration - entered)
    }

    /// A point of the line that ends in `segment`.
    func point(_ iteration: Int, segment: Int) throws(TrainingError) -> Point {
        let reference = Reference.run(run.number, segment: segment, point: .iteration(iteration))
        guard case .point(let point) = try fromRegistry({ () throws(RegistryError) in try source.resolve(reference) })
        else { throw damaged("segment \(segment)", "\(reference) is no point") }
        return point
    }

    /// Puts `loop` at the run's newest full keyframe at or before `iteration`. Where it has none, a fork stands where
    /// it left its parent, and another run at its first weights.
    func enterKeyframe(_ loop: TrainingLoop, segment: Int? = nil, atOrBefore iteration: Int) throws(TrainingError) {
        let found = try fromRegistry { () throws(RegistryError) in
            try source.newestFullKeyframeState(ofRun: run.number, segment: segment, atOrBefore: iteration)
        }
        guard let found, found.keyframe.run == run.number else {
            if let parent = run.parent { try enterForkPoint(parent, loop) }
            return
        }
        let parameters = try tensor("parameters", of: found)
        try fromCore { () throws(CoreError) in try loop.trainer.setParameters(parameters) }
        for (index, name) in spec.optimizer.slotNames.enumerated() {
            let slot = try tensor(name, of: found)
            try fromCore { () throws(CoreError) in try loop.trainer.setSlot(index, slot) }
        }
        try loop.enter(state(at: found.keyframe))
    }

    /// Restores the parent where it was left, and takes its state over.
    private func enterForkPoint(_ parent: RunRecord.Parent, _ loop: TrainingLoop) throws(TrainingError) {
        let before = try RunSource(source, run: parent.run)
        let point = try before.point(parent.iteration, segment: parent.segment)
        try loop.takeOver(before.restore(point, threads: loop.trainer.compute.threads).loop)
    }

    /// Recomputes from where `loop` stands until `listener` halts it.
    /// - Returns: why the loop returned; `halted` at the listener's target, or before it by a request.
    func replay(_ loop: TrainingLoop, _ listener: inout ReplayListener) throws(TrainingError) -> LoopEnd {
        listener.hasArrived(loop) ? .halted : try loop.run(until: .max, listener: &listener)
    }

    /// The loop's state at a keyframe, derived from what is recorded.
    private func state(at keyframe: KeyframeRecord) throws(TrainingError) -> LoopState {
        var state = LoopState(epochs: grid.firstEpoch - 1)
        try fromRegistry { () throws(RegistryError) in
            try source.forEachEpochs(
                ofRun: run.number, segment: keyframe.segment, from: grid.firstEpoch,
                to: max(grid.firstEpoch, keyframe.epoch)
            ) {
                for epoch in $0 where epoch.epoch <= keyframe.epoch { _ = state.end(epoch) }
            }
        }
        guard state.epochs == keyframe.epoch else {
            throw damaged(
                "keyframe at iteration \(keyframe.iteration)",
                "\(keyframe.epoch) epochs had ended there, and \(state.epochs) are recorded")
        }
        state.iteration = keyframe.iteration
        state.lossSum = try lossSum(
            after: grid.end(of: keyframe.epoch), upTo: keyframe.iteration, segment: keyframe.segment)
        return state
    }

    /// Σ B_t J_t of the iterations `start + 1 … last`, the first of an epoch.
    private func lossSum(after start: Int, upTo last: Int, segment: Int) throws(TrainingError) -> Double {
        guard start < last else { return 0 }
        let losses = try fromRegistry { () throws(RegistryError) in
            try source.losses(ofRun: run.number, segment: segment, from: start + 1, to: last)
        }
        let rows = data.training.samples.count
        return losses.enumerated().reduce(0) { sum, loss in
            sum + Double(min(spec.batchSize, rows - loss.offset * spec.batchSize)) * Double(loss.element)
        }
    }

    private func tensor(_ name: String, of state: KeyframeState) throws(TrainingError) -> [Float] {
        guard let tensor = state[name] else {
            throw damaged("keyframe at iteration \(state.keyframe.iteration)", "it has no tensor \"\(name)\"")
        }
        return tensor
    }

    private func damaged(_ place: String, _ what: String) -> TrainingError {
        .registry(.damaged(path: source.path, place: "run \(run.number), \(place)", what: what))
    }
}

extension TrainingLoop {
    /// Goes on from where `parent` stands: with its parameters; with its optimizer slots where both have the same rule,
    /// else with none; and in the epoch under way. The stopping state begins anew.
    func takeOver(_ parent: TrainingLoop) throws(TrainingError) {
        try fromCore { () throws(CoreError) in
            try trainer.setParameters(parent.trainer.parameters)
            guard parent.spec.optimizer.name == spec.optimizer.name else { return }
            for index in spec.optimizer.slotNames.indices {
                try trainer.setSlot(index, parent.trainer.slot(index))
            }
        }
        var state = LoopState(epochs: grid.firstEpoch - 1)
        state.iteration = parent.state.iteration
        if state.iteration > grid.end(of: state.epochs) { state.lossSum = parent.state.lossSum }
        enter(state)
    }
}
