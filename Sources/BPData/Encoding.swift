/// How rows become the network's inputs and targets, and its outputs predictions. Fitted on the training rows alone,
/// then fixed; stored with the run and the version.
package struct Encoding: Sendable, Hashable {
    /// A feature column.
    package enum Feature: Sendable, Hashable {
        /// A number: one input, standardised.
        case number(name: String, scale: Scale)
        /// Text: one input for each category, 1 for the row's own and 0 for the others. Categories ascend by their
        /// UTF-8 bytes.
        case categories(name: String, [String])

        /// The column's name.
        package var name: String {
            switch self {
            case .number(let name, _), .categories(let name, _): name
            }
        }

        /// How many inputs it makes.
        package var width: Int {
            switch self {
            case .number: 1
            case .categories(_, let categories): categories.count
            }
        }
    }

    /// The target column.
    package enum Target: Sendable, Hashable {
        /// Classes: an output for each, 1 for the row's own and 0 for the others; or, for two classes, a single
        /// output that is 1 for the second.
        case classes(name: String, ClassLabels, hasSingleOutput: Bool)
        /// A number: one output, standardised.
        case number(name: String, scale: Scale)

        /// The column's name.
        package var name: String {
            switch self {
            case .classes(let name, _, _), .number(let name, _): name
            }
        }
    }

    /// The features, in the order of their inputs.
    package let features: [Feature]
    /// The target.
    package let target: Target

    /// An encoding of these parts; `fit` finds them.
    package init(features: [Feature], target: Target) {
        self.features = features
        self.target = target
    }

    /// n_in of the network.
    package var inputWidth: Int { features.reduce(0) { $0 + $1.width } }

    /// n_L of the network.
    package var outputWidth: Int {
        if case .classes(_, let labels, false) = target { labels.count } else { 1 }
    }

    /// The task that the target makes.
    package var task: LearningTask {
        if case .classes = target { .classification } else { .regression }
    }

    /// The classes; nil in a regression.
    package var classes: ClassLabels? {
        if case .classes(_, let labels, _) = target { labels } else { nil }
    }

    /// The columns that this encoding reads, with the types it needs: for a `CSVReader(only:)` that meets a new file.
    package func columnTypes(withTarget: Bool) -> [String: ColumnType] {
        var types: [String: ColumnType] = [:]
        for feature in features {
            if case .number = feature { types[feature.name] = .f64 } else { types[feature.name] = .text }
        }
        guard withTarget else { return types }
        if case .classes(_, .texts, _) = target { types[target.name] = .text } else { types[target.name] = .f64 }
        return types
    }
}
