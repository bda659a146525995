import BPSQLite

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

// The file as a whole.
extension Store {
    /// Bytes of the registry's file, once the log has been moved into it.
    package func fileBytes() throws -> Int {
        try connection.value("PRAGMA page_count", as: Int.self) * connection.value("PRAGMA page_size", as: Int.self)
    }

    /// Moves the log into the file, as far as that needs no waiting.
    package func checkpoint() throws { try connection.checkpoint(.passive) }

    /// Returns up to `pages` free pages to the file system.
    package func shrink(pages: Int) throws {
        _ = try connection.incrementalVacuum(pages: pages)
    }

    /// Returns the free pages to the file system, in short transactions.
    package func shrink() throws {
        // Not until none is left: other processes may keep freeing pages.
        var free = try connection.freePages
        while free > 0 {
            let cut = try connection.incrementalVacuum(pages: 256)
            if cut <= 0 { break }
            free -= cut
        }
        // The file gets shorter only when all of the log has been moved into it, and readers may have to end before.
        for _ in 0..<20 {
            if try connection.checkpoint(.passive) { break }
            usleep(50_000)
        }
    }

    /// Copies the file, as it is at one moment, to `target`.
    /// - Parameter inspect: called with the path of the finished copy before it gets its name.
    /// - Throws: errors of `inspect`; other errors name the target, not the registry.
    package func backup(
        to target: String, replacing: Bool, inspect: (_ copy: String) throws(RegistryError) -> Void
    ) throws(RegistryError) {
        do {
            try connection.backup(to: target, replacing: replacing, inspect: inspect)
        } catch {
            throw RegistryError(error, path: target)
        }
    }

    /// Allows rows that refer to each other to be deleted in any order until the end of the transaction.
    package func deferForeignKeys() throws { try connection.execute(script: "PRAGMA defer_foreign_keys = ON") }
}
