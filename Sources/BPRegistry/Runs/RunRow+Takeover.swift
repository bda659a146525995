package import BPStore

// A takeover and a rollback begin in the same way: from then on no other process writes the run.
extension RunRow {
    /// Makes sure that no process writes the run, within a transaction: raises the fence, ends the last attempt as
    /// interrupted if it has no end, and deletes pending keyframes. The caller writes the row.
    /// - Throws: `RegistryError.alive` if its process is alive.
    package mutating func raiseFence(in store: Store) throws {
        try refuseIfAlive(in: store)
        var previous = try store.attempts.need(run: id, number: attempts)
        if previous.ended == nil {
            previous.ended = updated
            previous.status = .interrupted
            try store.update(previous)
        }
        for pending in try store.keyframes.pending(ofRun: id) { try store.keyframes.release(pending) }
        fence += 1
    }
}
