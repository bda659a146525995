/// A tensor's name in a keyframe or version, and its hash.
package struct TensorName: Sendable, Equatable {
    /// Its name.
    package let name: String
    /// Its hash.
    package let digest: SHA256Digest

    /// The name of a network's weights and biases.
    package static let parameters = "parameters"

    package init(name: String, digest: SHA256Digest) { (self.name, self.digest) = (name, digest) }
}

/// A flat tensor to be staged: little-endian bytes under a name.
package struct NewTensor: Sendable {
    /// Its name in the keyframe: "parameters", or the slot's.
    package let name: String
    private let content: Content

    private enum Content: Sendable {
        case bytes([UInt8])
        case floats([Float])
    }

    /// A tensor of bytes.
    package init(_ name: String, bytes: [UInt8]) { (self.name, content) = (name, .bytes(bytes)) }
    /// A tensor of float32 in canonical order.
    package init(_ name: String, floats: [Float]) { (self.name, content) = (name, .floats(floats)) }

    /// How many bytes it has.
    package var byteCount: Int {
        switch content {
        case .bytes(let bytes): bytes.count
        case .floats(let floats): floats.count * MemoryLayout<Float>.size
        }
    }

    /// Calls `body` with the bytes, which are not copied.
    package func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        switch content {
        case .bytes(let bytes): try bytes.span.bytes.withUnsafeBytes(body)
        case .floats(let floats): try floats.span.bytes.withUnsafeBytes(body)
        }
    }
}
