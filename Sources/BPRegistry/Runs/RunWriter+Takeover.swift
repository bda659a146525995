import BPJSON
package import BPStore

// A takeover loses nothing: it succeeds only if the run is as the caller saw it, and it can be undone.
extension RunWriter {
    /// Undoes the takeover, in one transaction. The run gets the end that it had before (or is interrupted if it had
    /// none), and the attempt ends without an iteration. The fence stays raised. The writer accepts nothing afterwards;
    /// close it.
    /// - Parameter status: the end of the attempt: failed, stopped or interrupted.
    /// - Throws: `conflict` if there was no takeover, or if the attempt has recorded iterations or epochs, or has
    ///   ended; `fencingLost`, `diskFull`, `inputOutput`.
    package func giveBack(as status: RunStatus = .failed) throws(RegistryError) {
        try transaction { rows in
            guard [.failed, .stopped, .interrupted].contains(status) else {
                throw rows.conflict("\(status.rawValue) cannot be the end of an attempt that is given back")
            }
            guard let before else { throw rows.conflict("it is new: there is nothing to give back") }
            guard rows.run.iterations == resumedIteration, rows.run.epochs == resumedEpoch else {
                throw rows.conflict("attempt \(attempt) has recorded something, so it cannot be given back")
            }
            let keyframes = rows.store.keyframes
            for pending in try keyframes.pending(ofRun: run) { try keyframes.release(pending) }
            before.write(to: &rows.run)
            rows.attempt.status = status
            rows.attempt.ended = rows.now
            try rows.store.events.add(
                .givenBack, of: .run(run), at: rows.now,
                ["attempt": JSONValue(attempt), "status": .string(status.rawValue)])
        }
    }
}

extension RunRecord {
    /// Compares the run's row with this record of it.
    /// - Throws: `RegistryError.conflict` naming the values that have changed.
    func checkUnchanged(_ row: RunRow) throws {
        let values = [
            ("iterations", iterations, row.iterations), ("epochs", epochs, row.epochs),
            ("attempts", attemptCount, row.attempts), ("fence", fence, row.fence),
        ]
        var changes = values.filter { $1 != $2 }.map { "\($0) \($1), now \($2)" }
        if ended != row.ended {
            changes.append(
                "it \(ended == nil ? "had no end" : "had ended"), now it is \(row.status?.rawValue ?? "without an end")"
            )
        }
        guard changes.isEmpty else {
            throw RegistryError.conflict(
                place: "run \(number) has changed meanwhile", what: changes.joined(separator: "; "))
        }
    }
}
