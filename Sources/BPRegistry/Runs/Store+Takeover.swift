import BPStore
import BPSQLite

// What a takeover and a rollback have in common: nobody else writes the run from then on.
extension Store {
    /// Makes sure that no process writes the run, within a transaction: raises the fence, ends the last attempt as
    /// interrupted if it has no end, and deletes keyframes that were staged and not completed. The run's row is left
    /// to the caller to write.
    /// - Throws: `RegistryError.alive` when its process lives.
    func fence(_ run: inout TableRow) throws {
        if let owner = try livingOwner(of: run, environment) {
            throw RegistryError.alive(run: try run.int("id"), owner: owner)
        }
        var previous = try need(.attempt, [run["id"], run["attempts"]])
        if previous["ended"] == .null {
            previous["ended"] = run["updated"]
            previous["status"] = .text(RunStatus.interrupted.rawValue)
            try update(previous)
        }
        for pending in try rows(.keyframe, "WHERE run = ? AND state = 'pending'", [run["id"]]) {
            try deleteKeyframe(pending)
        }
        try run.add(1, to: "fence")
    }
}
