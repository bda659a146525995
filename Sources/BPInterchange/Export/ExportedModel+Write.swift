import BPTraining

extension ExportedModel {
    /// Writes the model in one format.
    /// - Throws: `ExportError`: the format cannot hold so many parameters, or the file cannot be written.
    public func write(_ format: ExportFormat, to file: AtomicFile) throws(ExportError) {
        let bytes: [UInt8]
        do throws(FormatError) { bytes = try self.bytes(format, file: file.path) } catch { throw .format(error) }
        do throws(FileError) { try file.write(bytes) } catch { throw .file(error) }
    }

    private func bytes(_ format: ExportFormat, file: String) throws(FormatError) -> [UInt8] {
        switch format {
        case .json: return Array(JSONExport(exported: self).text.utf8)
        case .safetensors: return try TensorExport(exported: self).safetensors(file: file)
        case .npz: return try TensorExport(exported: self).npz(file: file)
        case .onnx:
            guard model.parameters.count <= ONNXExport.parameterLimit / 4 else {
                throw FormatError(
                    .unsuitable, file: file,
                    "\(model.parameters.count) parameters are more than the \(ONNXExport.parameterLimit / 4) that an "
                        + "ONNX file can hold")
            }
            return ONNXExport(exported: self).bytes
        }
    }
}

/// Why a model was not written.
public enum ExportError: Error, Sendable, Equatable {
    /// The format has no room for it.
    case format(FormatError)
    /// The system would not let the file be written.
    case file(FileError)
}
