/// Tensors with their hashes, in groups of parts that each fit one transaction.
package struct HashedTensors {
    package let tensors: [(digest: SHA256Digest, content: NewTensor)]
    package let groups: [[TensorPart]]

    package init(_ tensors: [NewTensor]) {
        self.init(tensors.map { (digest: $0.withBytes { SHA256.hash($0) }, content: $0) })
    }

    /// Tensors whose hashes are known.
    package init(_ tensors: [(digest: SHA256Digest, content: NewTensor)]) {
        self.tensors = tensors
        groups = TensorPart.groups(ofSizes: tensors.map { $0.content.byteCount })
    }

    /// By name, as the tensors of a keyframe or a version are read.
    package var names: [TensorName] {
        tensors.map { TensorName(name: $0.content.name, digest: $0.digest) }
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    package var bytes: Int { tensors.reduce(0) { $0 + $1.content.byteCount } }

    /// Writes a group of parts within a transaction.
    /// - Returns: the number of bytes that were new.
    package func write(group: Int, to store: Store) throws -> Int {
        try groups[group].reduce(0) { written, part in
            let (digest, content) = tensors[part.tensor]
            return try written
                + content.withBytes { bytes in
                    try store.tensors.addPart(
                        part.part, of: digest, UnsafeRawBufferPointer(rebasing: bytes[part.range]))
                }
        }
    }
}
