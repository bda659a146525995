extension TrainedModel {
    /// Reads a model from a file that `export` or `bpreg export` wrote as safetensors or NPZ.
    /// - Parameter evenIfChanged: takes other weights than those that were exported, if they fit network and encoding.
    /// - Throws: `FileError` if the file cannot be read; `FormatError` (`changed` if the content is not the exported one:
    ///   the SHA-256 of the weights or a text differs; `malformed`; `unsuitable` for a file that is no such export).
    public init(contentsOf path: String, evenIfChanged: Bool = false) throws {
        let file = try TensorFile(path)
        guard let found = try ExportedWeights.model(of: file, evenIfChanged: evenIfChanged) else {
            throw FormatError(
                .unsuitable, file: path, "it is not an export of bpreg: network, scaling and classes are missing")
        }
        self = found.model
    }

    /// Writes the model to a file: network, weights, scaling and classes. `init(contentsOf:)` reads safetensors and NPZ.
    /// - Parameters:
    ///   - path: the file to write. No file may have this name yet.
    ///   - format: the format (default: by the ending of the path).
    /// - Throws: `FileError` (`exists`, `unusable`, `full`, `unwritable`); `FormatError` (`unsuitable`) if the path has
    ///   no such ending or the format cannot hold the model.
    public func export(to path: String, format: ExportFormat? = nil) throws {
        try ExportedModel(self).write(to: path, format)
    }
}

extension LoadedModel {
    /// Writes the model to a file, as `TrainedModel.export` does, with the run, iteration and version it comes from.
    /// - Throws: as `TrainedModel.export`.
    public func export(to path: String, format: ExportFormat? = nil) throws {
        try ExportedModel(self).write(to: path, format)
    }
}

extension ExportedModel {
    fileprivate func write(to path: String, _ asked: ExportFormat?) throws {
        guard let format = asked ?? ExportFormat(path: path) else {
            let endings = ExportFormat.allCases.map { ".\($0.rawValue)" }.joined(separator: ", ")
            throw FormatError(.unsuitable, file: path, "the format is unknown: the path ends with none of \(endings)")
        }
        try format.check(path: path)
        let file = try AtomicFile(path, replace: false)
        try write(format, to: file)
        try file.finish()
    }
}
