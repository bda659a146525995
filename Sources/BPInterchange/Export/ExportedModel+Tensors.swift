import BPData
import BPJSON
import BPTraining

extension ExportedModel {
    /// The names of the tensors that are no layer's.
    enum ScaleTensor {
        static let inputMean = "input.mean"
        static let inputDeviation = "input.deviation"
        static let outputMean = "output.mean"
        static let outputDeviation = "output.deviation"
        static let all: Set = [inputMean, inputDeviation, outputMean, outputDeviation]
    }

    /// A tensor as it is written.
    struct Tensor {
        let name: String
        let shape: [Int]
        let values: [Float]
    }

    /// `layerN.weight` [n_out × n_in] and `layerN.bias` [n_out] of each layer, `input.mean` and `input.deviation` [n_in], and
    /// for a regression `output.mean` and `output.deviation` [1].
    var tensors: [Tensor] {
        var tensors: [Tensor] = []
        for (index, layer) in model.network.layers.enumerated() {
            let name = "layer\(index + 1)"
            tensors.append(
                Tensor(
                    name: "\(name).weight", shape: [layer.outputs, layer.inputs],
                    values: Array(weights(layer: index))))
            tensors.append(
                Tensor(name: "\(name).bias", shape: [layer.outputs], values: Array(biases(layer: index))))
        }
        let scales = inputs.map(\.scale)
        tensors.append(Tensor(name: ScaleTensor.inputMean, shape: [scales.count], values: scales.map(\.mean)))
        tensors.append(
            Tensor(name: ScaleTensor.inputDeviation, shape: [scales.count], values: scales.map(\.deviation)))
        if let scale = outputScale {
            tensors.append(Tensor(name: ScaleTensor.outputMean, shape: [1], values: [scale.mean]))
            tensors.append(Tensor(name: ScaleTensor.outputDeviation, shape: [1], values: [scale.deviation]))
        }
        return tensors
    }

    /// What no tensor says, as texts by name.
    var metadata: [(name: String, text: String)] {
        let encoding = model.encoding
        var texts = [("inputs", JSONValue.array(inputs.map(\.json)).serialized)]
        if let classes = encoding.classes {
            texts.append(("classes", JSONValue.array(classes.names.map(JSONValue.string)).serialized))
        }
        let activations = model.network.layers.map { JSONValue.string($0.activation.rawValue) }
        texts += [
            ("activations", JSONValue.array(activations).serialized), ("target", encoding.target.name),
            ("task", encoding.task.rawValue), ("bpreg.version", bpregVersion),
            ("bpreg.weights", weights.serialized), ("bpreg.model", model.descriptionJSON.serialized),
        ]
        return texts
    }
}
