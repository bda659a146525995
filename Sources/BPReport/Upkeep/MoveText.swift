package import BPJSON
package import BPRegistry

/// A rollback of a run, or its undo, as JSON and in words.
package struct HeadMoveText: Details {
    private let move: HeadMove
    private let isUndo: Bool
    /// How many iterations of the line before are not on the line now.
    private let superseded: Int

    package init(_ move: HeadMove, isUndo: Bool, in reading: any RegistryReading) {
        (self.move, self.isUndo) = (move, isUndo)
        // The move is made. An error here must not look as if it were not.
        let before = (try? reading.line(ofRun: move.run, segment: move.from.segment)) ?? []
        let now = (try? reading.line(ofRun: move.run, segment: move.to.segment)) ?? []
        let common = zip(before, now).prefix { $0.run == $1.run && $0.segment == $1.segment }
            .map { min($0.last, $1.last) }.last
        superseded = move.from.iteration - min(move.from.iteration, common ?? 0)
    }

    private var place: String { "\(move.run).\(move.from.segment)@last" }

    package var members: [String: JSONValue] {
        [
            "run": JSONValue(move.run), "model": .null, "undone": .bool(isUndo),
            "from": HeadMoveText.json(move.from),
            "to": HeadMoveText.json(move.to), "superseded": JSONValue(superseded),
            "superseded_at": superseded > 0 ? .string(place) : .null,
        ]
    }

    package func fields(hint: String) -> Fields {
        var fields = Fields()
        fields.add("run", "\(move.run), " + (isUndo ? "the rollback is undone" : "rolled back"))
        fields.add("now", HeadMoveText.text(move.to))
        fields.add("before", HeadMoveText.text(move.from))
        fields.add(
            "superseded",
            superseded == 0 ? "nothing" : "\(NumberText.counted(superseded, "iteration")), still there as \(place)")
        return fields
    }

    private static func text(_ place: HeadMove.Place) -> String {
        "segment \(place.segment), iteration \(NumberText.grouped(place.iteration)), epoch \(place.epoch)"
    }

    private static func json(_ place: HeadMove.Place) -> JSONValue {
        [
            "segment": JSONValue(place.segment), "iteration": JSONValue(place.iteration),
            "epoch": JSONValue(place.epoch),
        ]
    }
}

/// A change of a model's current version, or its undo, as JSON and in words.
package struct CurrentMoveText: Details {
    private let move: CurrentMove
    private let isUndo: Bool

    package init(_ move: CurrentMove, isUndo: Bool) { (self.move, self.isUndo) = (move, isUndo) }

    package var members: [String: JSONValue] {
        [
            "run": .null, "model": .string(move.model), "undone": .bool(isUndo), "from": JSONValue(move.from),
            "to": JSONValue(move.to), "superseded": .null, "superseded_at": .null,
        ]
    }

    package func fields(hint: String) -> Fields {
        func name(_ version: Int?) -> String { version.map { "\(move.model):\($0)" } ?? "none" }
        var fields = Fields()
        fields.add("model", "\(move.model), " + (isUndo ? "the rollback is undone" : "rolled back"))
        fields.add("current", name(move.to))
        fields.add("before", name(move.from))
        return fields
    }
}
