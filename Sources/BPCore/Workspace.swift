import CBPKernels

/// The memory of a trainer, taken once, and where each layer finds its part of it.
struct Workspace {
    /// One layer's view. `a`, `z` and `delta` are [capacity × n_l].
    struct LayerView {
        let inputs, outputs, panels: Int
        let activation: bp_activation
        /// W(l) and b(l), packed, and where the biases of a panel stand; their gradient has the same layout.
        let weights, gradient: UnsafeMutablePointer<Float>
        var panelSize: Int { (inputs + 1) * lanes }
        var biases: UnsafeMutablePointer<Float> { weights + inputs * lanes }
        /// W(l) with inputs and outputs exchanged; not for the first layer.
        let transposed: UnsafeMutablePointer<Float>
        /// z(l), a(l) and δ(l); a hidden layer keeps no z.
        let z, a, delta: Rows
    }

    let layout: PackedLayout
    let layers: UnsafeMutableBufferPointer<LayerView>
    let parameters, gradient: AlignedFloats
    let slots: [AlignedFloats]
    /// Rows that a shuffled batch is gathered into.
    let gatheredInputs, gatheredTargets: Rows
    let rowLosses: UnsafeMutablePointer<Float>
    /// Rows that fit at once.
    let capacity: Int
    private let scratch: AlignedFloats

    init(_ network: Network, slots slotCount: Int, batchCapacity: Int) throws(CoreError) {
        let layout = try PackedLayout(network)
        let capacity = Workspace.capacity(batchCapacity)
        let size = try Workspace.scratchSize(network, capacity: capacity)
        try MemoryNeed(network, slots: slotCount, batchCapacity: batchCapacity, copies: 0).check()

        let parameters = try AlignedFloats(count: layout.count)
        let gradient = try AlignedFloats(count: layout.count)
        var slots: [AlignedFloats] = []
        for _ in 0..<slotCount { slots.append(try AlignedFloats(count: layout.count)) }
        let scratch = try AlignedFloats(count: size)

        var free = scratch.start
        func take(_ count: Int) -> UnsafeMutablePointer<Float> {
            defer { free += count }
            return free
        }
        func takeRows(_ width: Int) -> Rows {
            Rows(start: take(capacity * rowStride(width)), stride: rowStride(width))
        }
        layers = .allocate(capacity: network.layers.count)
        for (index, layer) in network.layers.enumerated() {
            let isLast = index + 1 == network.layers.count
            let a = takeRows(layer.outputs)
            let view = LayerView(
                inputs: layer.inputs, outputs: layer.outputs, panels: panels(layer.outputs),
                activation: layer.activation.kernel,
                weights: parameters.start + layout.offsets[index], gradient: gradient.start + layout.offsets[index],
                transposed: take(index == 0 ? 0 : panels(layer.inputs) * lanes * layer.outputs),
                z: isLast ? takeRows(layer.outputs) : a, a: a, delta: takeRows(layer.outputs))
            layers.initializeElement(at: index, to: view)
        }
        gatheredInputs = takeRows(network.inputs)
        gatheredTargets = takeRows(network.outputs)
        rowLosses = take(capacity)
        self.layout = layout
        self.parameters = parameters
        self.gradient = gradient
        self.slots = slots
        self.scratch = scratch
        self.capacity = capacity
    }

    func deallocate() { layers.deallocate() }

    /// Rows of activations: evaluation takes rows together even where training takes one.
    static func capacity(_ batchCapacity: Int) -> Int { max(batchCapacity, 128) }

    /// Floats for activations, errors, transposed weights, gathered rows and losses.
    static func scratchSize(_ network: Network, capacity: Int) throws(CoreError) -> Int {
        let what = "the activations of \(capacity) rows"
        var width = try add(rowStride(network.inputs), 2 * rowStride(network.outputs), what)
        var transposed = 0
        for (index, layer) in network.layers.enumerated() {
            width = try add(width, 2 * rowStride(layer.outputs), what)
            if index == 0 { continue }
            let size = try multiply(panels(layer.inputs) * lanes, layer.outputs, what)
            transposed = try add(transposed, size, what)
        }
        return try add(transposed, try multiply(capacity, try add(width, 1, what), what), what)
    }
}

extension Activation {
    var kernel: bp_activation {
        switch self {
        case .identity: BP_IDENTITY
        case .sigmoid: BP_SIGMOID
        case .tanh: BP_TANH
        case .relu: BP_RELU
        case .softmax: BP_SOFTMAX
        }
    }
}

extension Loss {
    var kernel: bp_loss {
        switch self {
        case .halfSquaredError: BP_HALF_SQUARED_ERROR
        case .crossEntropy: BP_CROSS_ENTROPY
        }
    }
}
