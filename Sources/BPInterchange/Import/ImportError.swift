/// Why the order of the layers in a file of weights is not known.
public enum ImportError: Error, Sendable, Equatable {
    /// The layers fit one behind the other in several orders: their names.
    case ambiguousOrder(file: String, layers: [String])
    /// The weights of each layer may be [n_out × n_in] or [n_in × n_out]: both fit.
    case ambiguousOrientation(file: String, layers: [String])
    /// The layers do not lead from the inputs to the outputs: what they are, in words.
    case noChain(file: String, what: String)
    /// A layer was named that the file does not have, or one was named twice.
    case otherLayers(file: String, asked: [String], layers: [String])
    /// The file has more than the layers, and some of its layers fit alone: what does not fit, in words, and their names.
    case moreThanLayers(file: String, what: String, layers: [String])
}

extension ImportError: CustomStringConvertible {
    /// What is wrong, without the file.
    public var what: String {
        switch self {
        case .ambiguousOrder(_, let layers): "the layers \(layers.joined(separator: ", ")) fit in several orders"
        case .ambiguousOrientation(_, let layers):
            "the weights of \(layers.joined(separator: ", ")) fit both as [n_out, n_in] and as [n_in, n_out]"
        case .noChain(_, let what), .moreThanLayers(_, let what, _): what
        case .otherLayers(_, let asked, let layers):
            "the file has the layers \(layers.joined(separator: ", ")), not \(asked.joined(separator: ", "))"
        }
    }

    /// In one line.
    public var description: String {
        switch self {
        case .ambiguousOrder(let file, _), .ambiguousOrientation(let file, _), .noChain(let file, _),
            .otherLayers(let file, _, _), .moreThanLayers(let file, _, _):
            "\(file): \(what)"
        }
    }
}
