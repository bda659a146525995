import BPCore
import BPJSON
import BPRegistry
package import BPTraining

/// A model that bpreg exported, as it comes back: the file has its network, loss and encoding, and the hash of its weights.
package enum ExportedWeights {
    /// The model of a file that bpreg wrote; nil for a file of another program.
    ///
    /// An export says some things twice. They must agree, so that a bit that flipped on a disk, or an edit by another program, is
    /// detected: the weights with their SHA-256, scales with the encoding, the texts with the description, and the bytes
    /// of an archive with its digest.
    /// - Parameter evenIfChanged: takes other weights than those that were exported, if they fit the description. If more
    ///   than the weights was changed, the file is one of another program: nil.
    /// - Throws: `FormatError`: `changed` if the file is not as it was exported; `unsuitable` for weights that are not
    ///   finite.
    package static func model(
        of file: TensorFile, evenIfChanged: Bool = false
    ) throws(FormatError) -> (model: TrainedModel, isChanged: Bool)? {
        guard file.isOfBpreg else { return nil }
        do throws(FormatError) {
            let model = try described(file)
            guard let fault = try fault(in: file, model) else { return (model, false) }
            guard evenIfChanged, fault.isInWeights else { throw fault.error }
            return (model, true)
        } catch {
            guard evenIfChanged, error.kind == .changed else { throw error }
            return nil
        }
    }

    /// The model that the description and the tensors make.
    private static func described(_ file: TensorFile) throws(FormatError) -> TrainedModel {
        func refuse(_ what: String) -> FormatError { FormatError(.changed, file: file.path, what, at: "bpreg.model") }
        guard let description = file.metadata["bpreg.model"] else {
            throw refuse("an export has it, and the file does not")
        }
        let network: TrainedModel.Description
        do { network = try TrainedModel.Description(json: description) } catch {
            throw refuse("\(error)")
        }
        guard Numerics(rawValue: network.numerics) != nil else {
            throw refuse("its numerics version is \(network.numerics); this bpreg has \(Numerics.known)")
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
        do { return try TrainedModel(network, parameters: parameters) } catch {
            throw refuse(error.description)
        }
    }

    /// Whether two texts are the same JSON, its numbers as float32: a mean may be written with more digits than it needs.
    private static func agree(_ first: String, _ second: String) -> Bool {
        func agree(_ first: JSONValue, _ second: JSONValue) -> Bool {
            switch (first, second) {
            case (.array(let one), .array(let other)):
                one.count == other.count && zip(one, other).allSatisfy { agree($0, $1) }
            case (.object(let one), .object(let other)):
                one.keys == other.keys && one.allSatisfy { key, value in other[key].map { agree(value, $0) } ?? false }
            case (.string, _), (_, .string), (.bool, _), (_, .bool), (.null, _), (_, .null): first == second
            default:
                if let one = first.number, let other = second.number { Float(one) == Float(other) } else { false }
            }
        }
        guard let one = try? JSONValue(parsing: first), let other = try? JSONValue(parsing: second) else {
            return false
        }
        return agree(one, other)
    }

    /// The first thing in which the file differs from its own description.
    private static func fault(
        in file: TensorFile, _ model: TrainedModel
    ) throws(FormatError) -> (error: FormatError, isInWeights: Bool)? {
        func fault(_ what: String, at place: String) -> (error: FormatError, isInWeights: Bool) {
            (FormatError(.changed, file: file.path, what, at: place), false)
        }
        let exported = ExportedModel(model: model, weights: .null)
        // A person who changed a scale in the file must not get predictions with the scale of its description.
        for scale in exported.tensors where ExportedModel.ScaleTensor.all.contains(scale.name) {
            guard let tensor = file.tensors.first(where: { $0.name == scale.name }) else { continue }
            guard tensor.shape == scale.shape, tensor.values?.map(\.bitPattern) == scale.values.map(\.bitPattern) else {
                return fault("the tensor \(scale.name) differs from the scales in bpreg.model", at: scale.name)
            }
        }
        for (name, text) in exported.metadata where !name.hasPrefix("bpreg.") {
            guard let found = file.metadata[name], found != text, !agree(found, text) else { continue }
            return fault("the text \"\(name)\" does not agree with bpreg.model", at: name)
        }
        let hash = model.weightsSHA256.hex
        let recorded = file.metadata["bpreg.weights"].flatMap { try? JSONValue(parsing: $0) }?["sha256"]?.string
        guard let recorded else { return fault("it has no SHA-256 of the weights", at: "bpreg.weights") }
        if recorded != hash {
            let what =
                "the weights have the SHA-256 \(hash.prefix(12)), and the file was exported with \(recorded.prefix(12))"
            return (FormatError(.changed, file: file.path, what, at: "bpreg.weights"), true)
        }
        if file.isArchiveAsWritten == false {
            return fault("the archive is not as it was written", at: ArchiveLayout.Key.digest.rawValue)
        }
        return nil
    }
}
