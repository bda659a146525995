public import BPStore

extension Registry {
    /// Everything that deleting `subject` would delete. Nothing is changed.
    /// - Throws: `notFound`; `alive` if the process of a run to delete is alive.
    public func deletion(of subject: Subject) throws(RegistryError) -> Deletion {
        try reading { try Deletion(of: subject, in: $0) }
    }

    /// Deletes a run, a version or a model in one transaction. For `Deletion.daysToUndo` days, or until `gc`,
    /// `undoDeletion(of:)` brings everything back. Deleted numbers are never used again, and events are kept.
    /// - Parameters:
    ///   - cascade: whether to delete everything that depends on it too. If a model's current version is deleted, its
    ///     highest remaining version becomes current.
    ///   - purge: whether to delete at once, so that it cannot be undone. Content to which nothing refers any more
    ///     stays in the file until `gc`.
    ///   - seen: the deletion that the caller has confirmed; if it has changed since, nothing is deleted.
    /// - Returns: everything that was deleted, and until when that can be undone.
    /// - Throws: `notFound`; `alive`; `inUse` with the things that depend on it; `conflict` if the deletion differs
    ///   from `seen`; `readOnly`, `diskFull`, `inputOutput`.
    @discardableResult
    public func delete(
        _ subject: Subject, cascade: Bool = false, purge: Bool = false, ifUnchanged seen: Deletion? = nil
    ) throws(RegistryError) -> Deletion {
        try writing { store in
            var deletion = try Deletion(of: subject, in: store)
            guard cascade || deletion.dependents.isEmpty else {
                throw RegistryError.inUse(what: "\(subject)", by: deletion.dependents.map(\.description))
            }
            if let seen, seen != deletion {
                throw RegistryError.conflict(
                    place: "\(subject)", what: "what depends on it has changed since; nothing was deleted")
            }
            let now = environment.now()
            for expired in try store.deletions.all() where expired.until <= now { try expired.end(at: now, in: store) }
            // Rows that refer to each other are deleted together.
            try store.deferForeignKeys()
            let until = now + Deletion.timeToUndo
            var deleting = Deleting(
                store: store, now: now,
                content: purge ? nil : try DeletedContent(of: subject, at: now, until: until, in: store))
            try deleting.delete(deletion)
            if !purge { deletion.undoableUntil = until }
            return deletion
        }
    }
}
