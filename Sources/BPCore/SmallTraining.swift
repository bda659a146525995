import CBPKernels

/// The layers of a small network as `train_small` takes them, and memory for a few rows, so that one call of the kernels
/// can train many iterations.
///
/// It is for networks of layers up to 64 units wide (`BP_SMALL_WIDTH`) and batches of up to 16 rows. There the calls
/// between kernels take longer than the arithmetic.
struct SmallTraining {
    /// Rows times parameters up to which one call gains: beyond, the tiles of a product win more than calls cost.
    static let greatestWork = 40_000

    private let layers: UnsafeMutableBufferPointer<bp_small_layer>
    private let floats: AlignedFloats
    private let gatheredInputs, gatheredTargets, z, rowLosses: UnsafeMutablePointer<Float>
    private let rule: bp_rule
    /// The most rows of a batch.
    let rows: Int

    /// - Returns: nil for a network that is too large, or kernels that train step by step.
    init?(
        _ network: Network, _ optimizer: Optimizer, _ workspace: Workspace, _ kernels: UnsafePointer<bp_kernels>,
        batchCapacity: Int
    ) throws(CoreError) {
        guard kernels.pointee.train_small != nil, SmallTraining.fits(network) else { return nil }
        rows = min(batchCapacity, Int(BP_SMALL_ROWS))
        rule = optimizer.kernel
        let output = panels(network.outputs) * lanes
        let perRow = panels(network.inputs) * lanes + 2 * output + lanes
        var size = perRow * rows
        for layer in network.layers {
            size += 2 * rows * panels(layer.outputs) * lanes + 3 * panels(layer.inputs) * lanes * layer.outputs
        }
        floats = try AlignedFloats(count: size)
        var free = floats.start
        func take(_ count: Int) -> UnsafeMutablePointer<Float> {
            defer { free += count }
            return free
        }
        gatheredInputs = take(rows * panels(network.inputs) * lanes)
        gatheredTargets = take(rows * output)
        z = take(rows * output)
        rowLosses = take(rows * lanes)
        layers = .allocate(capacity: network.layers.count)
        for (index, layer) in workspace.layers.enumerated() {
            let stride = layer.panels * lanes
            let offset = workspace.layout.offsets[index]
            let back = panels(layer.inputs) * lanes * layer.outputs
            let slots = workspace.slots.map { $0.start + offset }
            layers.initializeElement(
                at: index,
                to: bp_small_layer(
                    inputs: layer.inputs, outputs: layer.outputs, stride: stride, activation: layer.activation,
                    w: layer.weights, first: slots.first ?? layer.weights, second: slots.last ?? layer.weights,
                    back: take(back), back_first: take(back), back_second: take(back), a: take(rows * stride),
                    d: take(rows * stride)))
        }
    }

    func deallocate() { layers.deallocate() }

    /// Whether a network is small enough.
    static func fits(_ network: Network) -> Bool {
        let widest = max(network.inputs, network.layers.map(\.outputs).max() ?? 0)
        return widest <= Int(BP_SMALL_WIDTH) && network.layers.count <= Int(BP_SMALL_LAYERS)
    }

    /// Trains `iterations` batches of `rows` rows each.
    /// - Returns: how many losses were written, and whether the last of them is of an update that was refused.
    func train(
        _ series: StepSeries, _ update: bp_update, _ trainer: Backpropagation, first: Int, rows: Int,
        iterations: Int, losses: UnsafeMutablePointer<Float>, lossSum: inout Double
    ) -> (done: Int, isRefused: Bool) {
        let samples = series.samples
        let optimizer = trainer.optimizer
        var numbers = update
        numbers.scale = reciprocal(rows)
        var isRefused = false
        let done = withUnsafeMutablePointer(to: &lossSum) { lossSum in
            var training = bp_small_training(
                layers: layers.count, layer: layers.baseAddress!, loss: trainer.lossKernel, rule: rule, update: numbers,
                rate: series.learningRate, beta1: optimizer.beta1 ?? 0, beta2: optimizer.beta2 ?? 0,
                step: Int64(series.optimizerStep), x: samples.inputs.start, y: samples.targets.start,
                x_stride: samples.inputs.stride, y_stride: samples.targets.stride, order: nil, rows: rows,
                iterations: iterations, is_bounded: samples.isBounded, gathered_x: gatheredInputs,
                gathered_y: gatheredTargets, z: z, row_losses: rowLosses, losses: losses, loss_sum: lossSum)
            if let order = series.rows {
                training.order = order.baseAddress! + first
            } else {
                training.x = UnsafePointer(samples.inputs[first])
                training.y = UnsafePointer(samples.targets[first])
            }
            return trainer.kernels.pointee.train_small?(&training, &isRefused) ?? 0
        }
        return (done, isRefused)
    }
}

extension Optimizer {
    /// The rule as kernels know it.
    var kernel: bp_rule {
        switch self {
        case .sgd: BP_SGD
        case .momentum: BP_MOMENTUM
        case .adam, .adamw: BP_ADAM
        }
    }
}
