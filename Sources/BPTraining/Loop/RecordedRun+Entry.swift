import BPCore
import BPRegistry

extension RecordedRun {
    /// Puts `loop` at the run's newest full keyframe at or before `iteration`. If there is none, the loop begins as the
    /// run did.
    func enterKeyframe(_ loop: TrainingLoop, segment: Int? = nil, atOrBefore iteration: Int) throws {
        let found = try registry.newestFullKeyframeState(ofRun: run.number, segment: segment, atOrBefore: iteration)
        guard let found, found.keyframe.run == run.number else { return try enterBeginning(loop) }
        let parameters = try tensor(TensorName.parameters, of: found)
        try loop.trainer.setParameters(parameters)
        for (index, name) in spec.optimizer.slotNames.enumerated() {
            let slot = try tensor(name, of: found)
            try loop.trainer.setSlot(index, slot)
        }
        try loop.enter(state(at: found.keyframe, onLineOf: segment))
    }

    /// Leaves `loop` at the first weights that were drawn, gives it those that were imported, or puts it at the point at
    /// which a fork left its parent. The parent is replayed for that.
    func enterBeginning(_ loop: TrainingLoop) throws {
        guard let parent = run.parent else { return try enterImported(loop) }
        let point = try registry.recordedPoint(parent.iteration, ofRun: parent.run, segment: parent.segment)
        try RecordedRun(registry, run: point.run, relative: self).handOver(point, to: loop)
    }

    /// Gives `loop` the first weights that the run's first keyframe holds, if they were imported.
    private func enterImported(_ loop: TrainingLoop) throws {
        guard case .imported(let hash) = spec.firstWeights else { return }
        let found = try registry.newestFullKeyframeState(ofRun: run.number, segment: 1, atOrBefore: 0)
        guard let found else { throw damaged("its beginning", "the imported weights are not there") }
        let parameters = try tensor(TensorName.parameters, of: found)
        guard weightsHash(parameters) == hash else {
            throw damaged("its beginning", "its first weights are not the imported ones that its spec names")
        }
        try loop.trainer.setParameters(parameters)
    }

    /// Puts `fork` at `point`, at which it leaves this run. It is recomputed from the nearest keyframe before.
    func handOver(_ point: Point, to fork: TrainingLoop) throws {
        let parent = try replaySound(to: point, threads: fork.trainer.compute.threads).loop
        // Read from the registry, not from `parent`, which may have ended an epoch that the fork still has to end.
        let epochStart = fork.grid.end(of: fork.grid.firstEpoch - 1)
        let sum = try lossSum(after: epochStart, upTo: point.iteration, segment: point.lineSegment)
        try fork.takeOver(parent, lossSum: sum)
    }

    /// The loop's state at a keyframe, derived from what is recorded.
    ///
    /// A line may count fewer epochs at the keyframe's iteration than the keyframe: an epoch whose end was not recorded yet
    /// when the run was rolled back to its last iteration, and was recorded later. The line has still to end that epoch.
    private func state(at keyframe: KeyframeRecord, onLineOf segment: Int?) throws(RegistryError) -> LoopState {
        let part = try registry.line(ofRun: run.number, segment: segment)
            .last { $0.run == keyframe.run && $0.segment == keyframe.segment }
        let ended = min(keyframe.epoch, part.map { $0.firstEpoch - 1 + $0.epochs } ?? keyframe.epoch)
        var state = LoopState(epochs: grid.firstEpoch - 1)
        try registry.forEachEpochs(
            ofRun: run.number, segment: keyframe.segment, from: grid.firstEpoch, to: max(grid.firstEpoch, ended)
        ) {
            for epoch in $0 where epoch.epoch <= ended { _ = state.end(epoch) }
        }
        guard state.epochs == ended else {
            throw damaged(
                "keyframe at iteration \(keyframe.iteration)",
                "\(ended) epochs had ended there, and \(state.epochs) are recorded")
        }
        state.iteration = keyframe.iteration
        state.lossSum = try lossSum(after: grid.end(of: ended), upTo: keyframe.iteration, segment: keyframe.segment)
        return state
    }

    /// Σ B_t J_t of the iterations `start + 1 … last`, the first of an epoch.
    private func lossSum(after start: Int, upTo last: Int, segment: Int) throws(RegistryError) -> Double {
        guard start < last else { return 0 }
        let losses = try registry.losses(ofRun: run.number, segment: segment, from: start + 1, to: last)
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

    func damaged(_ place: String, _ what: String) -> RegistryError {
        .damaged(path: registry.path, place: "run \(run.number), \(place)", what: what)
    }
}

extension TrainingLoop {
    /// Continues from the state of `parent`: with its parameters, in its epoch under way, and with its optimizer slots if
    /// both have the same rule. The stopping state begins anew.
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
