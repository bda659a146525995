package import BPJSON
package import BPRegistry

/// A deletion, before it as a question, and after it as JSON and in words.
package struct DeletionText: Details {
    private let deletion: Deletion

    package init(_ deletion: Deletion) { self.deletion = deletion }

    /// The question before it: everything that would be deleted.
    package var question: String {
        var parts: [String] = []
        if deletion.runs.count == 1, let run = deletion.runs.first {
            parts.append("run \(run.number) with \(NumberText.counted(run.iterations, "iteration"))")
        } else if !deletion.runs.isEmpty {
            let iterations = deletion.runs.reduce(0) { $0 + $1.iterations }
            parts.append(
                "\(DeletionText.list("run", deletion.runs.map { "\($0.number)" })) with "
                    + NumberText.counted(iterations, "iteration"))
        }
        let pins = deletion.runs.reduce(0) { $0 + $1.pins }
        if pins > 0 { parts.append(NumberText.counted(pins, "pin")) }
        if !deletion.versions.isEmpty {
            parts.append(DeletionText.list("version", deletion.versions.map(\.description)))
        }
        if !deletion.aliases.isEmpty {
            parts.append(
                DeletionText.list("alias", deletion.aliases.map { "\($0.model)@\($0.name)" }, plural: "aliases"))
        }
        if let model = deletion.models.first { parts.append("model \(model) itself") }
        return parts.joined(separator: ", ") + " would be deleted for good"
    }

    /// `runs 7, 9 and 3 more`
    private static func list(_ noun: String, _ items: [String], plural: String? = nil) -> String {
        let shown = items.prefix(8).joined(separator: ", ")
        return (items.count == 1 ? noun : plural ?? noun + "s") + " " + shown
            + (items.count > 8 ? " and \(items.count - 8) more" : "")
    }

    private var aliases: [String] { deletion.aliases.map { "\($0.model)@\($0.name)" } }

    package var members: [String: JSONValue] {
        [
            "runs": .array(deletion.runs.map { JSONValue($0.number) }),
            "versions": .array(deletion.versions.map { .string($0.description) }),
            "models": .array(deletion.models.map { .string($0) }),
            "aliases": .array(aliases.map { .string($0) }),
        ]
    }

    package func fields(hint: String) -> Fields {
        func list(_ items: [String]) -> String? { items.isEmpty ? nil : items.joined(separator: ", ") }
        var fields = Fields()
        fields.part("deleted")
        fields.add("runs", list(deletion.runs.map { "\($0.number)" }))
        fields.add("versions", list(deletion.versions.map(\.description)))
        fields.add("aliases", list(aliases))
        fields.add("models", list(deletion.models))
        return fields
    }
}
