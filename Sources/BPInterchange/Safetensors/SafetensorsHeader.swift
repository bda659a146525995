internal import BPJSON

/// What a safetensors file says of itself: tensors without a gap, and texts by name.
///
/// The file is the length of the header as 8 bytes, little-endian; the header, which is JSON; then the tensors' bytes.
package struct SafetensorsHeader: Sendable, Equatable {
    /// Texts by name.
    package let metadata: [String: String]
    /// The tensors in the order of their bytes.
    package let tensors: [SafetensorsTensor]
    /// All the bytes behind the header.
    package let dataCount: Int

    /// The longest header that is read or written, as other programs have it.
    package static let limit = 100_000_000

    init(metadata: [String: String], sorted tensors: [SafetensorsTensor], dataCount: Int) {
        (self.metadata, self.tensors, self.dataCount) = (metadata, tensors, dataCount)
    }

    /// The header of a file with these tensors one behind the other.
    /// - Throws: `FormatError` (`unsuitable`) where a name comes twice or the sizes are no sizes.
    package init(
        metadata: [String: String],
        tensors: [(name: String, type: SafetensorsTensor.ElementType, shape: [Int])], file: String
    ) throws(FormatError) {
        var placed: [SafetensorsTensor] = []
        var names: Set<String> = [SafetensorsHeader.metadataKey]
        var end = 0
        placed.reserveCapacity(tensors.count)
        for (name, type, shape) in tensors {
            guard names.insert(name).inserted else {
                throw FormatError(.unsuitable, file: file, "a name that is taken", at: "tensor \"\(name)\"")
            }
            guard let bytes = SafetensorsTensor.bytes(type, shape), bytes <= Int.max - end else {
                throw FormatError(.unsuitable, file: file, "no shape: \(shape)", at: "tensor \"\(name)\"")
            }
            placed.append(SafetensorsTensor(name: name, type: type, shape: shape, range: end..<end + bytes))
            end += bytes
        }
        self.init(metadata: metadata, sorted: placed, dataCount: end)
    }

    /// The tensor of that name.
    package func tensor(named name: String) -> SafetensorsTensor? { tensors.first { $0.name == name } }

    static let metadataKey = "__metadata__"

    /// The first bytes of the file: the length, and the header with its tensors in the order of their bytes, padded with
    /// spaces so that the data begin at a multiple of 8.
    package func encoded() -> [UInt8] {
        var text = "{"
        if !metadata.isEmpty {
            text += JSONValue.string(SafetensorsHeader.metadataKey).serialized + ":"
            text += JSONValue.object(metadata.mapValues { .string($0) }).serialized
        }
        for tensor in tensors {
            if text.utf8.count > 1 { text += "," }
            let value: JSONValue = [
                "data_offsets": [JSONValue(tensor.range.lowerBound), JSONValue(tensor.range.upperBound)],
                "dtype": .string(tensor.type.rawValue), "shape": .array(tensor.shape.map { JSONValue($0) }),
            ]
            text += JSONValue.string(tensor.name).serialized + ":" + value.serialized
        }
        text += "}"
        text += String(repeating: " ", count: (8 - text.utf8.count % 8) % 8)
        let length = UInt64(text.utf8.count)
        return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(text.utf8)
    }
}
