import BPData
package import BPTraining

/// Finds the layers of a multilayer perceptron among a file's tensors: which weights belong to which bias, in which order
/// they follow each other, and how each lies.
package struct LayerDetection: Sendable {
    /// The layers, in order.
    package let layers: ImportedLayers
    /// Their names, in order.
    package let names: [String]
    /// What a person should hear: how they lay, what was converted. One sentence each.
    package let notes: [String]

    /// What the file leads to.
    package struct Ends: Sendable {
        let inputs: Int
        let outputs: [Int]

        /// A network of so many inputs, and of one of these numbers of outputs.
        package init(inputs: Int, outputs: [Int]) { (self.inputs, self.outputs) = (inputs, outputs) }
    }

    /// - Parameters:
    ///   - order: the names of the layers in order, if the names do not give it or the file has more than the layers.
    ///   - orientation: how weights lie, where names and shapes do not tell it.
    /// - Throws: `FormatError` if no layers can be made of its tensors, `ImportError` if their order is not known.
    package init(
        _ file: TensorFile, ends: Ends, order: [String]? = nil, orientation: WeightOrientation? = nil
    ) throws {
        let found = try FoundLayers(file)
        let chosen = try found.chain(ends, order: order, orientation: orientation)
        var notes = found.notes(on: chosen.layers)
        if let named = chosen.namedOrientation, orientation == nil, chosen.orientation != named {
            notes.append(
                "the weights have the axes [\(chosen.orientation == .outIn ? "n_out, n_in" : "n_in, n_out")], "
                    + "though their names are those of files where they do not")
        }
        var parameters: [Float] = []
        for layer in chosen.layers { parameters += layer.parameters(chosen.orientation) }
        layers = ImportedLayers(
            sizes: chosen.layers.map { $0.size(chosen.orientation) }, parameters: parameters,
            inputScales: try found.inputScales(ends.inputs), outputScale: try found.outputScale())
        names = chosen.layers.map(\.name)
        self.notes = notes
    }
}

/// A layer as it lies in the file.
struct FoundLayer: Sendable {
    let name: String
    let rows: Int
    let columns: Int
    let weights: [Float]
    /// nil where the layer has none.
    let bias: [Float]?
    /// How the name says that its weights lie.
    let namedOrientation: WeightOrientation?
    /// Its tensors, as errors and notes name them.
    let tensors: [String]
    /// What their values are, as the file calls it.
    let types: Set<String>

    func size(_ orientation: WeightOrientation) -> (inputs: Int, outputs: Int) {
        orientation == .outIn ? (columns, rows) : (rows, columns)
    }

    /// Whether its bias has a value for each output.
    func fits(_ orientation: WeightOrientation) -> Bool { bias.map { $0.count == size(orientation).outputs } ?? true }

    /// W [n_out × n_in] row by row, then b.
    func parameters(_ orientation: WeightOrientation) -> [Float] {
        let (inputs, outputs) = size(orientation)
        var values = weights
        if orientation == .inOut {
            for j in 0..<outputs { for i in 0..<inputs { values[j * inputs + i] = weights[i * outputs + j] } }
        }
        return values + (bias ?? [Float](repeating: 0, count: outputs))
    }

    /// `fc1 16×4`
    var text: String { "\(name) \(rows)×\(columns)" }
}
