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
    /// The types of the elements of inputs and outputs: 1 is float32, 7 int64, 11 float64.
    private(set) var types: [String: Int] = [:]

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
                case 11, 12: add(typeOf: value)
                default: break
                }
                switch field {
                case 11: inputs.append(Self.text(Self.fields(value).first { $0.0 == 1 }?.1 ?? []))
                case 12: outputs.append(Self.text(Self.fields(value).first { $0.0 == 1 }?.1 ?? []))
                default: break
                }
            }
        }
    }

    private mutating func add(typeOf value: [UInt8]) {
        let parts = Dictionary(Self.fields(value)) { $1 }
        let tensor = Dictionary(Self.fields(Dictionary(Self.fields(parts[2] ?? [])) { $1 }[1] ?? [])) { $1 }
        types[Self.text(parts[1] ?? [])] = Self.number(tensor[1] ?? [])
    }

    /// What the graph makes of one row, which is rounded to float32 if that is what the graph takes.
    func compute(_ row: [Double]) -> [String: [Double]] {
        var known = constants.mapValues(\.values)
        known["input"] = types["input"] == 1 ? row.map { Double(Float($0)) } : row
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
                case "Cast": node.integers["to"] == 1 ? a.map { Double(Float($0)) } : a
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
        let isDouble = fields(bytes).contains { $0.0 == 2 && number($0.1) == 11 }
        for (field, value) in fields(bytes) {
            switch field {
            case 1: tensor.shape.append(number(value))
            case 8: name = text(value)
            case 9:
                tensor.values = numbers(value, width: isDouble ? 8 : 4)
            default: break
            }
        }
        tensors[name] = tensor
    }

    /// Little-endian float32 or float64 values.
    private static func numbers(_ bytes: [UInt8], width: Int) -> [Double] {
        stride(from: 0, to: bytes.count, by: width).map { at in
            let bits = bytes[at..<at + width].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return width == 8 ? Double(bitPattern: bits) : Double(Float(bitPattern: UInt32(bits)))
        }
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
