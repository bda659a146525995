import BPData
import BPJSON

/// The data of a model: the columns, their types, the target, the task and the classes.
///
/// The order of columns and classes does not matter, since both are matched by name. A class more or less is another
/// model. The categories of a text feature are those of the training rows, which another seed or a few new rows change:
/// a feature differs only if the two have no category in common.
package struct ReadColumns: Sendable {
    private let names: [String]
    private let encoding: Encoding

    /// - Parameter names: the columns of the table, also those that are ignored.
    init(_ names: [String], _ encoding: Encoding) { (self.names, self.encoding) = (names, encoding) }

    /// The features and the target of a version's description.
    /// - Throws: `TrainingError.badSpec`.
    package init(description: String) throws {
        let encoding = try TrainedModel.Description(json: description).encoding
        self.init(encoding.features.map(\.name) + [encoding.target.name], encoding)
    }

    /// The differences from `known`, in words; nil if there is none.
    package func difference(from known: ReadColumns) -> String? {
        let parts =
            [changes(names, known.names, "other columns: ")] + types(known) + [
                encoding.target.name == known.encoding.target.name
                    ? nil : "target \(encoding.target.name), not \(known.encoding.target.name)",
                encoding.task == known.encoding.task
                    ? nil : "\(encoding.task.rawValue), not \(known.encoding.task.rawValue)",
                classes(known),
            ]
        let words = parts.compactMap { $0 }
        return words.isEmpty ? nil : words.joined(separator: "; ")
    }

    /// Differences of the features that both have.
    private func types(_ known: ReadColumns) -> [String?] {
        let old = Dictionary(known.encoding.features.map { ($0.name, $0) }) { first, _ in first }
        return encoding.features.map { feature in
            switch (feature, old[feature.name]) {
            case (.number(let name, _), .categories?): "column \"\(name)\" is numbers, not text"
            case (.categories(let name, _), .number?): "column \"\(name)\" is text, not numbers"
            case (.categories(let name, let new), .categories(_, let old)?) where Set(new).isDisjoint(with: old):
                "column \"\(name)\" has none of the known categories"
            default: nil
            }
        }
    }

    private func classes(_ known: ReadColumns) -> String? {
        // Classes of two targets are never the same.
        guard encoding.target.name == known.encoding.target.name else { return nil }
        switch (encoding.classes, known.encoding.classes) {
        case (.numbers?, .texts?): return "classes are numbers, not text"
        case (.texts?, .numbers?): return "classes are text, not numbers"
        case (let new?, let old?): return changes(new.names, old.names, "other classes: ")
        default: return nil
        }
    }

    /// The names that only one of the two has; nil if there is none.
    private func changes(_ new: [String], _ old: [String], _ title: String) -> String? {
        func list(_ names: [String]) -> String {
            names.prefix(4).map { "\"\($0)\"" }.joined(separator: ", ")
                + (names.count > 4 ? " and \(names.count - 4) more" : "")
        }
        let (newSet, oldSet) = (Set(new), Set(old))
        let parts = [(new.filter { !oldSet.contains($0) }, title), (old.filter { !newSet.contains($0) }, "without ")]
            .filter { !$0.0.isEmpty }
        return parts.isEmpty ? nil : parts.map { $1 + list($0) }.joined(separator: ", ")
    }
}
