import BPJSON
public import BPStore

extension Registry {
    /// Undoes the last deletion of a run, a version or a model: everything that was deleted with it is there again, as
    /// it was. A version that was current becomes current again, unless another one has become current since.
    /// - Returns: everything that was brought back.
    /// - Throws: `notFound` if it was not deleted; `notUndoable` if the deletion can no longer be undone, or if
    ///   something else is in its place or missing, and nothing is changed; `damaged` if what is kept is; `readOnly`,
    ///   `diskFull`, `inputOutput`.
    @discardableResult
    public func undoDeletion(of subject: Subject) throws(RegistryError) -> Deletion {
        try writing { store in
            let now = environment.now()
            let row = try store.undoableDeletion(of: subject, at: now)
            let deletion = try Deletion(row, in: store)
            let undoing = try Undoing(row, in: store)
            try undoing.refuseIfObstructed()
            try store.deferForeignKeys()
            try undoing.undo(at: now)
            return deletion
        }
    }

    /// Ends the time in which deletions of `subject` can be undone, and deletes what was kept of them. Content to which
    /// nothing refers any more stays in the file until `gc`.
    /// - Returns: everything that was kept, the oldest deletion first.
    /// - Throws: `notFound` if no deletion of it can be undone; `readOnly`, `diskFull`, `inputOutput`.
    @discardableResult
    public func purgeDeletion(of subject: Subject) throws(RegistryError) -> [Deletion] {
        try writing { store in
            let now = environment.now()
            let rows = try store.deletions.all().filter { $0.subject == subject }
            guard !rows.isEmpty else {
                _ = try store.undoableDeletion(of: subject, at: now)
                return []
            }
            return try rows.map { row in
                var deletion = try Deletion(row, in: store)
                deletion.undoableUntil = nil
                try row.end(at: now, in: store)
                for run in deletion.runs where try store.isOrphan(run.number) {
                    try store.segments.vacate(run.number)
                }
                return deletion
            }
        }
    }
}

extension Store {
    /// The deletion of a subject that an undo reverts.
    fileprivate func undoableDeletion(of subject: Subject, at now: Int64) throws -> DeletionRow {
        if let row = try deletions.last(of: subject) {
            guard row.until > now else {
                throw RegistryError.notUndoable(
                    what: "\(subject)", why: "the \(Deletion.daysToUndo) days in which that could be done are over",
                    first: nil)
            }
            return row
        }
        for row in try deletions.all().reversed() where try Deletion(row, in: self).includes(subject) {
            throw RegistryError.notUndoable(
                what: "\(subject)", why: "it was deleted together with \(row.subject)", first: row.subject)
        }
        let events = try events.all(of: subject)
        let last = events.last { [.deleted, .deletionUndone, .restored].contains($0.kind) }
        guard last?.kind == .deleted, try !exists(subject) else {
            throw RegistryError.notFound(
                reference: subject.reference, what: "no deletion to undo", exists: "it was not deleted", near: [])
        }
        throw RegistryError.notUndoable(what: "\(subject)", why: "nothing is kept of it any more", first: nil)
    }

    private func exists(_ subject: Subject) throws -> Bool {
        switch subject {
        case .run(let number): try runs.find(number) != nil
        case .model(let name): try models.find(name: name) != nil
        case .version(let name, let number):
            try models.find(name: name).map { try versions.find(model: $0.id, number: number) != nil } ?? false
        case .dataset, .all: false
        }
    }

    /// Whether the series of a run are in their tables, though nothing has them any more.
    fileprivate func isOrphan(_ run: Int) throws -> Bool {
        try runs.find(run) == nil && deletions.runInPlace(run) == nil
    }
}

extension Subject {
    /// The subject as a person types it: `7`, `iris`, `iris:3`.
    package var reference: String {
        switch self {
        case .run(let number): "\(number)"
        case .model(let name): name
        default: description
        }
    }
}
