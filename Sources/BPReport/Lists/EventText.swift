import BPJSON
import BPRegistry

/// Events in words.
enum EventText {
    /// One event as a sentence without its subject.
    static func sentence(_ event: EventRecord) -> String {
        let detail = (try? JSONValue(parsing: event.detailJSON)) ?? .null
        return known(event.kind, event.subject, detail) ?? "\(event.kind.rawValue) \(event.detailJSON)"
    }

    private static func known(_ kind: EventKind, _ subject: Subject, _ detail: JSONValue) -> String? {
        switch kind {
        case .created: created(subject, detail)
        case .resumed: "resumed after iteration \(count(detail["iteration"])), attempt \(count(detail["attempt"]))"
        case .ended:
            TrainingText.ended(detail["status"]?.string ?? "ended", detail["reason"]?.string)
                + ", at iteration \(count(detail["iteration"]))"
        case .givenBack:
            "attempt \(count(detail["attempt"])) recorded nothing and \(detail["status"]?.string ?? "ended")"
        case .imported:
            "first weights imported from \(word(detail["file"])), \(word(detail["format"])), SHA-256 "
                + (detail["sha256"]?.string?.prefix(12) ?? "?")
        case .rolledBack: moved(subject, detail, run: "rolled back", model: "moved back")
        case .rollbackUndone: moved(subject, detail, run: "rollback undone:", model: "moved by undo")
        case .current:
            "current: \(subject.name(detail["to"]))"
                + (detail["from"]?.int == nil ? "" : ", before it \(subject.name(detail["from"]))")
        case .pinned, .unpinned: pin(kind, subject, detail)
        case .alias: change("alias \(word(detail["alias"]))", detail, " → ") { subject.name($0) }
        case .tag: change("tag \(word(detail["name"]))", detail, " = ") { word($0) }
        case .note: change("note \(count(detail["id"]))", detail, ": ") { word($0) }
        case .deleted: "deleted"
        case .deletionUndone: "deletion undone"
        case .deletionEnded: "its deletion can no longer be undone"
        case .archived: "weights archived in \(word(detail["path"]))"
        case .returned: "weights back from \(word(detail["path"]))"
        case .restored:
            "restored" + (detail["number"] == nil ? "" : "; it was run \(count(detail["number"])) where it came from")
        case .extended:
            "extended from \(place(subject.run, detail["from"] ?? .null)) to \(place(subject.run, detail["to"] ?? .null)); "
                + "it was run \(count(detail["number"])) where it came from"
        case .freed: freed(detail)
        case .stored: detail["content"] == false ? "its hash and path stored, not its content" : "stored"
        default: nil
        }
    }

    private static func created(_ subject: Subject, _ detail: JSONValue) -> String {
        switch subject {
        case .run:
            let model = word(detail["model"])
            guard let parent = detail["parent"] else { return "began, for model \(model)" }
            return "forked from \(place(parent["run"]?.int, parent)), for model \(model)"
        case .version:
            if let other = detail["from"]?.string { return "made, a copy of \(other)" }
            return "made of run \(count(detail["run"])), iteration \(count(detail["iteration"]))"
        default: return "made"
        }
    }

    private static func moved(_ subject: Subject, _ detail: JSONValue, run: String, model: String) -> String? {
        guard let (from, to) = detail["from"].flatMap({ from in detail["to"].map { (from, $0) } }) else { return nil }
        guard subject.run != nil else {
            return "current: \(subject.name(to)), \(model) from \(subject.name(from))"
        }
        return "\(run) from \(place(subject.run, from)) to \(place(subject.run, to))"
    }

    private static func pin(_ kind: EventKind, _ subject: Subject, _ detail: JSONValue) -> String {
        let name = detail["name"]?.string.map { ", named \($0)" } ?? ""
        return "\(kind.rawValue) \(place(subject.run, detail))" + name
    }

    /// A value that was set, changed or removed.
    private static func change(
        _ what: String, _ detail: JSONValue, _ mark: String, _ text: (JSONValue?) -> String
    ) -> String {
        let (from, to) = (detail["from"] ?? .null, detail["to"] ?? .null)
        switch (from, to) {
        case (.null, _): return what + mark + text(to)
        case (_, .null): return "\(what) removed, it was \(text(from))"
        default: return "\(what)\(mark)\(text(to)), it was \(text(from))"
        }
    }

    /// `gc freed 4,096 superseded iterations, 12 epochs, 3 keyframes`
    private static func freed(_ detail: JSONValue) -> String {
        let parts = [("iterations", "superseded iteration"), ("epochs", "epoch"), ("keyframes", "keyframe")]
            .compactMap { name, noun in
                detail[name]?.int.flatMap { $0 > 0 ? NumberText.counted($0, noun) : nil }
            }
        return "gc freed " + (parts.isEmpty ? "nothing" : parts.joined(separator: ", "))
    }

    /// `7.1@iteration:900`
    private static func place(_ run: Int?, _ detail: JSONValue) -> String {
        let segment = detail["segment"]?.int.map { ".\($0)" } ?? ""
        return "\(run ?? 0)\(segment)@iteration:\(detail["iteration"]?.int ?? 0)"
    }

    private static func count(_ value: JSONValue?) -> String { value?.int.map(NumberText.grouped) ?? "?" }

    private static func word(_ value: JSONValue?) -> String { value?.string ?? "?" }
}

extension Subject {
    /// The number of a run.
    var run: Int? { if case .run(let number) = self { number } else { nil } }

    /// The name of a model, also of a version's.
    var model: String? {
        switch self {
        case .model(let name), .version(let name, _): name
        case .run, .dataset, .all: nil
        }
    }

    /// The number of a version.
    var version: Int? { if case .version(_, let number) = self { number } else { nil } }

    /// The name of another version of the same model: `iris:3`.
    func name(_ version: JSONValue?) -> String { version?.int.map { "\(model ?? ""):\($0)" } ?? "none" }
}
