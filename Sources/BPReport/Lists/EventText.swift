import BPJSON
import BPRegistry

/// Events in words.
enum EventText {
    /// One event as a sentence without its subject.
    static func sentence(_ event: EventRecord) -> String {
        let detail = (try? JSONValue(parsing: event.detailJSON)) ?? .null
        let subject = EventSubject(event.subject)
        return known(event.kind, subject, detail) ?? "\(event.kind) \(event.detailJSON)"
    }

    private static func known(_ kind: String, _ subject: EventSubject, _ detail: JSONValue) -> String? {
        switch kind {
        case "created": created(subject, detail)
        case "resumed": "resumed after iteration \(count(detail["iteration"])), attempt \(count(detail["attempt"]))"
        case "ended":
            TrainingText.ended(detail["status"]?.string ?? "ended", detail["reason"]?.string)
                + ", at iteration \(count(detail["iteration"]))"
        case "given-back":
            "attempt \(count(detail["attempt"])) recorded nothing and \(detail["status"]?.string ?? "ended")"
        case "imported":
            "first weights imported from \(word(detail["file"])), \(word(detail["format"])), SHA-256 "
                + (detail["sha256"]?.string?.prefix(12) ?? "?")
        case "rolled-back": moved(subject, detail, run: "rolled back", model: "moved back")
        case "rollback-undone": moved(subject, detail, run: "rollback undone:", model: "moved by undo")
        case "current":
            "current: \(subject.name(detail["to"]))"
                + (detail["from"]?.int == nil ? "" : ", before it \(subject.name(detail["from"]))")
        case "pinned", "unpinned": pin(kind, subject, detail)
        case "alias": change("alias \(word(detail["alias"]))", detail, " → ") { subject.name($0) }
        case "tag": change("tag \(word(detail["name"]))", detail, " = ") { word($0) }
        case "note": change("note \(count(detail["id"]))", detail, ": ") { word($0) }
        case "deleted": "deleted"
        case "archived": "weights archived in \(word(detail["path"]))"
        case "returned": "weights back from \(word(detail["path"]))"
        case "restored": "restored; it was run \(count(detail["number"])) where it came from"
        case "freed": freed(detail)
        case "stored": detail["content"] == false ? "its hash and path stored, not its content" : "stored"
        default: nil
        }
    }

    private static func created(_ subject: EventSubject, _ detail: JSONValue) -> String {
        switch subject.kind {
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

    private static func moved(_ subject: EventSubject, _ detail: JSONValue, run: String, model: String) -> String? {
        guard let (from, to) = detail["from"].flatMap({ from in detail["to"].map { (from, $0) } }) else { return nil }
        guard subject.kind == .run else {
            return "current: \(subject.name(to)), \(model) from \(subject.name(from))"
        }
        return "\(run) from \(place(subject.run, from)) to \(place(subject.run, to))"
    }

    private static func pin(_ kind: String, _ subject: EventSubject, _ detail: JSONValue) -> String {
        let name = detail["name"]?.string.map { ", named \($0)" } ?? ""
        return "\(kind) \(place(subject.run, detail))" + name
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

/// The subject of an event, as `EventRecord.subject` has it.
struct EventSubject {
    enum Kind {
        case run
        case model
        case version
        case dataset
        case other
    }

    let kind: Kind
    /// A run's number.
    var run: Int?
    /// A model's name, also of a version.
    var model: String?
    /// A version's number.
    var version: Int?
    /// As a person names it: `run 7`, `model iris`, `iris:3`, `dataset 4a8f…`.
    let text: String

    init(_ subject: String) {
        let parts = subject.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        switch (parts.first, parts.count) {
        case ("run", 2):
            (kind, run, text) = (.run, Int(parts[1]), "run \(parts[1])")
        case ("model", 2):
            (kind, model, text) = (.model, parts[1], "model \(parts[1])")
        case ("version", 3):
            (kind, model, version, text) = (.version, parts[1], Int(parts[2]), "\(parts[1]):\(parts[2])")
        case ("dataset", 2):
            (kind, text) = (.dataset, "dataset \(parts[1].prefix(12))")
        default:
            (kind, text) = (.other, subject)
        }
    }

    /// A version of this model, by its number: `iris:3`.
    func name(_ version: JSONValue?) -> String { version?.int.map { "\(model ?? ""):\($0)" } ?? "none" }
}
