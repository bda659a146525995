public import BPStore

extension Registry {
    /// Answers one SQL statement over the views and tables of docs/schema.md. It can only read: a statement that would
    /// write, attach a file, load code or change a setting is refused.
    ///
    /// - Parameters:
    ///   - columns: called with the names of the columns, once, before the rows.
    ///   - row: called with each row.
    /// - Returns: whether there are more rows than `limit`.
    /// - Throws: `RegistryError.badQuery` for SQL that cannot be answered, `tooLong` if its time runs out, the errors
    ///   of reading, and the errors of the bodies.
    public func ask(
        _ question: SQLQuestion, columns: ([String]) throws -> Void, row: ([SQLCell]) throws -> Void
    ) throws -> Bool {
        // An error of the bodies must reach the caller unchanged, not as an error of the registry.
        var thrown: (any Error)?
        var isCut = false
        do throws(RegistryError) {
            try withReader { store in
                try store.answer(question, columns: columns, row: row, isCut: &isCut, thrown: &thrown)
            }
        } catch {
            throw thrown ?? error
        }
        return isCut
    }
}
