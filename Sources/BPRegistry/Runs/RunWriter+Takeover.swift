package import BPStore
import BPJSON
import BPSQLite

// What a takeover must not lose: it goes ahead only on the run that the caller saw, and can be given back.
extension RunWriter {
    /// The columns that tell a run's end, as they were before a takeover; all NULL where it had none.
    struct Before: Sendable {
        static let columns = ["status", "reason", "ended"]
        let values: [SQLiteValue]

        init(_ run: TableRow) { values = Before.columns.map { run[$0] } }
    }

    /// Gives the takeover back, in one transaction: the run ends again as it had ended before (or is interrupted
    /// where it had no end), and the attempt has ended, without an iteration. The fence stays raised. The writer takes
    /// nothing afterwards; close it.
    /// - Parameter status: how the attempt ended: failed, stopped or interrupted.
    /// - Throws: `conflict` when it was no takeover, when the attempt has recorded iterations or epochs, or has ended;
    ///   `fencingLost`, `diskFull`, `inputOutput`.
    package func giveBack(as status: RunStatus = .failed) throws(RegistryError) {
        try transaction { rows in
            guard [.failed, .stopped, .interrupted].contains(status) else {
                throw rows.conflict("\(status.rawValue) is no way to give it back")
            }
            guard let before else { throw rows.conflict("it is new: there is nothing to give back") }
            guard try rows.run.int("iterations") == resumedIteration, try rows.run.int("epochs") == resumedEpoch else {
                throw rows.conflict("attempt \(attempt) has recorded something, so it cannot be given back")
            }
            for pending in try rows.store.rows(.keyframe, "WHERE run = ? AND state = 'pending'", [run]) {
                try rows.store.deleteKeyframe(pending)
            }
            for (column, value) in zip(Before.columns, before.values) { rows.run[column] = value }
            rows.attempt["status"] = .text(status.rawValue)
            rows.attempt["ended"] = .integer(rows.now)
            try rows.store.addEvent(
                .givenBack, of: Subject.run(run), at: rows.now,
                ["attempt": JSONValue(attempt), "status": .string(status.rawValue)])
        }
    }
}

extension RunRecord {
    /// Compares the run's row with what was seen of it.
    /// - Throws: `RegistryError.conflict` telling what has changed.
    func checkUnchanged(_ row: TableRow) throws {
        let values = [
            ("iterations", iterations, try row.int("iterations")), ("epochs", epochs, try row.int("epochs")),
            ("attempts", attemptCount, try row.int("attempts")), ("fence", fence, try row.int("fence")),
        ]
        var changes = values.filter { $1 != $2 }.map { "\($0) \($1), now \($2)" }
        if try ended != row.optionalInt("ended").map(Int64.init) {
            changes.append("it \(ended == nil ? "had no end" : "had ended"), now it is ")
            changes[changes.count - 1] += try row.optionalText("status") ?? "without an end"
        }
        guard changes.isEmpty else {
            throw RegistryError.conflict(
                place: "run \(number) has changed meanwhile", what: changes.joined(separator: "; "))
        }
    }
}
