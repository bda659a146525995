/// An ONNX model as it is put together: nodes, constants, inputs and outputs (onnx.proto3, IR version 8, operators of
/// set 13). The numbers are those of the fields there.
struct ONNXGraph {
    /// The version of the file's layout.
    static let irVersion: Int64 = 8
    /// The version of the operators.
    static let operatorSet: Int64 = 13

    /// The types of elements, by their number in TensorProto.
    enum Element: Int64 {
        case float32 = 1
        case int64 = 7
        case float64 = 11
    }

    /// A size of a dimension: a number, or a name for what is known only with the data.
    enum Size {
        case fixed(Int)
        case named(String)
    }

    /// An attribute of a node.
    enum Attribute {
        case int(String, Int64)
    }

    private var nodes: [Protobuf] = []
    private var constants: [Protobuf] = []
    private var inputs: [Protobuf] = []
    private var outputs: [Protobuf] = []
    private var metadata: [Protobuf] = []

    /// Adds a node that makes `output` out of `inputs`.
    mutating func add(_ operation: String, _ inputs: [String], to output: String, _ attributes: [Attribute] = []) {
        var node = Protobuf()
        for input in inputs { node.add(1, input) }
        node.add(2, output)
        node.add(3, "node\(nodes.count + 1)")
        node.add(4, operation)
        for case .int(let name, let value) in attributes {
            var attribute = Protobuf()
            attribute.add(1, name)
            attribute.add(3, value)
            attribute.add(20, 2 as Int64)
            node.add(5, attribute)
        }
        nodes.append(node)
    }

    /// Adds a constant of float32 values, row-major, which are widened if `element` is float64.
    mutating func add(
        constant name: String, _ values: some Sequence<Float>, as element: Element = .float32, shape: [Int]
    ) {
        var tensor = Protobuf()
        for size in shape { tensor.add(1, Int64(size)) }
        tensor.add(2, element.rawValue)
        tensor.add(8, name)
        tensor.add(
            9, element == .float64 ? LittleEndian.bytes(values.map { Double($0) }) : LittleEndian.bytes(values))
        constants.append(tensor)
    }

    /// Adds a node that converts `input` to another type.
    mutating func add(castOf input: String, to output: String, _ element: Element) {
        add("Cast", [input], to: output, [.int("to", element.rawValue)])
    }

    /// Adds an input of the whole.
    mutating func add(input name: String, _ element: Element, _ shape: [Size], about: String) {
        inputs.append(ONNXGraph.value(name, element, shape, about))
    }

    /// Adds an output of the whole.
    mutating func add(output name: String, _ element: Element, _ shape: [Size], about: String) {
        outputs.append(ONNXGraph.value(name, element, shape, about))
    }

    /// Adds a text for programs.
    mutating func add(metadata key: String, _ value: String) {
        var entry = Protobuf()
        entry.add(1, key)
        entry.add(2, value)
        metadata.append(entry)
    }

    /// The file's bytes.
    func model(name: String, producerVersion: String, about: String) -> [UInt8] {
        var graph = Protobuf()
        for node in nodes { graph.add(1, node) }
        graph.add(2, name)
        for constant in constants { graph.add(5, constant) }
        for input in inputs { graph.add(11, input) }
        for output in outputs { graph.add(12, output) }
        var operators = Protobuf()
        operators.add(1, "")
        operators.add(2, ONNXGraph.operatorSet)
        var model = Protobuf()
        model.add(1, ONNXGraph.irVersion)
        model.add(2, "bpreg")
        model.add(3, producerVersion)
        model.add(6, about)
        model.add(7, graph)
        model.add(8, operators)
        for entry in metadata { model.add(14, entry) }
        return model.bytes
    }

    private static func value(_ name: String, _ element: Element, _ shape: [Size], _ about: String) -> Protobuf {
        var sizes = Protobuf()
        for size in shape {
            var dimension = Protobuf()
            switch size {
            case .fixed(let count): dimension.add(1, Int64(count))
            case .named(let name): dimension.add(2, name)
            }
            sizes.add(1, dimension)
        }
        var tensor = Protobuf()
        tensor.add(1, element.rawValue)
        tensor.add(2, sizes)
        var type = Protobuf()
        type.add(1, tensor)
        var value = Protobuf()
        value.add(1, name)
        value.add(2, type)
        value.add(3, about)
        return value
    }
}

/// Numbers as files have them.
enum LittleEndian {
    /// float32 values, little-endian.
    static func bytes(_ values: some Sequence<Float>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(4 * values.underestimatedCount)
        for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) } }
        return bytes
    }

    /// float64 values, little-endian.
    static func bytes(_ values: [Double]) -> [UInt8] {
        values.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } }
    }
}
