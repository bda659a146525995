import CBPKernels

/// What a step reports.
public struct StepResult: Sendable, Equatable {
    /// J of the batch under the parameters **before** the update (THEORY rows 2, 3); a NaN has the bits 0x7FC00000.
    public let loss: Float
    /// False if the loss or a component of the gradient is not finite: then nothing was updated.
    public let isFinite: Bool
}

/// A network's parameters, and the algorithm that trains them (THEORY rows 1–8).
///
/// A step is four passes, each in a file of its own: forward, the errors δ, the gradient, the update.
/// Results depend on the numerics, the network, the rule, the parameters and the samples alone: never on threads, instruction set
/// or `batchCapacity`. One thread at a time may use it.
public final class Backpropagation {
    /// The network's shape.
    public let network: Network
    /// J_i.
    public let loss: Loss
    /// The rule by which parameters change.
    public let optimizer: Optimizer
    /// λ of `UpdateRule`.
    public let weightDecay: Double
    /// The most rows a step takes.
    public let batchCapacity: Int
    /// The version of the numbers' definitions.
    public let numerics: Numerics
    /// The instruction set and the threads.
    public let compute: Compute

    let workspace: Workspace
    let layers: UnsafeMutableBufferPointer<Workspace.LayerView>
    let kernels: UnsafePointer<bp_kernels>
    let lossKernel: bp_loss
    /// Rows of a batch that make one chain of the gradient's sums; 0 if all do.
    let rowBlock: Int
    let schedule: WorkSchedule

    /// A trainer of a rule, and of λ beside it.
    public convenience init(
        network: Network, loss: Loss, optimizer: Optimizer, weightDecay: Double = 0, batchCapacity: Int,
        numerics: Numerics = .newest, compute: Compute
    ) throws(CoreError) {
        try self.init(
            network: network, loss: loss, rule: UpdateRule(optimizer, weightDecay: weightDecay),
            batchCapacity: batchCapacity, numerics: numerics, compute: compute)
    }

    /// All parameters are 0 until `initialize` or `setParameters`.
    /// - Throws: `CoreError` if the loss is not defined for the output activation, a number of the rule is outside
    ///   its range, or the memory needed is more than the machine has.
    public init(
        network: Network, loss: Loss, rule: UpdateRule, batchCapacity: Int, numerics: Numerics, compute: Compute
    ) throws(CoreError) {
        guard loss.accepts(output: network.outputActivation) else {
            throw .lossNeedsOutput(loss: loss, activation: network.outputActivation)
        }
        try rule.validate()
        guard (1...Int(Int32.max)).contains(batchCapacity) else {
            throw .outOfRange(
                what: "the batch size", value: batchCapacity, least: 1, greatest: Int(Int32.max))
        }
        self.network = network
        self.loss = loss
        optimizer = rule.optimizer
        weightDecay = rule.weightDecay
        self.batchCapacity = batchCapacity
        self.numerics = numerics
        self.compute = compute
        kernels = try compute.kernels(numerics)
        rowBlock = numerics.rowBlock ?? 0
        workspace = try Workspace(network, slots: optimizer.slotNames.count, batchCapacity: batchCapacity)
        layers = workspace.layers
        lossKernel = loss.kernel
        schedule = WorkSchedule(network, threads: compute.threads)
    }

    deinit {
        workspace.deallocate()
        schedule.deallocate()
    }

    /// One iteration: forward, loss, errors, gradient, update.
    /// - Parameters:
    ///   - rows: the order in which samples are visited, an index into `samples` each; nil for the samples' own order.
    ///   - range: which places of that order make the batch; its own size B averages it.
    ///   - optimizerStep: t, counted from 1.
    ///   - learningRate: μ of this update, as a schedule has it; nil for the rule's own. It is at least 0, and no
    ///     greater than the rule's.
    /// - Precondition: 1 to `batchCapacity` rows, all within `samples`, whose widths are the network's.
    public func step(
        _ samples: Samples, rows: UnsafeBufferPointer<Int32>?, range: Range<Int>, optimizerStep: Int,
        learningRate: Double? = nil
    ) -> StepResult {
        precondition(optimizerStep >= 1, "updates are counted from 1")
        let batch = batch(of: samples, rows: rows, range: range)
        let loss = propagate(batch)
        let isFinite = computeGradient(batch) && loss.isFinite
        if isFinite {
            update(
                scale: batch.scale, optimizerStep: optimizerStep, learningRate: learningRate ?? optimizer.learningRate)
        }
        return StepResult(loss: loss, isFinite: isFinite)
    }

    /// Forward, loss and errors of a batch, in blocks of rows: no row depends on another. Gives J.
    func propagate(_ batch: Batch) -> Float {
        transposeWeights()
        let blocks = schedule.rowBlocks(batch.count)
        compute.forEach(blocks.count) { index in
            let rows = blocks[index, of: batch.count]
            gather(batch, rows)
            forward(batch.inputs, rows)
            losses(batch.targets, rows)
            outputDelta(batch.targets, rows)
            hiddenDeltas(rows)
        }
        return mean(workspace.rowLosses, batch)
    }
}
