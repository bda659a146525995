package import BPJSON
package import BPRegistry

/// A deletion, before it as a question, and after it or its undo as JSON and in words.
package struct DeletionText: Details {
    private let deletion: Deletion
    private let isUndone: Bool

    /// - Parameter isUndone: whether it was undone.
    package init(_ deletion: Deletion, isUndone: Bool = false) {
        (self.deletion, self.isUndone) = (deletion, isUndone)
    }

    /// The question before it: everything that would be deleted.
    /// - Parameter purge: whether it could not be undone.
    package func question(purge: Bool) -> String {
        let what = parts(iterations: true).joined(separator: ", ") + " would be deleted "
        return what + (purge ? "for good" : "(this can be undone for \(Deletion.daysToUndo) days)")
    }

    /// `run 7, 2 versions, 1 alias`
    static func summary(_ deletion: Deletion) -> String {
        DeletionText(deletion).parts(iterations: false).joined(separator: ", ")
    }

    private func parts(iterations: Bool) -> [String] {
        var parts: [String] = []
        func with(_ count: Int) -> String { iterations ? " with " + NumberText.counted(count, "iteration") : "" }
        if deletion.runs.count == 1, let run = deletion.runs.first {
            parts.append("run \(run.number)" + with(run.iterations))
        } else if !deletion.runs.isEmpty {
            let count = deletion.runs.reduce(0) { $0 + $1.iterations }
            parts.append(DeletionText.list("run", deletion.runs.map { "\($0.number)" }) + with(count))
        }
        let pins = deletion.runs.reduce(0) { $0 + $1.pins }
        if pins > 0 { parts.append(NumberText.counted(pins, "pin")) }
        if !deletion.versions.isEmpty {
            parts.append(DeletionText.list("version", deletion.versions.map(\.description)))
        }
        if !deletion.aliases.isEmpty {
            parts.append(DeletionText.list("alias", aliases, plural: "aliases"))
        }
        if let model = deletion.models.first { parts.append("model \(model) itself") }
        return parts
    }

    /// `runs 7, 9 and 3 more`
    private static func list(_ noun: String, _ items: [String], plural: String? = nil) -> String {
        let shown = items.prefix(8).joined(separator: ", ")
        return (items.count == 1 ? noun : plural ?? noun + "s") + " " + shown
            + (items.count > 8 ? " and \(items.count - 8) more" : "")
    }

    private var aliases: [String] { deletion.aliases.map { "\($0.model)@\($0.name)" } }

    /// The members that list what was deleted.
    static func objects(_ deletion: Deletion) -> [String: JSONValue] {
        [
            "runs": .array(deletion.runs.map { JSONValue($0.number) }),
            "versions": .array(deletion.versions.map { .string($0.description) }),
            "models": .array(deletion.models.map { .string($0) }),
            "aliases": .array(DeletionText(deletion).aliases.map { .string($0) }),
        ]
    }

    package var members: [String: JSONValue] {
        let others: [String: JSONValue] = [
            "undone": .bool(isUndone),
            "undoable_until": isUndone ? .null : TimeText.json(deletion.undoableUntil),
        ]
        return DeletionText.objects(deletion).merging(others) { first, _ in first }
    }

    package func fields(hint: String) -> Fields {
        func list(_ items: [String]) -> String? { items.isEmpty ? nil : items.joined(separator: ", ") }
        var fields = Fields()
        fields.part(isUndone ? "restored" : "deleted")
        fields.add("runs", list(deletion.runs.map { "\($0.number)" }))
        fields.add("versions", list(deletion.versions.map(\.description)))
        fields.add("aliases", list(aliases))
        fields.add("models", list(deletion.models))
        return fields
    }

    /// How long the deletion can be undone; nil if it cannot.
    package func undo(hint: String) -> String? {
        deletion.undoableUntil.map { until in
            let command = "bpreg delete \(ShellText.quoted(deletion.subject.reference)) --undo\(hint)"
            return "this can be undone until \(TimeText.plain(until).prefix(10)) (\(command)); bpreg gc frees the "
                + "space and ends that time"
        }
    }
}

/// The list of deletions that can be undone.
package enum DeletionList {
    package static let columns = ListColumns<KeptDeletion>([
        (.words("ref", "deleted"), { .string($0.subject.reference) }),
        (.sentences("what"), { .string(DeletionText.summary($0.deletion)) }),
        (.time("deleted", "on"), { TimeText.json($0.deleted) }),
        (.time("undoable_until", "undo until"), { TimeText.json($0.until) }),
        (.hidden("event"), { JSONValue($0.event) }),
        (.hidden("runs"), { DeletionText.objects($0.deletion)["runs"] ?? .null }),
        (.hidden("versions"), { DeletionText.objects($0.deletion)["versions"] ?? .null }),
        (.hidden("models"), { DeletionText.objects($0.deletion)["models"] ?? .null }),
        (.hidden("aliases"), { DeletionText.objects($0.deletion)["aliases"] ?? .null }),
    ])
}
