import BPData

/// All the layers of a file, in no order yet.
struct FoundLayers {
    private let file: String
    private(set) var layers: [FoundLayer] = []
    /// How the names say that weights lie, where all of them say the same.
    private(set) var namedOrientation: WeightOrientation?
    private(set) var notes: [String] = []
    private var scales: [String: [Float]] = [:]

    init(_ source: TensorFile) throws(FormatError) {
        file = source.path
        var weights: [(name: LayerName, tensor: TensorFile.Tensor)] = []
        var biases: [String: TensorFile.Tensor] = [:]
        var types: Set<String> = []
        for tensor in source.tensors {
            let values = try FoundLayers.finite(tensor, file)
            types.insert(tensor.type)
            if ExportedModel.ScaleTensor.all.contains(tensor.name) {
                scales[tensor.name] = values
                continue
            }
            guard let name = LayerName(tensor.name, dimensions: tensor.shape.count) else {
                throw refuse(
                    "\(tensor.text) is no part of a layer that bpreg has: weights have two dimensions, biases one")
            }
            if name.role == .weight {
                guard !weights.contains(where: { $0.name.layer == name.layer }) else {
                    throw refuse("layer \(name.layer) has its weights twice")
                }
                weights.append((name, tensor))
            } else if biases.updateValue(tensor, forKey: name.layer) != nil {
                throw refuse("layer \(name.layer) has its bias twice")
            }
        }
        guard !weights.isEmpty else {
            throw refuse("it has no weights: no tensor of two dimensions with a layer's name")
        }
        for (name, tensor) in weights {
            let bias = biases.removeValue(forKey: name.layer)
            if bias == nil { notes.append("layer \(name.layer) has no bias: it is taken as 0") }
            layers.append(
                FoundLayer(
                    name: name.layer, rows: tensor.shape[0], columns: tensor.shape[1], weights: tensor.values ?? [],
                    bias: bias?.values))
        }
        if let alone = biases.values.map(\.text).sorted().first {
            throw refuse("\(alone) belongs to no weights: bpreg has dense layers alone, no normalization")
        }
        let orientations = Set(weights.map(\.name.orientation))
        if orientations.count == 1 { namedOrientation = orientations.first ?? nil }
        for type in types.sorted() where type != "F32" {
            notes.append(
                "weights of type \(type) were " + (type == "F64" ? "rounded to float32" : "widened to float32"))
        }
    }

    private static func finite(_ tensor: TensorFile.Tensor, _ file: String) throws(FormatError) -> [Float] {
        guard let values = tensor.values else {
            throw FormatError(
                .unsuitable, file: file, "\(tensor.text) has values of type \(tensor.type), no floats")
        }
        if let place = values.firstIndex(where: { !$0.isFinite }) {
            throw FormatError(
                .unsuitable, file: file,
                "value \(place) of \(tensor.text) is \(values[place]): not finite, or beyond float32")
        }
        guard tensor.shape.allSatisfy({ $0 > 0 }) else {
            throw FormatError(.unsuitable, file: file, "\(tensor.text) has no values")
        }
        return values
    }

    /// The scales of the inputs, where the file has them.
    func inputScales(_ count: Int) throws(FormatError) -> [Scale]? {
        try pairs(ExportedModel.ScaleTensor.inputMean, ExportedModel.ScaleTensor.inputDeviation, count, least: 0)
    }

    /// The scale of a regression's output, where the file has it.
    func outputScale() throws(FormatError) -> Scale? {
        try pairs(
            ExportedModel.ScaleTensor.outputMean, ExportedModel.ScaleTensor.outputDeviation, 1,
            least: .leastNonzeroMagnitude)?.first
    }

    private func pairs(
        _ mean: String, _ deviation: String, _ count: Int, least: Float
    ) throws(FormatError) -> [Scale]? {
        let (means, deviations) = (scales[mean], scales[deviation])
        if means == nil, deviations == nil { return nil }
        guard let means, let deviations, means.count == count, deviations.count == count else {
            throw refuse("\(mean) and \(deviation) are not \(count) values each")
        }
        guard deviations.allSatisfy({ $0 >= least }) else { throw refuse("a value of \(deviation) cannot be") }
        return zip(means, deviations).map { Scale(mean: $0, deviation: $1) }
    }

    private func refuse(_ what: String) -> FormatError { FormatError(.unsuitable, file: file, what) }

    // MARK: - Order

    /// The layers one behind the other.
    struct Chain {
        let layers: [FoundLayer]
        let orientation: WeightOrientation
    }

    /// The one order and orientation in which they lead from the inputs to the outputs.
    func chain(
        _ ends: LayerDetection.Ends, order: [String]?, orientation: WeightOrientation?
    ) throws(ImportError) -> Chain {
        let names = layers.map(\.name)
        var known = sortedByNumbers
        if let order {
            known = order.compactMap { name in layers.first { $0.name == name } }
            guard Set(order) == Set(names), order.count == names.count else {
                throw .otherLayers(file: file, asked: order, layers: names)
            }
        }
        let wanted = orientation.map { [$0] } ?? WeightOrientation.allCases
        var chains: [[Chain]] = []
        for candidate in wanted {
            let orders = known.map { fits($0, candidate, ends) ? [$0] : [] } ?? self.orders(candidate, ends)
            chains.append(orders.map { Chain(layers: $0, orientation: candidate) })
        }
        let fitting = chains.filter { !$0.isEmpty }
        let chosen = fitting.first { $0[0].orientation == namedOrientation } ?? fitting.first
        guard let chosen else { throw .noChain(file: file, what: complaint(known, ends)) }
        if fitting.count > 1, namedOrientation == nil {
            throw .ambiguousOrientation(file: file, layers: chosen[0].layers.map(\.name))
        }
        guard chosen.count == 1 else { throw .ambiguousOrder(file: file, layers: names) }
        return chosen[0]
    }

    /// The layers in the order of the numbers in their names; nil where the names differ in more.
    private var sortedByNumbers: [FoundLayer]? {
        let keyed = layers.map { ($0, LayerName.sortKey($0.name)) }
        guard Set(keyed.map(\.1.pattern)).count == 1 else { return nil }
        return keyed.sorted { $0.1.numbers.lexicographicallyPrecedes($1.1.numbers) }.map(\.0)
    }

    private func fits(_ order: [FoundLayer], _ orientation: WeightOrientation, _ ends: LayerDetection.Ends) -> Bool {
        var width = ends.inputs
        for layer in order {
            guard layer.fits(orientation), layer.size(orientation).inputs == width else { return false }
            width = layer.size(orientation).outputs
        }
        return ends.outputs.contains(width)
    }

    /// Steps of the search for an order: names decide among more layers than it can go through.
    private static let mostSteps = 100_000

    /// Up to two orders in which they fit.
    private func orders(_ orientation: WeightOrientation, _ ends: LayerDetection.Ends) -> [[FoundLayer]] {
        guard layers.allSatisfy({ $0.fits(orientation) }) else { return [] }
        var found: [[FoundLayer]] = []
        var steps = 0
        func extend(_ order: [FoundLayer], _ rest: [FoundLayer], _ width: Int) {
            steps += 1
            guard found.count < 2, steps < FoundLayers.mostSteps else { return }
            if rest.isEmpty, ends.outputs.contains(width) { found.append(order) }
            for (index, layer) in rest.enumerated() where layer.size(orientation).inputs == width {
                var others = rest
                others.remove(at: index)
                extend(order + [layer], others, layer.size(orientation).outputs)
            }
        }
        extend([], layers, ends.inputs)
        return steps < FoundLayers.mostSteps ? found : [layers, layers]
    }

    /// Why no order fits.
    private func complaint(_ known: [FoundLayer]?, _ ends: LayerDetection.Ends) -> String {
        let shapes = (known ?? layers).map(\.text).joined(separator: ", ")
        let outputs = ends.outputs.map(String.init).joined(separator: " or ")
        return "the layers \(shapes) do not lead from the \(ends.inputs) inputs of the data to \(outputs) "
            + (ends.outputs == [1] ? "output" : "outputs")
    }
}
