import BPData

/// A model as named tensors and texts: safetensors, or NumPy arrays in a zip file.
struct TensorExport {
    let exported: ExportedModel

    /// A safetensors file. It is no archive: it has no record of the run.
    func safetensors(file: String) throws(FormatError) -> [UInt8] {
        let tensors = exported.tensors
        let metadata = Dictionary(exported.metadata.map { ($0.name, $0.text) }) { $1 }
        let header = try SafetensorsHeader(
            metadata: metadata, tensors: tensors.map { ($0.name, .f32, $0.shape) }, file: file)
        return tensors.reduce(into: header.encoded()) { $0 += LittleEndian.bytes($1.values) }
    }

    /// An NPZ file; the texts are arrays of one text.
    func npz(file: String) throws(FormatError) -> [UInt8] {
        var writer = ZipWriter()
        do throws(DataError) {
            for tensor in exported.tensors {
                try writer.add(tensor.name + ".npy", NPYArray.encoded(tensor.values, shape: tensor.shape))
            }
            for (name, text) in exported.metadata { try writer.add(name + ".npy", NPYArray.encoded(text)) }
        } catch { throw FormatError(.unsuitable, file: file, error.message) }
        return writer.finished()
    }
}
