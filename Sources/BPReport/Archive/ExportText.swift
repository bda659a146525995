package import BPInterchange
package import BPJSON
package import BPTraining

/// An export, as JSON and in words.
package struct ExportText: Details {
    private let loaded: LoadedModel
    /// The reference as it was typed, and the file.
    private let reference: String, file: String
    private let format: ExportFormat
    private let bytes: Int

    package init(_ loaded: LoadedModel, reference: String, file: String, format: ExportFormat, bytes: Int) {
        (self.loaded, self.reference, self.file) = (loaded, reference, file)
        (self.format, self.bytes) = (format, bytes)
    }

    package var members: [String: JSONValue] {
        [
            "reference": .string(reference), "file": .string(file), "format": .string(format.rawValue),
            "bytes": JSONValue(bytes), "run": JSONValue(loaded.run), "segment": JSONValue(loaded.segment),
            "iteration": JSONValue(loaded.iteration), "version": JSONValue(loaded.version?.name),
            "parameters": JSONValue(loaded.model.parameters.count), "weights_sha256": .string(loaded.weightsSHA256.hex),
        ]
    }

    package func fields(hint: String) -> Fields {
        var fields = Fields()
        fields.add("file", "\(file), \(NumberText.grouped(bytes)) bytes")
        fields.add("format", format.rawValue)
        fields.add(
            "weights of",
            loaded.version?.name ?? "run \(loaded.run), iteration \(NumberText.grouped(loaded.iteration))")
        fields.add(
            "network",
            TrainingText.layers(loaded.model.network)
                + ", \(NumberText.grouped(loaded.model.parameters.count)) parameters")
        fields.add("SHA-256", loaded.weightsSHA256.hex)
        return fields
    }
}
