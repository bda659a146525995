import BPCore
import BPRegistry

extension RunSource {
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
    /// compared loss by loss. The iteration is the run's own: the parent's part of a fork's line is the parent's to
    /// restore (`holder`). Where the run diverged in it, the state is that of the iteration before; `isSound` tells.
    func restore(
        _ iteration: Int, segment: Int, threads: Int
    ) throws -> (loop: TrainingLoop, replayed: Int, isSound: Bool) {
        let loop = try makeLoop(Attempt.compute(threads: threads))
        try enterKeyframe(loop, segment: segment, atOrBefore: iteration)
        let entered = loop.state.iteration
        let end = try advance(loop, to: iteration, segment: segment)
        return (loop, loop.state.iteration - entered, end != .diverged)
    }

    /// The state after `point`'s iteration, from which training can go on.
    /// - Throws: `notResumable` where the run diverged in it.
    func restoreSound(
        _ point: Point, threads: Int
    ) throws -> (loop: TrainingLoop, replayed: Int) {
        let (loop, replayed, isSound) = try restore(point.iteration, segment: point.lineSegment, threads: threads)
        guard isSound else { throw refusedUpdate(at: point) }
        return (loop, replayed)
    }

    /// Recomputes from where `loop` stands to `iteration`, which it has not passed.
    @discardableResult
    func advance(_ loop: TrainingLoop, to iteration: Int, segment: Int) throws -> LoopEnd {
        // That an epoch ends there changes no weight, so it need not be ended.
        let target = ReplayListener.Target(
            iteration: iteration, epochs: grid.epochs(completeAt: iteration - 1), grid: grid)
        var listener = ReplayListener(source: source, run: run.number, segment: segment, target: target)
        return try replay(loop, &listener)
    }

    /// The point that `reference` names, on a line of the run that recorded it.
    static func origin(_ reference: Reference, in source: Registry) throws(RegistryError) -> Point {
        switch try source.resolveWeights(reference) {
        case .point(let point): return try holder(of: point, in: source)
        case .version(let version):
            return try self.point(version.iteration, ofRun: version.run, segment: version.segment, in: source)
        }
    }

    /// `point` as one of the run that recorded it.
    static func holder(of point: Point, in source: Registry) throws(RegistryError) -> Point {
        let line = try source.line(ofRun: point.run, segment: point.lineSegment)
        guard let part = line.holder(of: point.iteration), part.run != point.run else { return point }
        return try self.point(point.iteration, ofRun: part.run, segment: part.segment, in: source)
    }

    /// A point of the line that ends in `segment` of a run, as one of the run that recorded it.
    static func point(
        _ iteration: Int, ofRun run: Int, segment: Int, in source: Registry
    ) throws(RegistryError) -> Point {
        let point = try source.point(.iteration(iteration), ofRun: run, segment: segment)
        return try holder(of: point, in: source)
    }

    /// Puts `loop` at the run's newest full keyframe at or before `iteration`. Where it has none, a fork stands where
    /// it left its parent, and another run at its first weights.
    func enterKeyframe(_ loop: TrainingLoop, segment: Int? = nil, atOrBefore iteration: Int) throws {
        let found = try source.newestFullKeyframeState(ofRun: run.number, segment: segment, atOrBefore: iteration)
        guard let found, found.keyframe.run == run.number else { return try enterBeginning(loop) }
        let parameters = try tensor("parameters", of: found)
        try loop.trainer.setParameters(parameters)
        for (index, name) in spec.optimizer.slotNames.enumerated() {
            let slot = try tensor(name, of: found)
            try loop.trainer.setSlot(index, slot)
        }
        try loop.enter(state(at: found.keyframe))
    }

    /// Leaves `loop` at the first weights that were drawn, gives it those that were imported, or puts it where a fork
    /// left its parent, which is restored for that.
    func enterBeginning(_ loop: TrainingLoop) throws {
        guard let parent = run.parent else { return try enterImported(loop) }
        let point = try RunSource.point(parent.iteration, ofRun: parent.run, segment: parent.segment, in: source)
        try RunSource(source, run: point.run, relative: self).handOver(point, to: loop)
    }

    /// Gives `loop` the first weights that the run's first keyframe holds, where they were imported.
    private func enterImported(_ loop: TrainingLoop) throws {
        guard case .imported(let hash) = spec.firstWeights else { return }
        let found = try source.newestFullKeyframeState(ofRun: run.number, segment: 1, atOrBefore: 0)
        guard let found else { throw damaged("its beginning", "the imported weights are not there") }
        let parameters = try tensor("parameters", of: found)
        guard weightsHash(parameters) == hash else {
            throw damaged("its beginning", "its first weights are not the imported ones that its spec names")
        }
        try loop.trainer.setParameters(parameters)
    }

    /// Puts `fork` where it leaves this run, at `point`, which is recomputed from the nearest keyframe before.
    func handOver(_ point: Point, to fork: TrainingLoop) throws {
        let parent = try restoreSound(point, threads: fork.trainer.compute.threads).loop
        // From the record, and not from `parent`: that may have ended an epoch which the fork is still to end.
        let epochStart = fork.grid.end(of: fork.grid.firstEpoch - 1)
        let sum = try lossSum(after: epochStart, upTo: point.iteration, segment: point.lineSegment)
        try fork.takeOver(parent, lossSum: sum)
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

    /// Recomputes from where `loop` stands until `listener` halts it.
    /// - Returns: why the loop returned; `halted` at the listener's target, or before it by a request.
    func replay(_ loop: TrainingLoop, _ listener: inout ReplayListener) throws -> LoopEnd {
        listener.hasArrived(loop) ? .halted : try loop.run(until: .max, listener: &listener)
    }

    /// The loop's state at a keyframe, derived from what is recorded.
    private func state(at keyframe: KeyframeRecord) throws(RegistryError) -> LoopState {
        var state = LoopState(epochs: grid.firstEpoch - 1)
        try source.forEachEpochs(
            ofRun: run.number, segment: keyframe.segment, from: grid.firstEpoch,
            to: max(grid.firstEpoch, keyframe.epoch)
        ) {
            for epoch in $0 where epoch.epoch <= keyframe.epoch { _ = state.end(epoch) }
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
    private func lossSum(after start: Int, upTo last: Int, segment: Int) throws(RegistryError) -> Double {
        guard start < last else { return 0 }
        let losses = try source.losses(ofRun: run.number, segment: segment, from: start + 1, to: last)
        let rows = data.training.samples.count
        return losses.enumerated().reduce(0) { sum, loss in
            sum + Double(min(spec.batchSize, rows - loss.offset * spec.batchSize)) * Double(loss.element)
        }
    }

    private func tensor(_ name: String, of state: KeyframeState) throws(RegistryError) -> [Float] {
        guard let tensor = state[name] else {
            throw damaged("keyframe at iteration \(state.keyframe.iteration)", "it has no tensor \"\(name)\"")
        }
        return tensor
    }

    private func damaged(_ place: String, _ what: String) -> RegistryError {
        .damaged(path: source.path, place: "run \(run.number), \(place)", what: what)
    }
}

extension TrainingLoop {
    /// Goes on from where `parent` stands: with its parameters; with its optimizer slots where both have the same rule,
    /// else with none; and in the epoch under way. The stopping state begins anew.
    /// - Parameter lossSum: of the epoch under way, over the iterations that the parent did.
    fileprivate func takeOver(_ parent: TrainingLoop, lossSum: Double) throws(CoreError) {
        try trainer.setParameters(parent.trainer.parameters)
        if parent.spec.optimizer.name == spec.optimizer.name {
            for index in spec.optimizer.slotNames.indices {
                try trainer.setSlot(index, parent.trainer.slot(index))
            }
        }
        var state = LoopState(epochs: grid.firstEpoch - 1)
        state.iteration = parent.state.iteration
        state.lossSum = lossSum
        enter(state)
    }
}

extension [LineRecord] {
    /// The run that recorded the state after `iteration` updates, and the last of its segments on the line. Where a fork
    /// left its parent, the state is the fork's own.
    func holder(of iteration: Int) -> (run: Int, segment: Int)? {
        guard
            let part = last(where: { part in
                first { $0.run == part.run }.map { $0.first - 1 <= iteration } ?? false
            })
        else { return nil }
        return (part.run, part.segment)
    }
}
