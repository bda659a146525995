public import BPStore

/// What two runs must have in common so that one of them can be called the better one: the validation and test rows, and
/// the loss that is measured on them.
///
/// The rows follow from the dataset, the target, the shares of the split and its seed. A loss also depends on the loss
/// function and, if the target is a number, on the scale of the target.
public struct Comparability: Sendable, Hashable {
    /// The hash of the data.
    public let dataset: SHA256Digest
    /// The target column.
    public let target: String
    /// The share of the rows for validation, as a text.
    public let validation: String
    /// The share of the rows for the test, as a text.
    public let test: String
    /// The seed of the split, as a text; empty if no rows are held out, since all are trained on then.
    public let splitSeed: String
    /// The loss function.
    public let loss: String
    /// The scale of a numeric target, as the spec has it; nil for classes.
    package let scale: String?

    /// A measure by which runs are ranked.
    public enum Measure: Sendable {
        /// The validation or test loss.
        case loss
        /// The accuracy or R², which depends on the rows alone.
        case score
    }

    /// Something that two runs do not have in common.
    public enum Difference: Sendable, Hashable {
        /// The data.
        case dataset
        /// The target column: its name in the other run.
        case target(String)
        /// The rows of the validation and test splits, because a share differs: the shares of the other run.
        case shares(validation: String, test: String)
        /// The rows of the validation and test splits, because the seed of the split differs: the seed of the other run.
        case splitSeed(String)
        /// The loss function: that of the other run.
        case loss(String)
        /// The scale of a numeric target.
        case scale
    }

    /// The reasons why a measure of `other` cannot be compared with one of this; empty if it can.
    public func differences(from other: Comparability, by measure: Measure = .loss) -> [Difference] {
        var differences: [Difference] = []
        if dataset != other.dataset { differences.append(.dataset) }
        if target != other.target { differences.append(.target(other.target)) }
        if validation != other.validation || test != other.test {
            differences.append(.shares(validation: other.validation, test: other.test))
        } else if splitSeed != other.splitSeed {
            differences.append(.splitSeed(other.splitSeed))
        }
        guard measure == .loss else { return differences }
        if loss != other.loss {
            differences.append(.loss(other.loss))
        } else if scale != other.scale {
            differences.append(.scale)
        }
        return differences
    }
}

extension SnapshotReading {
    /// What each of these runs must have in common with another one to be ranked with it. Runs that do not exist are left
    /// out.
    public func comparability(ofRuns numbers: [Int]) throws(RegistryError) -> [Int: Comparability] {
        try reading { store in try Comparability.all(ofRuns: numbers, in: store) }
    }
}

extension Comparability {
    static func all(ofRuns numbers: [Int], in store: Store) throws -> [Int: Comparability] {
        let names = ["target", "task", "validation", "test", "seed", "split_seed", "loss"]
        let settings = try store.settings.texts(of: names, ofRuns: numbers)
        let datasets = try store.runs.datasets(of: numbers)
        let ofNumbers = settings.filter { $0.value["task"] == "regression" }.map(\.key)
        let scales = ofNumbers.isEmpty ? [:] : try store.runs.targetEncodings(of: ofNumbers)
        return datasets.reduce(into: [:]) { all, run in
            let settings = settings[run.key] ?? [:]
            func text(_ name: String) -> String { settings[name] ?? "" }
            let holdsOut = ["validation", "test"].contains { (Double(text($0)) ?? 1) > 0 }
            all[run.key] = Comparability(
                dataset: run.value, target: text("target"), validation: text("validation"), test: text("test"),
                splitSeed: holdsOut ? settings["split_seed"] ?? text("seed") : "", loss: text("loss"),
                scale: scales[run.key])
        }
    }
}
