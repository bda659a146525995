import BPCore
import BPRegistry

/// The training loop: epochs of iterations over the training split (THEORY rows 3, 9–12).
///
/// Resume and replay are this loop with another beginning and another listener. The clock it reads tells how
/// many seconds an epoch took and influences nothing.
final class TrainingLoop {
    let spec: TrainingSpec
    let data: TrainingData
    let trainer: Backpropagation
    private(set) var state = LoopState()
    /// Where its epochs lie.
    let grid: EpochGrid
    private var order: [Int32] = []
    private var orderEpoch = 0
    private var epochBegan = ContinuousClock.now

    /// The loop at iteration 0, with the first weights if they are drawn; imported ones are for the caller to set.
    /// - Parameter grid: where the epochs lie; those of a run that begins with first weights unless said.
    init(
        spec: TrainingSpec, data: TrainingData, compute: Compute, grid: EpochGrid? = nil
    ) throws(CoreError) {
        self.spec = spec
        self.data = data
        trainer = try Backpropagation(
            network: spec.network, loss: spec.loss, rule: spec.rule, batchCapacity: spec.batchSize,
            numerics: Numerics(version: spec.numerics), compute: compute)
        if let initializer = spec.firstWeights.initializer {
            trainer.initialize(initializer, seed: UInt64(spec.seed))
        }
        self.grid =
            grid ?? EpochGrid(length: spec.iterationsPerEpoch(trainingRows: data.training.samples.count))
    }

    /// Puts the loop at another state; the parameters and slots are set on `trainer`.
    func enter(_ state: LoopState) {
        self.state = state
        epochBegan = ContinuousClock.now
    }

    /// Trains until `epochLimit` epochs have ended, a stopping rule holds, the run diverges, or the listener halts it.
    func run(until epochLimit: Int, listener: inout some TrainingListener) throws -> LoopEnd {
        // A run that had ended by its tolerance ends again, wherever it is entered.
        if hasSettled { return .tolerance }
        while true {
            if state.iteration == grid.end(of: state.epochs + 1) {
                if let end = try endEpoch(&listener) { return end }
                if try listener.pause(self) { return .halted }
            }
            if state.epochs >= epochLimit { return .epochLimit }
            if let end = try trainEpoch(&listener) { return end }
        }
    }

    /// The iterations of the epoch under way, from where the state stands to the epoch's last.
    private func trainEpoch(_ listener: inout some TrainingListener) throws -> LoopEnd? {
        if spec.shuffle, orderEpoch != state.epochs + 1 {
            orderEpoch = state.epochs + 1
            order = permutation(of: data.training.samples.count, seed: UInt64(spec.seed), epoch: orderEpoch)
        }
        let samples = data.training.samples
        let first = grid.end(of: state.epochs)
        let last = first + grid.length
        let rate = spec.learningRate(epoch: state.epochs + 1)
        return try withOrder { order in
            while state.iteration < last {
                let start = (state.iteration - first) * spec.batchSize
                let range = start..<min(start + spec.batchSize, samples.count)
                let result = trainer.step(
                    samples, rows: order, range: range, optimizerStep: state.iteration + 1 - grid.stepOrigin,
                    learningRate: rate)
                state.iteration += 1
                state.lossSum += Double(range.count) * Double(result.loss)
                let halts = try listener.iteration(state.iteration, loss: result.loss)
                if !result.isFinite { return .diverged }
                if halts { return .halted }
                if state.iteration < last, try listener.pause(self) { return .halted }
            }
            return nil
        }
    }

    /// Ends the epoch whose last iteration is done: its loss, the validation split, the stopping rule.
    private func endEpoch(_ listener: inout some TrainingListener) throws -> LoopEnd? {
        let epoch = state.epochs + 1
        let validation = data.validation.map { split in
            let (loss, outputs) = trainer.evaluate(split.samples)
            return (loss: loss, score: split.score(outputs))
        }
        let now = ContinuousClock.now
        let record = EpochRecord(
            epoch: epoch, iteration: state.iteration,
            loss: Float(state.lossSum / Double(data.training.samples.count)), validationLoss: validation?.loss,
            validationScore: validation?.score, seconds: (now - epochBegan).seconds)
        epochBegan = now
        let isBest = state.end(record)
        try listener.epoch(record, isBest: isBest, in: self)
        return hasSettled ? .tolerance : nil
    }

    /// The full keyframe of the state.
    func keyframe(_ role: KeyframeRole) -> NewKeyframe {
        NewKeyframe(
            iteration: state.iteration, epoch: state.epochs, kind: .full, role: role,
            optimizerStep: state.iteration - grid.stepOrigin)
    }

    /// Whether the last two epochs satisfy |J_e − J_{e−1}| < ε and nothing follows them (THEORY row 12).
    private var hasSettled: Bool {
        guard let tolerance = spec.tolerance, let change = state.change else { return false }
        return change < tolerance && state.iteration == grid.end(of: state.epochs)
    }

    private func withOrder<Result>(
        _ body: (UnsafeBufferPointer<Int32>?) throws -> Result
    ) throws -> Result {
        guard spec.shuffle else { return try body(nil) }
        return try order.withUnsafeBufferPointer { try body($0) }
    }
}

extension Duration {
    /// The duration in seconds.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
