import BPTraining

extension ExportedModel {
    /// Writes the model in one format.
    /// - Throws: `FormatError` (`unsuitable`) where the format cannot hold so many parameters; `FileError`.
    public func write(_ format: ExportFormat, to file: AtomicFile) throws(ExportError) {
        let bytes: [UInt8]
        switch format {
        case .json: bytes = Array(JSONExport(exported: self).text.utf8)
        case .onnx:
            let count = 4 * model.parameters.count
            guard count <= ONNXExport.parameterLimit else {
                throw .format(
                    FormatError(
                        .unsuitable, file: file.path,
                        "\(count) bytes of parameters are more than an ONNX file can hold, \(ONNXExport.parameterLimit)"
                    ))
            }
            bytes = ONNXExport(exported: self).bytes
        case .safetensors, .npz:
            throw .format(FormatError(.unsuitable, file: file.path, "\(format.rawValue) cannot be written yet"))
        }
        do { try file.write(bytes) } catch { throw .file(error) }
    }
}

/// Why a model was not written.
public enum ExportError: Error, Sendable, Equatable {
    /// The format has no room for it.
    case format(FormatError)
    /// The system would not let the file be written.
    case file(FileError)
}
