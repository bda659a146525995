import BPJSON
package import BPTraining

/// A model that bpreg exported, as it comes back: the file tells its network, loss and encoding.
package enum ExportedWeights {
    /// The model of a file that bpreg wrote; nil for a file of another program.
    /// - Throws: `FormatError` if its tensors are not those of the network that it describes.
    package static func model(of file: TensorFile) throws(FormatError) -> TrainedModel? {
        guard let description = file.metadata["bpreg.model"] else { return nil }
        func refuse(_ what: String) -> FormatError {
            FormatError(.malformed, file: file.path, what, at: "bpreg.model")
        }
        let network: TrainedModel.Description
        do { network = try TrainedModel.Description(json: description) } catch {
            throw refuse("\(error)")
        }
        var parameters: [Float] = []
        for (index, layer) in network.network.layers.enumerated() {
            for (name, shape) in [
                ("layer\(index + 1).weight", [layer.outputs, layer.inputs]),
                ("layer\(index + 1).bias", [layer.outputs]),
            ] {
                guard let tensor = file.tensors.first(where: { $0.name == name }), tensor.shape == shape,
                    tensor.type == "F32", let values = tensor.values
                else { throw refuse("its network has a float32 \(name) \(shape), and the file does not") }
                if let place = values.firstIndex(where: { !$0.isFinite }) {
                    throw FormatError(
                        .unsuitable, file: file.path, "value \(place) of \(tensor.text) is \(values[place])")
                }
                parameters += values
            }
        }
        let model: TrainedModel
        do { model = try TrainedModel(network, parameters: parameters) } catch {
            throw refuse(error.description)
        }
        // Whoever changed a scale in the file must not be predicted for with the one that it tells elsewhere.
        for scale in ExportedModel(model: model, weights: .null).tensors
        where ExportedModel.ScaleTensor.all.contains(scale.name) {
            guard let tensor = file.tensors.first(where: { $0.name == scale.name }) else { continue }
            guard tensor.shape == scale.shape, tensor.values?.map(\.bitPattern) == scale.values.map(\.bitPattern) else {
                throw refuse("it tells other scales than \(scale.name)")
            }
        }
        return model
    }
}
