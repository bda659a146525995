import Foundation

/// Reads an ONNX file as far as bpreg writes it, and computes with it: the other way round, and in Double.
struct ONNXReader {
    struct Node {
        var operation = ""
        var inputs: [String] = []
        var output = ""
        var integers: [String: Int] = [:]
    }

    struct Tensor {
        var shape: [Int] = []
        var values: [Double] = []
    }

    private(set) var nodes: [Node] = []
    private(set) var constants: [String: Tensor] = [:]
    private(set) var metadata: [String: String] = [:]
    private(set) var inputs: [String] = []
    private(set) var outputs: [String] = []

    init(_ bytes: [UInt8]) {
        for (field, value) in Self.fields(bytes) {
            if field == 14 {
                let entry = Dictionary(Self.fields(value).map { ($0.0, Self.text($0.1)) }) { $1 }
                metadata[entry[1] ?? ""] = entry[2]
            }
            guard field == 7 else { continue }
            for (field, value) in Self.fields(value) {
                switch field {
                case 1: nodes.append(Self.node(value))
                case 5: Self.add(value, to: &constants)
                case 11: inputs.append(Self.text(Self.fields(value).first { $0.0 == 1 }?.1 ?? []))
                case 12: outputs.append(Self.text(Self.fields(value).first { $0.0 == 1 }?.1 ?? []))
                default: break
                }
            }
        }
    }

    /// What the graph makes of one row.
    func compute(_ row: [Double]) -> [String: [Double]] {
        var known = constants.mapValues(\.values)
        known["input"] = row
        for node in nodes {
            let operands = node.inputs.map { known[$0] ?? [] }
            let (a, b) = (operands[0], operands.count > 1 ? operands[1] : [])
            func each(_ f: (Double, Double) -> Double) -> [Double] {
                (0..<max(a.count, b.count)).map { f(a[a.count == 1 ? 0 : $0], b[b.count == 1 ? 0 : $0]) }
            }
            known[node.output] =
                switch node.operation {
                case "Add": each(+)
                case "Sub": each(-)
                case "Mul": each(*)
                case "Div": each(/)
                case "Identity": a
                case "Tanh": a.map { tanh($0) }
                case "Relu": a.map { max($0, 0) }
                case "Sigmoid": a.map { 1 / (1 + exp(-$0)) }
                case "Softmax": Self.softmax(a)
                case "Concat": operands.flatMap { $0 }
                case "ArgMax": [Double(a.firstIndex(of: a.max() ?? 0) ?? 0)]
                case "Gemm" where node.integers["transB"] == 1:
                    operands[2].enumerated().map { j, bias in
                        zip(a, b[j * a.count..<(j + 1) * a.count]).reduce(bias) { $0 + $1.0 * $1.1 }
                    }
                default: []
                }
        }
        return known
    }

    private static func softmax(_ z: [Double]) -> [Double] {
        let powers = z.map { exp($0 - (z.max() ?? 0)) }
        return powers.map { $0 / powers.reduce(0, +) }
    }

    private static func node(_ bytes: [UInt8]) -> Node {
        var node = Node()
        for (field, value) in fields(bytes) {
            switch field {
            case 1: node.inputs.append(text(value))
            case 2: node.output = text(value)
            case 4: node.operation = text(value)
            case 5:
                let parts = Dictionary(fields(value)) { $1 }
                node.integers[text(parts[1] ?? [])] = number(parts[3] ?? [])
            default: break
            }
        }
        return node
    }

    private static func add(_ bytes: [UInt8], to tensors: inout [String: Tensor]) {
        var (tensor, name) = (Tensor(), "")
        for (field, value) in fields(bytes) {
            switch field {
            case 1: tensor.shape.append(number(value))
            case 8: name = text(value)
            case 9:
                tensor.values = stride(from: 0, to: value.count, by: 4).map { at in
                    Double(Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(value[at + $1]) << (8 * UInt32($1)) }))
                }
            default: break
            }
        }
        tensors[name] = tensor
    }

    /// The fields of a message with their values' bytes; a varint as it stands.
    private static func fields(_ bytes: [UInt8]) -> [(Int, [UInt8])] {
        var fields: [(Int, [UInt8])] = []
        var at = 0
        func varint() -> Int {
            var (value, shift) = (0, 0)
            while at < bytes.count {
                let byte = bytes[at]
                value |= Int(byte & 0x7F) << shift
                (at, shift) = (at + 1, shift + 7)
                if byte < 0x80 { break }
            }
            return value
        }
        while at < bytes.count {
            let key = varint()
            let start = at
            if key & 7 == 0 {
                _ = varint()
                fields.append((key >> 3, Array(bytes[start..<at])))
            } else {
                let count = varint()
                fields.append((key >> 3, Array(bytes[at..<at + count])))
                at += count
            }
        }
        return fields
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    private static func number(_ bytes: [UInt8]) -> Int {
        bytes.enumerated().reduce(0) { $0 | Int($1.element & 0x7F) << (7 * $1.offset) }
    }
}
