/// What a step reports.
public struct StepResult: Sendable, Equatable {
    /// J of the batch under the parameters **before** the update (THEORY rows 2, 3); a NaN has the bits 0x7FC00000.
    public let loss: Float
    /// False if the loss or a component of the gradient is not finite: then nothing was updated.
    public let isFinite: Bool
}

/// A network's parameters, and the algorithm that trains them (THEORY rows 1–8).
///
/// Results depend on the network, the rule, the parameters and the samples alone: never on threads, instruction set
/// or `batchCapacity`. One thread at a time may use it.
public final class Backpropagation {
    /// The network's shape.
    public let network: Network
    /// J_i.
    public let loss: Loss
    /// The rule by which parameters change.
    public let optimizer: Optimizer
    /// The most rows a step takes.
    public let batchCapacity: Int
    /// The instruction set and the threads.
    public let compute: Compute

    /// All parameters are 0 until `initialize` or `setParameters`.
    /// - Throws: `CoreError` if the loss is not defined for the output activation, a number of the rule is outside
    ///   its range, or the memory needed is more than the machine has.
    public init(
        network: Network, loss: Loss, optimizer: Optimizer, batchCapacity: Int, compute: Compute
    ) throws(CoreError) {
        self.network = network
        self.loss = loss
        self.optimizer = optimizer
        self.batchCapacity = batchCapacity
        self.compute = compute
    }

    /// First weights by THEORY row 23 from the generator, biases and optimizer slots 0.
    public func initialize(_ initializer: Initializer, seed: UInt64) { fatalError("not filled") }

    /// One iteration: forward, loss, gradient, update.
    /// - Parameters:
    ///   - rows: the order in which samples are visited, an index into `samples` each; nil for the samples' own order.
    ///   - range: which places of that order make the batch; at most `batchCapacity`, and its own size B averages it.
    ///   - optimizerStep: t, counted from 1.
    public func step(
        _ samples: Samples, rows: UnsafeBufferPointer<Int32>?, range: Range<Int>, optimizerStep: Int
    ) -> StepResult { fatalError("not filled") }

    /// J and ∇J of the samples in `rows`, averaged over them (rows 3, 6, 7); the gradient in canonical order.
    /// Nothing is updated.
    public func gradient(of samples: Samples, rows: Range<Int>) -> (loss: Float, gradient: [Float]) {
        fatalError("not filled")
    }

    /// a(L) for each sample: [N × n_L], row-major. N may be any number.
    public func outputs(of samples: Samples) -> [Float] { fatalError("not filled") }

    /// a(L) for `count` rows of `inputs` [count × n_1]: [count × n_L], row-major.
    /// - Throws: `CoreError.shape` if `inputs` has not count × n_1 values.
    public func outputs(of inputs: [Float], count: Int) throws(CoreError) -> [Float] { fatalError("not filled") }

    /// The mean loss over all samples and a(L) of each, [N × n_L]. N may be any number.
    public func evaluate(_ samples: Samples) -> (loss: Float, outputs: [Float]) { fatalError("not filled") }

    /// The parameters in canonical order.
    public var parameters: [Float] { fatalError("not filled") }

    /// - Throws: `CoreError.shape` if there are not `network.parameterCount` values.
    public func setParameters(_ values: [Float]) throws(CoreError) { fatalError("not filled") }

    /// Slot `index` of the update rule (`Optimizer.slotNames`) in canonical order.
    public func slot(_ index: Int) -> [Float] { fatalError("not filled") }

    /// - Throws: `CoreError.shape` if there are not `network.parameterCount` values.
    public func setSlot(_ index: Int, _ values: [Float]) throws(CoreError) { fatalError("not filled") }

    /// An empty snapshot of the right size.
    /// - Throws: `CoreError` if memory is short.
    public func makeSnapshot() throws(CoreError) -> StateSnapshot { StateSnapshot(network: network) }

    /// Copies parameters and slots, bytes as they are.
    public func snapshot(into snapshot: StateSnapshot) { fatalError("not filled") }
}
