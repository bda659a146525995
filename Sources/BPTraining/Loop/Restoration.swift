import BPCore
import BPRegistry

extension RunSource {
    /// A loop over this run's data, at the first weights.
    func makeLoop(_ compute: Compute) throws(TrainingError) -> TrainingLoop {
        try TrainingLoop(spec: spec, data: data, compute: compute)
    }

    /// Puts `loop` at the newest full keyframe at or before `iteration`, or leaves it at the first weights.
    func enterKeyframe(_ loop: TrainingLoop, segment: Int? = nil, atOrBefore iteration: Int) throws(TrainingError) {
        let found = try fromRegistry { () throws(RegistryError) in
            try source.newestFullKeyframeState(ofRun: run.number, segment: segment, atOrBefore: iteration)
        }
        guard let found else { return }
        let parameters = try tensor("parameters", of: found)
        try fromCore { () throws(CoreError) in try loop.trainer.setParameters(parameters) }
        for (index, name) in spec.optimizer.slotNames.enumerated() {
            let slot = try tensor(name, of: found)
            try fromCore { () throws(CoreError) in try loop.trainer.setSlot(index, slot) }
        }
        try loop.enter(state(at: found.keyframe))
    }

    /// Recomputes from where `loop` stands until `listener` halts it.
    /// - Returns: why the loop returned; `halted` at the listener's target, or before it by a request.
    func replay(_ loop: TrainingLoop, _ listener: inout ReplayListener) throws(TrainingError) -> LoopEnd {
        listener.hasArrived(loop) ? .halted : try loop.run(until: .max, listener: &listener)
    }

    /// The loop's state at a keyframe, derived from what is recorded.
    private func state(at keyframe: KeyframeRecord) throws(TrainingError) -> LoopState {
        var state = LoopState()
        try fromRegistry { () throws(RegistryError) in
            try source.forEachEpochs(ofRun: run.number, segment: keyframe.segment, from: 1, to: max(1, keyframe.epoch))
            {
                for epoch in $0 where epoch.epoch <= keyframe.epoch { _ = state.end(epoch) }
            }
        }
        guard state.epochs == keyframe.epoch else {
            let place = "run \(run.number), keyframe at iteration \(keyframe.iteration)"
            let what = "\(keyframe.epoch) epochs had ended there, and \(state.epochs) are recorded"
            throw .registry(.damaged(path: source.path, place: place, what: what))
        }
        state.iteration = keyframe.iteration
        let first = keyframe.epoch * run.iterationsPerEpoch + 1
        if first <= keyframe.iteration {
            let losses = try fromRegistry { () throws(RegistryError) in
                try source.losses(ofRun: run.number, segment: keyframe.segment, from: first, to: keyframe.iteration)
            }
            state.lossSum = lossSum(losses)
        }
        return state
    }

    /// Σ B_t J_t of the first iterations of an epoch.
    private func lossSum(_ losses: [Float]) -> Double {
        let rows = data.training.samples.count
        return losses.enumerated().reduce(0) { sum, loss in
            let start = loss.offset * spec.batchSize
            return sum + Double(min(spec.batchSize, rows - start)) * Double(loss.element)
        }
    }

    private func tensor(_ name: String, of state: KeyframeState) throws(TrainingError) -> [Float] {
        guard let tensor = state[name] else {
            let place = "run \(run.number), keyframe at iteration \(state.keyframe.iteration)"
            throw .registry(.damaged(path: source.path, place: place, what: "it has no tensor \"\(name)\""))
        }
        return tensor
    }
}
