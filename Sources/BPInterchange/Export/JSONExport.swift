import BPJSON
import BPTraining

/// A model as JSON that people can read: everything that prediction needs, floats as the shortest decimals that read
/// back as the same float32.
struct JSONExport {
    let exported: ExportedModel

    /// The text, with a line for each row of weights.
    var text: String {
        let encoding = exported.model.encoding
        var members: [(String, String)] = [
            ("format", "1"), ("bpreg", quoted(bpregVersion)), ("weights", exported.weights.serialized),
            ("task", quoted(encoding.task.rawValue)), ("target", quoted(encoding.target.name)),
        ]
        if let classes = encoding.classes {
            members.append(("classes", JSONValue.array(classes.names.map(JSONValue.string)).serialized))
        }
        members.append(("loss", quoted(exported.model.loss.rawValue)))
        members.append(("inputs", JSONExport.lines(exported.inputs.map(\.json.serialized), indent: "  ")))
        if let scale = exported.outputScale {
            let json: JSONValue = ["mean": FloatPrecision.json(meanOf: scale), "deviation": .float(scale.deviation)]
            members.append(("output", json.serialized))
        }
        members.append(("layers", JSONExport.lines(exported.model.network.layers.indices.map(layer), indent: "  ")))
        members.append(("model", exported.model.descriptionJSON.serialized))
        return "{\n" + members.map { "  \(quoted($0)): \($1)" }.joined(separator: ",\n") + "\n}\n"
    }

    /// `{"activation": …, "weight": [n_out rows of n_in], "bias": [n_out]}`.
    private func layer(_ index: Int) -> String {
        let layer = exported.model.network.layers[index]
        let weights = exported.weights(layer: index)
        let rows = (0..<layer.outputs).map { row in
            let start = weights.startIndex + row * layer.inputs
            return JSONExport.array(weights[start..<start + layer.inputs])
        }
        return "{\"activation\": \(quoted(layer.activation.rawValue)), \"n_in\": \(layer.inputs), "
            + "\"n_out\": \(layer.outputs),\n      \"weight\": " + JSONExport.lines(rows, indent: "      ")
            + ",\n      \"bias\": " + JSONExport.array(exported.biases(layer: index)) + "}"
    }

    private func quoted(_ text: String) -> String { JSONValue.string(text).serialized }

    private static func array(_ values: ArraySlice<Float>) -> String {
        "[" + values.map { JSONValue.float($0).serialized }.joined(separator: ", ") + "]"
    }

    private static func lines(_ items: [String], indent: String) -> String {
        "[\n" + items.map { indent + "  " + $0 }.joined(separator: ",\n") + "\n" + indent + "]"
    }
}
