package import BPJSON
package import BPStore

// Rollbacks form a stack: each undo takes the last rollback that is not undone.
extension EventTable {
    /// The last rollback of a run or a model that is not undone.
    /// - Throws: `RegistryError.notFound` if there is none.
    package func lastRollback(of subject: Subject, reference: String) throws -> (id: Int, detail: JSONValue) {
        let moves: Set<EventKind> = [.rolledBack, .rollbackUndone, .deleted, .deletionUndone, .restored]
        let events = try all(of: subject).filter { moves.contains($0.kind) }
        var stack: [(id: Int, detail: JSONValue)] = []
        var deleted: (uuid: String?, stack: [(id: Int, detail: JSONValue)])?
        for event in events {
            guard let detail = try? JSONValue(parsing: event.detailJSON) else { throw event.badDetail }
            if event.kind == .deleted {
                // Earlier events belong to another subject of this name, unless that one was restored.
                deleted = (detail["uuid"]?.string, stack)
                stack = []
            } else if event.kind == .restored || event.kind == .deletionUndone {
                if let known = deleted, known.uuid == detail["uuid"]?.string { stack = known.stack }
            } else if event.kind == .rolledBack {
                stack.append((event.id, detail))
            } else if let undone = detail["event"]?.int, stack.last?.id == undone {
                stack.removeLast()
            } else {
                throw event.badDetail
            }
        }
        if let last = stack.last { return last }
        throw RegistryError.notFound(
            reference: reference, what: "no rollback to undo",
            exists: events.isEmpty ? "it was never rolled back" : "each rollback of it is undone", near: [])
    }
}
