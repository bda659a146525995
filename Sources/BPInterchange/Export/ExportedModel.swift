import BPCore
import BPData
package import BPJSON
import BPRegistry
package import BPTraining

/// A network with its weights as it leaves for elsewhere: what its inputs are made of, and what its outputs mean.
///
/// What is written of it is a function of the model and where it comes from: no time, no machine.
package struct ExportedModel: Sendable {
    /// Network, weights, encoding.
    package let model: TrainedModel
    /// What the weights are: `run`, `segment`, `iteration`, `version` (if it is one) and `sha256`.
    package let weights: JSONValue

    /// One input of the network, before it is scaled.
    enum Input: Sendable, Equatable {
        /// The value of a column of numbers.
        case number(column: String, Scale)
        /// 1 where a column of text has this category, else 0.
        case category(column: String, String)

        /// (mean, deviation) of z = (x − mean) / deviation; 0 and 1 for a category.
        var scale: Scale {
            switch self {
            case .number(_, let scale): scale
            case .category: Scale(mean: 0, deviation: 1)
            }
        }

        /// `{name, mean, deviation}` or `{name, category}`.
        var json: JSONValue {
            switch self {
            case .number(let column, let scale):
                [
                    "name": .string(column), "mean": FloatPrecision.json(meanOf: scale),
                    "deviation": .float(scale.deviation),
                ]
            case .category(let column, let category): ["name": .string(column), "category": .string(category)]
            }
        }
    }

    /// The model that a reference named.
    package init(_ loaded: LoadedModel) {
        var weights: [String: JSONValue] = [
            "run": JSONValue(loaded.run), "segment": JSONValue(loaded.segment),
            "iteration": JSONValue(loaded.iteration), "sha256": .string(loaded.weightsSHA256.hex),
        ]
        if let version = loaded.version { weights["version"] = .string(version.name) }
        self.init(model: loaded.model, weights: .object(weights))
    }

    /// A model that no registry records: of its weights only the hash is known.
    package init(_ model: TrainedModel) {
        self.init(model: model, weights: ["sha256": .string(model.weightsSHA256.hex)])
    }

    init(model: TrainedModel, weights: JSONValue) { (self.model, self.weights) = (model, weights) }

    /// Notes about an export in this format. One sentence each.
    package func notes(_ format: ExportFormat) -> [String] {
        let precision = FloatPrecision(model)
        guard format == .onnx else {
            return precision.needsDoubleInputs || precision.needsDoubleOutputs
                ? ["numbers of the data are far from 0: subtract and add the means in float64, not in float32"] : []
        }
        var notes: [String] = []
        if precision.needsDoubleInputs {
            let unit = model.encoding.classes == nil ? "deviations of the target" : "of a probability"
            notes.append(
                "the input is float64: rounded to float32 it would change predictions by up to "
                    + "\(ExportedModel.short(precision.inputDifference)) \(unit)")
        }
        if precision.needsDoubleOutputs {
            notes.append(
                "the prediction is float64: in float32 it would differ by up to "
                    + "\(ExportedModel.short(precision.outputDifference)) deviations of the target")
        }
        return notes
    }

    /// Two digits of a number above 0.
    private static func short(_ number: Double) -> String {
        guard number.isFinite, number > 0 else { return "\(number)" }
        var (unit, digits) = (1.0, number)
        while digits < 10 { (digits, unit) = (digits * 10, unit * 10) }
        return "\(digits.rounded() / unit)"
    }

    /// The inputs in order.
    var inputs: [Input] {
        model.encoding.features.flatMap { feature -> [Input] in
            switch feature {
            case .number(let name, let scale): [.number(column: name, scale)]
            case .categories(let name, let categories): categories.map { .category(column: name, $0) }
            }
        }
    }

    /// The target's scale in a regression.
    var outputScale: Scale? {
        if case .number(_, let scale) = model.encoding.target { scale } else { nil }
    }

    /// The weights of a layer, counted from 0, [n_out × n_in].
    func weights(layer: Int) -> ArraySlice<Float> { model.parameters[model.network.weightRange(layer: layer)] }

    /// The biases of a layer, counted from 0.
    func biases(layer: Int) -> ArraySlice<Float> { model.parameters[model.network.biasRange(layer: layer)] }
}
