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

    /// The format that the name of a file ends in; nil for another ending.
    public init?(path: String) {
        guard let dot = path.lastIndex(of: ".") else { return nil }
        self.init(rawValue: path[path.index(after: dot)...].lowercased())
    }
}
