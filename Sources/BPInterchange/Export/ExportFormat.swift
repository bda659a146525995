/// A kind of file for inference elsewhere.
public enum ExportFormat: String, CaseIterable, Sendable {
    /// Named tensors with metadata.
    case safetensors
    /// NumPy arrays in a zip file.
    case npz
    /// A graph that computes predictions from the columns.
    case onnx
    /// Text that people can read.
    case json

    /// Makes sure that the name of the file does not end in that of another format: other programs go by it.
    /// - Throws: `FormatError` with both.
    package func check(path: String) throws(FormatError) {
        guard let named = ExportFormat(path: path), named != self else { return }
        throw FormatError(
            .unsuitable, file: path, "the name ends in .\(named.rawValue), and the format is \(rawValue)")
    }

    /// The format that the name of a file ends in; nil for another ending.
    public init?(path: String) {
        guard let dot = path.lastIndex(of: ".") else { return nil }
        self.init(rawValue: path[path.index(after: dot)...].lowercased())
    }
}
