/// The part of Protocol Buffers' wire format that ONNX needs, to write.
///
/// A message is its fields one after the other, each a varint key (number · 8 + kind) and its value: a varint (kind 0),
/// or a length as varint with so many bytes (kind 2). A field that is written again repeats.
struct Protobuf {
    private(set) var bytes: [UInt8] = []

    /// A field that is a whole number, an enumeration or a truth value.
    mutating func add(_ field: Int, _ value: Int64) {
        key(field, 0)
        varint(UInt64(bitPattern: value))
    }

    /// A field of text.
    mutating func add(_ field: Int, _ text: String) { add(field, Array(text.utf8)) }

    /// A field of bytes.
    mutating func add(_ field: Int, _ value: [UInt8]) {
        key(field, 2)
        varint(UInt64(value.count))
        bytes += value
    }

    /// A field that is a message.
    mutating func add(_ field: Int, _ message: Protobuf) { add(field, message.bytes) }

    private mutating func key(_ field: Int, _ kind: UInt64) { varint(UInt64(field) << 3 | kind) }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
