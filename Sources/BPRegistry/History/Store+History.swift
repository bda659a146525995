import BPJSON
import BPSQLite

/// The events of moves that can be undone.
enum HistoryEvent {
    static let rolledBack = "rolled-back"
    static let rollbackUndone = "rollback-undone"
    static let deleted = "deleted"
    static let restored = "restored"
}

// Rollbacks as a stack: each undo takes the last that is not undone.
extension Store {
    /// The last rollback of a run or a model that is not undone.
    /// - Throws: `RegistryError.notFound` when there is none.
    func lastRollback(of subject: String, reference: String) throws -> (id: Int, detail: JSONValue) {
        let events = try rows(
            .event, "WHERE subject = ? AND kind IN (?, ?, ?, ?) ORDER BY id",
            [
                subject, HistoryEvent.rolledBack, HistoryEvent.rollbackUndone, HistoryEvent.deleted,
                HistoryEvent.restored,
            ])
        var stack: [(id: Int, detail: JSONValue)] = []
        var deleted: (uuid: String?, stack: [(id: Int, detail: JSONValue)])?
        for event in events {
            let (id, text) = (try event.int("id"), try event.text("detail"))
            guard let detail = try? JSONValue(parsing: text) else { throw event.bad("detail") }
            if try event.text("kind") == HistoryEvent.deleted {
                // What happened before was to another of this name, unless it is brought back.
                deleted = (detail["uuid"]?.string, stack)
                stack = []
            } else if try event.text("kind") == HistoryEvent.restored {
                if let known = deleted, known.uuid == detail["uuid"]?.string { stack = known.stack }
            } else if try event.text("kind") == HistoryEvent.rolledBack {
                stack.append((id, detail))
            } else if let undone = detail["event"]?.int, stack.last?.id == undone {
                stack.removeLast()
            } else {
                throw event.bad("detail")
            }
        }
        if let last = stack.last { return last }
        throw RegistryError.notFound(
            reference: reference, what: "no rollback to undo",
            exists: events.isEmpty ? "it was never rolled back" : "each rollback of it is undone", near: [])
    }
}
