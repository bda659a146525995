import BPTraining

extension ExportedModel {
    /// Writes the model in one format.
    /// - Throws: `TrainingError.weightsNotFinite`, since no format has a number for them that all programs read;
    ///   `FormatError` (`unsuitable`) if the format cannot hold so many parameters; `FileError`.
    package func write(_ format: ExportFormat, to file: AtomicFile) throws {
        guard model.parameters.allSatisfy(\.isFinite) else { throw TrainingError.weightsNotFinite(of: "the model") }
        try file.write(bytes(format, file: file.path))
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
