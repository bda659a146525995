import BPJSON
import BPRegistry

/// What a rollback moved, in words and as JSON.
protocol Move {
    func members(undone: Bool) -> [String: JSONValue]
    func fields(undone: Bool, hint: String) -> Fields
}

extension Move {
    /// All members, those that are given filled.
    func members(_ given: [String: JSONValue]) -> [String: JSONValue] {
        let names = [
            "kind", "run", "model", "undone", "from_segment", "from_iteration", "from_epoch", "to_segment",
            "to_iteration", "to_epoch", "superseded", "superseded_at", "from_version", "to_version",
        ]
        return Dictionary(uniqueKeysWithValues: names.map { ($0, JSONValue.null) }).merging(given) { $1 }
    }
}

/// A move of a run's head, with what it supersedes.
struct RunMove: Move {
    let move: HeadMove
    let run: RunRecord
    /// Iterations of the line that was the head's and are not on the new one.
    let superseded: Int

    init(_ move: HeadMove, _ run: RunRecord, in registry: Registry) {
        (self.move, self.run) = (move, run)
        // The move is made; that its lines cannot be read must not make it look as if it were not.
        let before = (try? registry.line(ofRun: move.run, segment: move.from.segment)) ?? []
        let now = (try? registry.line(ofRun: move.run, segment: move.to.segment)) ?? []
        let common = zip(before, now).prefix { $0.run == $1.run && $0.segment == $1.segment }
            .map { min($0.last, $1.last) }.last
        superseded = move.from.iteration - min(move.from.iteration, common ?? 0)
    }

    /// Where the superseded iterations still are.
    var place: String { "\(move.run).\(move.from.segment)@last" }

    func members(undone: Bool) -> [String: JSONValue] {
        members([
            "kind": "run", "run": JSONValue(move.run), "model": .string(run.model), "undone": .bool(undone),
            "from_segment": JSONValue(move.from.segment), "from_iteration": JSONValue(move.from.iteration),
            "from_epoch": JSONValue(move.from.epoch), "to_segment": JSONValue(move.to.segment),
            "to_iteration": JSONValue(move.to.iteration), "to_epoch": JSONValue(move.to.epoch),
            "superseded": JSONValue(superseded), "superseded_at": superseded > 0 ? .string(place) : .null,
        ])
    }

    func fields(undone: Bool, hint: String) -> Fields {
        var fields = Fields()
        fields.add("run", "\(move.run) of model \(run.model), " + (undone ? "rollback undone" : "rolled back"))
        fields.add("from", RunMove.text(move.from))
        fields.add("to", RunMove.text(move.to))
        fields.add(
            "superseded",
            superseded == 0 ? "nothing" : NumberText.counted(superseded, "iteration") + ", still there as \(place)")
        fields.add("go on", "bpreg train --resume \(move.run)\(hint)")
        fields.add("undo", undone ? nil : "bpreg rollback \(move.run) --undo\(hint)")
        return fields
    }

    private static func text(_ place: HeadMove.Place) -> String {
        "iteration \(NumberText.grouped(place.iteration)), epoch \(NumberText.grouped(place.epoch)), "
            + "segment \(place.segment)"
    }
}

extension CurrentMove: Move {
    func members(undone: Bool) -> [String: JSONValue] {
        members([
            "kind": "model", "model": .string(model), "undone": .bool(undone), "from_version": JSONValue(from),
            "to_version": JSONValue(to),
        ])
    }

    func fields(undone: Bool, hint: String) -> Fields {
        func name(_ version: Int?) -> String { version.map { "\(model):\($0)" } ?? "none" }
        var fields = Fields()
        fields.add("model", model + (undone ? ", rollback undone" : ""))
        fields.add("current", "\(name(to)); it was \(name(from))")
        fields.add("undo", undone ? nil : "bpreg rollback \(model) --undo\(hint)")
        return fields
    }
}
