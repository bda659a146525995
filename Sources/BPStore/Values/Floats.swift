extension [Float] {
    /// The little-endian float32s in `bytes`; extra bytes at the end are ignored.
    package init(littleEndian bytes: [UInt8]) {
        let count = bytes.count / MemoryLayout<Float>.size
        self.init(unsafeUninitializedCapacity: count) { buffer, initialized in
            bytes.withUnsafeBytes { source in
                for index in 0..<count {
                    let bits = source.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
                    buffer.initializeElement(at: index, to: Float(bitPattern: UInt32(littleEndian: bits)))
                }
            }
            initialized = count
        }
    }
}
