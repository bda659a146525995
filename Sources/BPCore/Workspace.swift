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
        /// How many units some panels hold.
        func width(_ panels: Range<Int>) -> Int {
            min(panels.upperBound * lanes, outputs) - panels.lowerBound * lanes
        }
        /// W(l) with inputs and outputs exchanged; nil if no pass needs it (`ErrorsTurned`).
        let transposed: UnsafeMutablePointer<Float>?
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
    /// δ of one layer, [n_l × rows], where that replaces W transposed.
    let turnedErrors: UnsafeMutablePointer<Float>
    let greatest: Greatest
    /// Rows that fit at once.
    let capacity: Int
    private let scratch: AlignedFloats

    init(_ network: Network, slots slotCount: Int, batchCapacity: Int) throws(CoreError) {
        let layout = try PackedLayout(network)
        let capacity = Workspace.capacity(batchCapacity)
        let size = try Workspace.scratchSize(network, batchCapacity: batchCapacity)
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
                transposed: Workspace.keepsTransposed(layer, index, batchCapacity)
                    ? take(panels(layer.inputs) * lanes * layer.outputs) : nil,
                z: isLast ? takeRows(layer.outputs) : a, a: a, delta: takeRows(layer.outputs))
            layers.initializeElement(at: index, to: view)
        }
        gatheredInputs = takeRows(network.inputs)
        gatheredTargets = takeRows(network.outputs)
        rowLosses = take((capacity + lanes - 1) / lanes * lanes)
        turnedErrors = take(try Workspace.turnedSize(network, batchCapacity: batchCapacity))
        greatest = Greatest()
        self.layout = layout
        self.parameters = parameters
        self.gradient = gradient
        self.slots = slots
        self.scratch = scratch
        self.capacity = capacity
    }

    func deallocate() {
        layers.deallocate()
        greatest.deallocate()
    }

    /// Rows of activations: evaluation takes rows together even where training takes one.
    static func capacity(_ batchCapacity: Int) -> Int { max(batchCapacity, 128) }

    /// Floats for activations, errors, transposed weights or errors, gathered rows and losses.
    static func scratchSize(_ network: Network, batchCapacity: Int) throws(CoreError) -> Int {
        let capacity = Workspace.capacity(batchCapacity)
        let what = "the activations of \(capacity) rows"
        var width = try add(rowStride(network.inputs), 2 * rowStride(network.outputs), what)
        var transposed = 0
        for (index, layer) in network.layers.enumerated() {
            width = try add(width, 2 * rowStride(layer.outputs), what)
            if index == 0 { continue }
            guard keepsTransposed(layer, index, batchCapacity) else { continue }
            let size = try multiply(panels(layer.inputs) * lanes, layer.outputs, what)
            transposed = try add(transposed, size, what)
        }
        let turned = try turnedSize(network, batchCapacity: batchCapacity)
        let rows = try multiply(try add(capacity, lanes, what), try add(width, 1, what), what)
        return try add(try add(transposed, turned, what), rows, what)
    }

    /// Floats for the errors of any one layer, transposed.
    private static func turnedSize(_ network: Network, batchCapacity: Int) throws(CoreError) -> Int {
        var size = 0
        for layer in network.layers.dropFirst() {
            let rows = min(ErrorsTurned.mostRows(inputs: layer.inputs, outputs: layer.outputs), batchCapacity)
            let stride = ErrorsTurned.stride(rows: rows)
            size = max(size, try multiply(layer.outputs, stride, "the errors of \(rows) rows"))
        }
        return size
    }

    /// Whether a layer needs its weights transposed: the first never does, nor a large one whose errors are turned instead
    /// in every batch.
    static func keepsTransposed(_ layer: Layer, _ index: Int, _ batchCapacity: Int) -> Bool {
        guard index > 0 else { return false }
        return layer.inputs * layer.outputs < WorkSchedule.worthOwning
            || batchCapacity > ErrorsTurned.mostRows(inputs: layer.inputs, outputs: layer.outputs)
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
