import BPCore
import BPData
import BPTraining

/// A model as an ONNX graph: from the columns as they are to classes, or to numbers in the target's own units.
///
/// input [N × n_in] → scaling → for each layer Gemm and activation → `probabilities` [N × classes] and `label` [N], or
/// `prediction` [N × 1]. All in float32, but for the input and the prediction of numbers that are too far from 0 for that
/// (`FloatPrecision`): from these the mean is taken, and to these it is added, in float64.
struct ONNXExport {
    let exported: ExportedModel
    private let precision: FloatPrecision

    init(exported: ExportedModel) { (self.exported, precision) = (exported, FloatPrecision(exported.model)) }

    /// Bytes of parameters that a Protocol Buffers message, of at most 2 GiB, has room for beside the rest.
    static let parameterLimit = 2_000_000_000

    /// The file.
    var bytes: [UInt8] {
        var graph = ONNXGraph()
        let network = exported.model.network
        graph.add(
            input: "input", precision.needsDoubleInputs ? .float64 : .float32, [.named("N"), .fixed(network.inputs)],
            about: "a number for each input named in the metadata \"inputs\", unscaled; 1 or 0 for a category")
        var last = scale(&graph)
        for index in network.layers.indices { last = add(layer: index, after: last, &graph) }
        decode(last, &graph)
        describe(&graph)
        return graph.model(
            name: "bpreg", producerVersion: bpregVersion,
            about: "predicts " + exported.model.encoding.target.name)
    }

    /// z = (x − mean) / deviation; of a column that was constant in training 0.
    private func scale(_ graph: inout ONNXGraph) -> String {
        let scales = exported.inputs.map(\.scale)
        guard scales.contains(where: { $0 != Scale(mean: 0, deviation: 1) }) else { return "input" }
        let shape = [1, scales.count]
        let isWide = precision.needsDoubleInputs
        let element: ONNXGraph.Element = isWide ? .float64 : .float32
        graph.add(constant: "input.mean", scales.map(\.mean), as: element, shape: shape)
        graph.add(
            constant: "input.deviation", scales.map { $0.deviation == 0 ? 1 : $0.deviation }, as: element, shape: shape)
        graph.add("Sub", ["input", "input.mean"], to: "centred")
        graph.add("Div", ["centred", "input.deviation"], to: isWide ? "quotient" : "scaled")
        if isWide { graph.add(castOf: "quotient", to: "scaled", .float32) }
        guard scales.contains(where: { $0.deviation == 0 }) else { return "scaled" }
        graph.add(constant: "input.varies", scales.map { $0.deviation == 0 ? 0 : 1 }, shape: shape)
        graph.add("Mul", ["scaled", "input.varies"], to: "varying")
        return "varying"
    }

    /// a = f(W·a + b).
    private func add(layer index: Int, after input: String, _ graph: inout ONNXGraph) -> String {
        let layer = exported.model.network.layers[index]
        let name = "layer\(index + 1)"
        graph.add(
            constant: "\(name).weight", exported.weights(layer: index), shape: [layer.outputs, layer.inputs])
        graph.add(constant: "\(name).bias", exported.biases(layer: index), shape: [layer.outputs])
        graph.add("Gemm", [input, "\(name).weight", "\(name).bias"], to: "\(name).z", [.int("transB", 1)])
        let output = "\(name).a"
        switch layer.activation {
        case .identity: return "\(name).z"
        case .sigmoid: graph.add("Sigmoid", ["\(name).z"], to: output)
        case .tanh: graph.add("Tanh", ["\(name).z"], to: output)
        case .relu: graph.add("Relu", ["\(name).z"], to: output)
        case .softmax: graph.add("Softmax", ["\(name).z"], to: output, [.int("axis", 1)])
        }
        return output
    }

    /// The outputs of the whole.
    private func decode(_ last: String, _ graph: inout ONNXGraph) {
        switch exported.model.encoding.target {
        case .number(_, let scale):
            let isWide = precision.needsDoubleOutputs
            let element: ONNXGraph.Element = isWide ? .float64 : .float32
            if isWide { graph.add(castOf: last, to: "widened", .float64) }
            graph.add(constant: "output.deviation", [scale.deviation], as: element, shape: [1])
            graph.add(constant: "output.mean", [scale.mean], as: element, shape: [1])
            graph.add("Mul", [isWide ? "widened" : last, "output.deviation"], to: "stretched")
            graph.add("Add", ["stretched", "output.mean"], to: "prediction")
            graph.add(
                output: "prediction", element, [.named("N"), .fixed(1)], about: "in the target's own units")
        case .classes(_, let labels, let hasSingleOutput):
            if hasSingleOutput {
                graph.add(constant: "one", [1], shape: [1])
                graph.add("Sub", ["one", last], to: "first")
                graph.add("Concat", ["first", last], to: "probabilities", [.int("axis", 1)])
            } else {
                graph.add("Identity", [last], to: "probabilities")
            }
            graph.add("ArgMax", ["probabilities"], to: "label", [.int("axis", 1), .int("keepdims", 0)])
            graph.add(
                output: "probabilities", .float32, [.named("N"), .fixed(labels.count)],
                about: "one for each class named in the metadata \"classes\"")
            graph.add(
                output: "label", .int64, [.named("N")], about: "which of the metadata's \"classes\", counted from 0")
        }
    }

    /// What no tensor says.
    private func describe(_ graph: inout ONNXGraph) {
        for (name, text) in exported.metadata { graph.add(metadata: name, text) }
    }
}
