/// Why weights were not taken from a file.
public enum ImportError: Error, Sendable, Equatable {
    /// The file is malformed, or holds nothing that can be used.
    case format(FormatError)
    /// The system would not let the file be read.
    case file(FileError)
    /// The layers fit one behind the other in several orders: their names.
    case ambiguousOrder(file: String, layers: [String])
    /// The weights of each layer may be [n_out × n_in] or [n_in × n_out]: both fit.
    case ambiguousOrientation(file: String, layers: [String])
    /// The layers do not lead from the inputs to the outputs: what they are, in words.
    case noChain(file: String, what: String)
    /// A layer was named that the file does not have, or one was left out.
    case otherLayers(file: String, asked: [String], layers: [String])
}

extension ImportError: CustomStringConvertible {
    /// In one line.
    public var description: String {
        switch self {
        case .format(let error): error.description
        case .file(let error): error.description
        case .ambiguousOrder(let file, let layers):
            "\(file): the layers \(layers.joined(separator: ", ")) fit in several orders"
        case .ambiguousOrientation(let file, let layers):
            "\(file): the weights of \(layers.joined(separator: ", ")) fit both as [n_out, n_in] and as [n_in, n_out]"
        case .noChain(let file, let what): "\(file): \(what)"
        case .otherLayers(let file, let asked, let layers):
            "\(file): it has the layers \(layers.joined(separator: ", ")), not \(asked.joined(separator: ", "))"
        }
    }
}
