public import BPQuery

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

// `localizedDescription` of each public error is its description, and some suggest what to do.

extension CoreError: LocalizedError {
    /// The description.
    public var errorDescription: String? { description }
}

extension DataError: LocalizedError {
    /// The description.
    public var errorDescription: String? { description }

    /// The column that is spelled most similarly, if a column is unknown.
    public var recoverySuggestion: String? { nearName.map { "Did you mean \($0)?" } }
}

extension RegistryError: LocalizedError {
    /// The description.
    public var errorDescription: String? { description }

    /// What can be done, for errors that have one cure.
    public var recoverySuggestion: String? {
        switch self {
        case .none: "Open it for creating, or check the path."
        case .notFound(_, _, _, let near): near.first.map { "Did you mean \($0)?" }
        case .schemaOlder: "Open it for writing once, which migrates it."
        case .schemaNewer: "Update bpreg."
        case .archived(_, let path, _): "Restore the archive \(path)."
        case .diskFull: "Free space, then resume."
        case .replaced(_, _, _, .saved(let path, _)?), .replaced(_, _, _, .moved(let path)?):
            "Open the registry \(path)."
        case .log(_, .notReplayed): "Copy the registry and its log to a folder that can be written."
        case .busy: "Try again when the other process has finished its transaction."
        default: nil
        }
    }
}

extension TrainingError: LocalizedError {
    /// The description.
    public var errorDescription: String? { description }

    /// What can be done, for errors that have one cure.
    public var recoverySuggestion: String? {
        switch self {
        case .noTarget: "Give the name of the target column."
        case .specChanged: "Fork the run to change its settings."
        case .notAtEpochEnd(let point, _, let before): "Fork from \(point.run)@epoch:\(before)."
        case .dataUnavailable: "Give the path of the file of the data."
        case .otherData(_, _, _, let isStored): isStored ? "Name no file: the registry keeps the data." : nil
        case .otherModel(_, _, _, let free): "Name the model, for example \(free)."
        case .weightsNotFinite: "Take weights that are finite, or train with a smaller learning rate."
        case .lowSpace: "Free space."
        default: nil
        }
    }
}

extension QueryError: LocalizedError {
    /// The description.
    public var errorDescription: String? { description }
}

extension ImportError: LocalizedError {
    /// The description.
    public var errorDescription: String? { description }
}

extension FormatError: LocalizedError {
    /// The description.
    public var errorDescription: String? { description }
}

extension FileError: LocalizedError {
    /// The description.
    public var errorDescription: String? { description }
}
