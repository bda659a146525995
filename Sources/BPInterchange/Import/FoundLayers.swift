import BPData

/// All the layers of a file, in no order yet, and its tensors that belong to none.
struct FoundLayers {
    private let file: String
    private(set) var layers: [FoundLayer] = []
    /// Tensors that are no part of a dense layer, such as counters and normalizations, or whose values cannot be used.
    private var others: [Other] = []
    private var scales: [String: [Float]] = [:]

    /// A tensor that no layer is made of.
    private struct Other {
        /// The layer that its name says, if it is a weight or bias of one.
        let layer: String?
        /// `bn.running_mean [2]`
        let text: String
        /// Why it is not used.
        let reason: FormatError
    }

    init(_ source: TensorFile) throws(FormatError) {
        file = source.path
        var weights: [(name: LayerName, tensor: TensorFile.Tensor)] = []
        var biases: [String: TensorFile.Tensor] = [:]
        for tensor in source.tensors {
            if ExportedModel.ScaleTensor.all.contains(tensor.name) {
                if let fault = fault(in: tensor) { throw fault }
                scales[tensor.name] = tensor.values
                continue
            }
            let name = LayerName(tensor.name, dimensions: tensor.shape.count)
            if let fault = fault(in: tensor) {
                others.append(Other(layer: name?.layer, text: tensor.text, reason: fault))
                continue
            }
            guard let name else {
                let what =
                    "\(tensor.text) belongs to no layer that bpreg has: weights have two dimensions, biases one"
                others.append(Other(layer: nil, text: tensor.text, reason: refuse(what)))
                continue
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
        for (name, tensor) in weights {
            let bias = biases.removeValue(forKey: name.layer)
            layers.append(
                FoundLayer(
                    name: name.layer, rows: tensor.shape[0], columns: tensor.shape[1], weights: tensor.values ?? [],
                    bias: bias?.values, namedOrientation: name.orientation,
                    tensors: [tensor.text] + [bias?.text].compactMap { $0 },
                    types: Set([tensor.type] + [bias?.type].compactMap { $0 })))
        }
        for (layer, bias) in biases.sorted(by: { $0.key < $1.key }) {
            let what = "\(bias.text) belongs to no weights: bpreg has dense layers alone, no normalization"
            others.append(Other(layer: layer, text: bias.text, reason: refuse(what)))
        }
        guard !layers.isEmpty else {
            throw others.first?.reason ?? refuse("it has no weights: no tensor of two dimensions with a layer's name")
        }
    }

    /// Why the values of a tensor cannot be used.
    private func fault(in tensor: TensorFile.Tensor) -> FormatError? {
        guard let values = tensor.values else {
            return refuse(
                "\(tensor.text) has values of type \(tensor.type), and weights are floats of 16, 32 or 64 bits: convert it, "
                    + "such as with array.astype(\"float32\"), or scale quantised weights back first")
        }
        if let beyond = tensor.beyond {
            return refuse(
                "value \(beyond.place) of \(tensor.text) is \(beyond.value), beyond the range of a float32, in which bpreg "
                    + "computes")
        }
        if let place = values.firstIndex(where: { !$0.isFinite }) {
            return refuse("value \(place) of \(tensor.text) is \(values[place]), and weights must be finite")
        }
        return tensor.shape.allSatisfy { $0 > 0 } ? nil : refuse("\(tensor.text) has no values")
    }

    /// The conversions of the layers that are used, and the tensors of the file that are left out.
    func notes(on used: [FoundLayer]) -> [String] {
        var notes = used.filter { $0.bias == nil }.map { "layer \($0.name) has no bias: it is taken as 0" }
        for type in Set(used.flatMap(\.types)).sorted() where type != "F32" {
            notes.append(
                "weights of type \(type) were " + (type == "F64" ? "rounded to float32" : "widened to float32"))
        }
        let names = Set(used.map(\.name))
        let rest = layers.filter { !names.contains($0.name) }.flatMap(\.tensors) + others.map(\.text)
        if !rest.isEmpty { notes.append("left out: " + rest.joined(separator: ", ")) }
        return notes
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
        /// How the names say that weights lie, if all of them say the same.
        let namedOrientation: WeightOrientation?
    }

    /// The one order and orientation in which they lead from the inputs to the outputs.
    /// - Parameter order: the layers to use, in order; all of the file unless named.
    func chain(
        _ ends: LayerDetection.Ends, order: [String]?, orientation: WeightOrientation?
    ) throws -> Chain {
        if let order { return try FoundLayers.chain(named(order), isOrdered: true, ends, orientation, file) }
        do {
            if let other = others.first { throw other.reason }
            return try FoundLayers.chain(layers, isOrdered: false, ends, orientation, file)
        } catch {
            // Copies and normalizations beside the layers: some of the layers alone may fit.
            guard let fitting = someThatFit(ends, orientation) else { throw error }
            let what = (error as? FormatError)?.what ?? (error as? ImportError)?.what ?? "\(error)"
            throw ImportError.moreThanLayers(file: file, what: what, layers: fitting)
        }
    }

    /// The layers of these names.
    private func named(_ order: [String]) throws -> [FoundLayer] {
        if let broken = others.first(where: { $0.layer.map(order.contains) ?? false }) { throw broken.reason }
        let found = order.compactMap { name in layers.first { $0.name == name } }
        guard found.count == order.count, Set(order).count == order.count else {
            throw ImportError.otherLayers(file: file, asked: order, layers: layers.map(\.name))
        }
        return found
    }

    /// Names of layers, not all of the file, that differ in their numbers alone and fit.
    private func someThatFit(_ ends: LayerDetection.Ends, _ orientation: WeightOrientation?) -> [String]? {
        var groups: [String: [FoundLayer]] = [:]
        for layer in layers { groups[LayerName.sortKey(layer.name).pattern, default: []].append(layer) }
        for layer in layers {
            let group = groups[LayerName.sortKey(layer.name).pattern] ?? []
            guard group.count < layers.count || !others.isEmpty else { continue }
            if let chain = try? FoundLayers.chain(group, isOrdered: false, ends, orientation, file) {
                return chain.layers.map(\.name)
            }
        }
        return (try? FoundLayers.chain(layers, isOrdered: false, ends, orientation, file))?.layers.map(\.name)
    }

    private static func chain(
        _ layers: [FoundLayer], isOrdered: Bool, _ ends: LayerDetection.Ends, _ orientation: WeightOrientation?,
        _ file: String
    ) throws -> Chain {
        let named = Set(layers.map(\.namedOrientation))
        let namedOrientation = named.count == 1 ? named.first ?? nil : nil
        let known = isOrdered ? layers : sortedByNumbers(layers)
        let wanted = orientation.map { [$0] } ?? WeightOrientation.allCases
        var chains: [[Chain]] = []
        for candidate in wanted {
            let orders =
                known.map { fits($0, candidate, ends) ? [$0] : [] } ?? self.orders(layers, candidate, ends)
            chains.append(
                orders.map { Chain(layers: $0, orientation: candidate, namedOrientation: namedOrientation) })
        }
        let fitting = chains.filter { !$0.isEmpty }
        let chosen = fitting.first { $0[0].orientation == namedOrientation } ?? fitting.first
        guard let chosen else {
            throw ImportError.noChain(file: file, what: complaint(known ?? layers, ends))
        }
        if fitting.count > 1, namedOrientation == nil {
            throw ImportError.ambiguousOrientation(file: file, layers: chosen[0].layers.map(\.name))
        }
        guard chosen.count == 1 else { throw ImportError.ambiguousOrder(file: file, layers: layers.map(\.name)) }
        return chosen[0]
    }

    /// The layers in the order of the numbers in their names; nil where the names differ in more.
    private static func sortedByNumbers(_ layers: [FoundLayer]) -> [FoundLayer]? {
        let keyed = layers.map { ($0, LayerName.sortKey($0.name)) }
        guard Set(keyed.map(\.1.pattern)).count == 1 else { return nil }
        return keyed.sorted { $0.1.numbers.lexicographicallyPrecedes($1.1.numbers) }.map(\.0)
    }

    private static func fits(_ order: [FoundLayer], _ orientation: WeightOrientation, _ ends: LayerDetection.Ends)
        -> Bool
    {
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
    private static func orders(
        _ layers: [FoundLayer], _ orientation: WeightOrientation, _ ends: LayerDetection.Ends
    ) -> [[FoundLayer]] {
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
    private static func complaint(_ layers: [FoundLayer], _ ends: LayerDetection.Ends) -> String {
        let shapes = layers.map(\.text).joined(separator: ", ")
        let outputs = ends.outputs.map(String.init).joined(separator: " or ")
        return "the layers \(shapes) do not lead from the \(ends.inputs) inputs of the data to \(outputs) "
            + (ends.outputs == [1] ? "output" : "outputs")
    }
}
