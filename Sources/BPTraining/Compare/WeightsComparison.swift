import BPCore

/// A layer of B against the layer of A at the same place.
public struct LayerDifference: Sendable, Equatable {
    /// The layer, from 1.
    public let layer: Int
    /// n_out and n_in.
    public let outputs: Int, inputs: Int
    /// W and b together, W alone, b alone.
    public let all: ParameterDifference, weights: ParameterDifference, biases: ParameterDifference
}

/// The weights of B against those of A: whatever has the same shape at the same place is compared.
public struct WeightsComparison: Sendable, Equatable {
    /// Layers of the same shape.
    public let layers: [LayerDifference]
    /// All parameters together; nil where a layer has another shape.
    public let all: ParameterDifference?
    /// Whether all parameters have the same bits.
    public let areIdentical: Bool
    /// What could not be compared, and what to bear in mind, one sentence each.
    public let notes: [String]

    /// The model `b` against the model `a`; the notes call them by `names`.
    public init(from a: TrainedModel, to b: TrainedModel, names: (String, String)) {
        var layers: [LayerDifference] = []
        var notes: [String] = []
        let (first, second) = (a.network.layers, b.network.layers)
        func part(_ model: TrainedModel, _ range: Range<Int>) -> ArraySlice<Float> { model.parameters[range] }
        for index in 0..<max(first.count, second.count) {
            guard index < first.count, index < second.count else {
                let (name, layer) = index < first.count ? (names.0, first[index]) : (names.1, second[index])
                notes.append("only \(name) has a layer \(index + 1), \(WeightsComparison.shape(layer))")
                continue
            }
            let (x, y) = (first[index], second[index])
            guard x.inputs == y.inputs, x.outputs == y.outputs else {
                notes.append(
                    "layer \(index + 1) is \(WeightsComparison.shape(x)) in \(names.0), "
                        + "\(WeightsComparison.shape(y)) in \(names.1): not compared")
                continue
            }
            if x.activation != y.activation {
                notes.append(
                    "layer \(index + 1) is \(x.activation.rawValue) in \(names.0), \(y.activation.rawValue) in \(names.1)"
                )
            }
            let weightsOfA = a.network.weightRange(layer: index), biasesOfA = a.network.biasRange(layer: index)
            let weightsOfB = b.network.weightRange(layer: index), biasesOfB = b.network.biasRange(layer: index)
            layers.append(
                LayerDifference(
                    layer: index + 1, outputs: x.outputs, inputs: x.inputs,
                    all: ParameterDifference(
                        from: part(a, weightsOfA.lowerBound..<biasesOfA.upperBound),
                        to: part(b, weightsOfB.lowerBound..<biasesOfB.upperBound)),
                    weights: ParameterDifference(from: part(a, weightsOfA), to: part(b, weightsOfB)),
                    biases: ParameterDifference(from: part(a, biasesOfA), to: part(b, biasesOfB))))
        }
        let isWhole = layers.count == max(first.count, second.count)
        self.layers = layers
        all = isWhole ? ParameterDifference(from: a.parameters[...], to: b.parameters[...]) : nil
        areIdentical = isWhole && all?.changed == 0
        self.notes = notes + WeightsComparison.meaning(a, b, isFirstCompared: layers.first?.layer == 1)
    }

    /// Where the same place in the first layer does not mean the same input.
    private static func meaning(_ a: TrainedModel, _ b: TrainedModel, isFirstCompared: Bool) -> [String] {
        guard isFirstCompared, a.encoding.features != b.encoding.features else { return [] }
        func names(_ model: TrainedModel) -> [String] {
            model.encoding.features.map { feature in
                if case .categories(let name, let categories) = feature { return "\(name) \(categories)" }
                return feature.name
            }
        }
        return names(a) == names(b)
            ? ["the inputs are scaled differently, each by its own training rows"]
            : ["the inputs are other columns or categories: the weights of layer 1 stand for different things"]
    }

    private static func shape(_ layer: Layer) -> String { "\(layer.outputs)×\(layer.inputs)" }
}
