/// One layer with weights: z = W a + b, then the activation (THEORY row 1).
public struct Layer: Sendable, Equatable {
    /// n_{l−1}.
    public let inputs: Int
    /// n_l.
    public let outputs: Int
    /// f_l.
    public let activation: Activation

    /// The number of weights and biases: n_l · n_{l−1} + n_l.
    public var parameterCount: Int { outputs * inputs + outputs }
}

/// The shape of a multilayer perceptron: its layers, no numbers.
///
/// The canonical order of its parameters is layer by layer W row-major [n_out × n_in], then b.
public struct Network: Sendable, Equatable {
    /// The layers with weights, from the input's side.
    public let layers: [Layer]

    /// A network of `inputs` inputs and the given layers, the last of which is the output.
    /// - Throws: `CoreError` for sizes below 1 or beyond counting, no layers, and softmax anywhere but as an output
    ///   of at least 2 units.
    public init(inputs: Int, layers: [(units: Int, activation: Activation)]) throws(CoreError) {
        guard let last = layers.last else { throw .noLayers }
        guard inputs >= 1 else { throw .layerSize(layer: 0, units: inputs) }
        var built: [Layer] = []
        var width = inputs
        var total = 0
        for (index, layer) in layers.enumerated() {
            guard layer.units >= 1 else { throw .layerSize(layer: index + 1, units: layer.units) }
            if layer.activation == .softmax && index + 1 < layers.count { throw .softmaxInside(layer: index + 1) }
            total = try Network.count(adding: layer.units, times: width, to: total)
            built.append(Layer(inputs: width, outputs: layer.units, activation: layer.activation))
            width = layer.units
        }
        if last.activation == .softmax && last.units < 2 { throw .softmaxUnits(last.units) }
        self.layers = built
    }

    /// n_1, the number of inputs.
    public var inputs: Int { layers[0].inputs }

    /// n_L, the number of outputs.
    public var outputs: Int { layers[layers.count - 1].outputs }

    /// f_L.
    public var outputActivation: Activation { layers[layers.count - 1].activation }

    /// The number of all weights and biases.
    public var parameterCount: Int { layers.reduce(0) { $0 + $1.parameterCount } }

    /// Where the weights of a layer, counted from 0, stand in the canonical order.
    public func weightRange(layer: Int) -> Range<Int> {
        let start = layers[..<layer].reduce(0) { $0 + $1.parameterCount }
        return start..<(start + layers[layer].outputs * layers[layer].inputs)
    }

    /// Where the biases of a layer, counted from 0, stand in the canonical order.
    public func biasRange(layer: Int) -> Range<Int> {
        let start = weightRange(layer: layer).upperBound
        return start..<(start + layers[layer].outputs)
    }

    // The parameters so far and those of units × (width + 1) more; the bytes of their float32 must be countable too.
    private static func count(adding units: Int, times width: Int, to total: Int) throws(CoreError) -> Int {
        let what = "a layer of \(units) units on \(width) inputs"
        let layer = try multiply(units, try add(width, 1, what), what)
        let sum = try add(total, layer, what)
        _ = try multiply(sum, MemoryLayout<Float>.stride, what)
        return sum
    }
}
