extension NPYArray {
    /// The text, where the array holds a single one; nil otherwise.
    package var text: String? {
        guard shape.isEmpty, let element, !element.isNumber else { return nil }
        return bytes.withUnsafeBytes { raw in
            element.text(UnsafeRawBufferPointer(rebasing: raw[header.dataOffset...]))
        }.map { String(decoding: $0, as: UTF8.self) }
    }
}
