import BPSQLite
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Another program writes over the files of a database in place while it is open.
@Suite struct ContentTests {
    let directory = ScratchDirectory()
    private let name = "registry.sqlite"

    /// A database with `count` items, some in the file and some in its log only, whose pages are all in the cache.
    private func open(_ count: Int) throws -> Connection {
        let db = try openWithSchema(directory.file())
        for id in 1...count / 2 { try db.insert(id) }
        try db.checkpoint(.passive)
        for id in count / 2 + 1...count { try db.insert(id) }
        try db.fillCache()
        try db.checkPlace()
        return db
    }

    /// Another database of the same kind and the same number of pages, as it is after its last connection has closed it.
    private func other() throws -> [UInt8] {
        let db = try openWithSchema(directory.file("other"))
        for id in 1...40 { try db.insert(id) }
        try db.close()
        return directory.files.read("other")
    }

    /// As `cp` and `: >` do: the file stays the same, its content does not. The index is written in one piece, since it is
    /// mapped into memory.
    private func overwrite(_ name: String, _ bytes: [UInt8]) throws {
        let file = try #require(fopen(directory.file(name), bytes.isEmpty ? "w" : "r+"))
        defer { fclose(file) }
        #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
        fflush(file)
        ftruncate(fileno(file), off_t(bytes.count))
    }

    enum Accident: String, CaseIterable {
        case emptyFile, otherFile, olderFile, emptyLog, otherLog, emptyIndex, blankIndex
    }

    @Test(arguments: Accident.allCases)
    func anOverwrittenFileIsNoticedBeforeTheNextCommit(_ accident: Accident) throws {
        let other = try other()
        let older = ScratchDirectory()
        let db = try open(20)
        let file = directory.files.read(name)
        if accident == .olderFile {
            // The file moves on; then its former content comes back.
            for id in 101...140 { try db.insert(id) }
            try db.checkpoint(.passive)
            try db.insert(141)
            try db.fillCache()
        }
        let count = try db.itemCount
        usleep(11_000)
        let suffix: String
        switch accident {
        case .emptyFile, .otherFile, .olderFile:
            suffix = ""
            try overwrite(name, accident == .emptyFile ? [] : accident == .otherFile ? other : file)
        case .emptyLog, .otherLog:
            suffix = "-wal"
            let log = directory.files.read(name + suffix)
            try overwrite(name + suffix, accident == .emptyLog ? [] : log.map { $0 ^ 1 })
        case .emptyIndex, .blankIndex:
            suffix = "-shm"
            let size = directory.files.read(name + suffix).count
            try overwrite(name + suffix, accident == .emptyIndex ? [] : Array(repeating: 0, count: size))
        }
        let before = directory.files.read(name)
        let log = directory.files.read(name + "-wal")
        if accident == .blankIndex {
            // SQLite itself reads the log again, and all goes on.
            try db.insert(999)
            #expect(try db.itemCount == count + 1)
            return
        }
        let error = #expect(throws: SQLiteError.self) { try db.insert(999) }
        #expect(error?.isMoved == true, "\(String(describing: error))")
        #expect(error?.message.contains(directory.file(name + suffix)) == true, "\(String(describing: error))")
        #expect(
            error?.message.hasSuffix(accident == .emptyFile || accident == .emptyLog ? "emptied" : "overwritten")
                == true)
        #expect(throws: SQLiteError.self) { try db.checkpoint(.passive) }
        // What was committed is in memory and in the file that is left.
        try db.backup(to: older.file())
        #expect(try Connection.test(older.file(), .readOnly).itemCount == count)
        #expect(throws: SQLiteError.self) { try db.close() }
        #expect((directory.files.read(name) == before) == true)
        #expect((directory.files.read(name + "-wal") == log) == true)
    }

    @Test func aLogThatBelongsToAnotherFileIsSetAside() throws {
        let other = try other()
        let db = try open(20)
        try overwrite(name, other)
        #expect(throws: SQLiteError.self) { try db.checkPlace() }
        #expect(db.isOverwritten)
        #expect(db.setLogAside(as: directory.file("aside")) == directory.file("aside"))
        try? db.close()
        #expect(directory.files.names == ["aside", "other", name])
        #expect(try Connection.test(directory.file(), .readOnly).itemCount == 40)
    }

    @Test func timesAndTheSameBytesAreNoChange() throws {
        let db = try open(20)
        for (id, suffix) in ["", "-wal", "-shm"].enumerated() {
            usleep(11_000)
            if suffix != "-shm" { try overwrite(name + suffix, directory.files.read(name + suffix)) }
            utimes(directory.file(name + suffix), nil)
            try db.insert(100 + id)
            try db.checkPlace()
            try db.checkpoint(.passive)
        }
        try db.insert(200)
        try db.close()
    }

    /// Other processes commit, move the log into the file, shorten it, and let the file grow and shrink.
    @Test func othersAtWorkAreNoAccident() throws {
        #expect(try Probe("create", directory.file()).wait() == 0)
        let db = try Connection.test(directory.file(), .readWrite, newestVersion: 2)
        let probes = try (0..<2).map { try Probe("maintain", directory.file(), "\($0 * 1_000_000)") }
        defer {
            for probe in probes {
                probe.kill()
                #expect(probe.wait() == -SIGKILL)
            }
        }
        let end = ContinuousClock.now + .seconds(3)
        var id = 10_000_000
        while ContinuousClock.now < end {
            id += 1
            try db.insert(id, String(repeating: "y", count: id % 50_000))
            try db.checkPlace()
            if id % 7 == 0 { try db.transaction { try db.execute("DELETE FROM item WHERE id = ?", [id - 3]) } }
            if id % 50 == 0 { try db.incrementalVacuum() }
            if id % 20 == 0 { try db.checkpoint(.truncate) }
        }
        #expect(try db.integrityCheck().isEmpty)
    }
}
