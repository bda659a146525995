import BPSQLite
import CSQLite
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What lies at a path, and what becomes of it.
@Suite struct OpeningTests {
    let directory = ScratchDirectory()
    static let modes: [Connection.Mode] = [.readOnly, .readWrite, .create]

    /// A database made by stock SQLite, without this layer.
    private func makeForeign(_ sql: String, name: String = "registry.sqlite") {
        var db: OpaquePointer?
        #expect(sqlite3_open(directory.file(name), &db) == SQLITE_OK)
        #expect(sqlite3_exec(db, sql, nil, nil, nil) == SQLITE_OK)
        sqlite3_close(db)
    }

    /// Opens it in each mode, expects `error`, and nothing changed or made in the directory.
    private func expectRefused(
        _ modes: [Connection.Mode] = modes, sourceLocation: SourceLocation = #_sourceLocation,
        matches: (OpenError) -> Bool
    ) {
        let names = directory.files.names
        let before = names.map(directory.files.read)
        for mode in modes {
            let error = #expect(throws: OpenError.self, sourceLocation: sourceLocation) {
                try Connection.test(directory.file(), mode)
            }
            if let error { #expect(matches(error), "\(mode): \(error)", sourceLocation: sourceLocation) }
        }
        #expect(directory.files.names == names, sourceLocation: sourceLocation)
        #expect(
            (names.map(directory.files.read) == before) == true, "the files were changed",
            sourceLocation: sourceLocation)
    }

    @Test func missing() {
        expectRefused([.readOnly, .readWrite]) { if case .missing = $0 { true } else { false } }
        let error = #expect(throws: OpenError.self) { try Connection.test(directory.file("no/where/registry.sqlite")) }
        #expect(error == .missing(path: directory.file("no/where/registry.sqlite")))
        for path in ["", "a\0b"] {
            #expect(throws: OpenError.missing(path: path)) { try Connection.test(path) }
        }
    }

    @Test func anEmptyFileIsNew() throws {
        directory.files.write([], to: "registry.sqlite")
        let reader = try Connection.test(directory.file(), .readOnly)
        #expect(reader.identity == .new)
        try reader.close()
        #expect(directory.files.read("registry.sqlite").isEmpty)
        #expect(directory.files.names == ["registry.sqlite"])
        let db = try Connection.test(directory.file(), .readWrite)
        #expect(db.identity == .new)
        try schema.migrate(db, backup: nil)
        try db.close()
        #expect(try Connection.test(directory.file(), .readOnly).identity == .existing(version: 1))
    }

    @Test(arguments: ["CREATE TABLE t (x); DROP TABLE t", "PRAGMA journal_mode = WAL", "PRAGMA user_version = 3"])
    func aDatabaseWithNoApplicationIDAndNoSchemaIsNew(_ sql: String) throws {
        makeForeign(sql)
        #expect(try Connection.test(directory.file(), .readOnly).identity == .new)
        let db = try Connection.test(directory.file())
        try schema.migrate(db, backup: nil)
        #expect(try db.value("PRAGMA page_size") == 16384)
        #expect(try db.value("PRAGMA auto_vacuum") == 2)
        try db.close()
        #expect(try Connection.test(directory.file(), .readOnly).identity == .existing(version: 1))
    }

    @Test func directoryFIFODeviceAndALinkToNothingAreNoFiles() throws {
        func kind(_ expected: String) -> (OpenError) -> Bool {
            { $0 == .notAFile(path: directory.file(), kind: expected) }
        }
        let path = directory.file()
        mkdir(path, 0o700)
        expectRefused(matches: kind("directory"))
        rmdir(path)
        mkfifo(path, 0o600)
        expectRefused(matches: kind("FIFO"))
        unlink(path)
        symlink(directory.file("nothing"), path)
        expectRefused(matches: kind("symbolic link to \(directory.file("nothing")), which is not there"))
        unlink(path)
        symlink("registry.sqlite", path)
        expectRefused(matches: kind("symbolic link to registry.sqlite, which leads back to itself"))
        for path in [directory.path + "/", directory.path + "/.", "..", "/"] {
            let error = #expect(throws: OpenError.self) { try Connection.test(path) }
            #expect(error == .notAFile(path: path, kind: "directory"))
        }
        #expect(throws: OpenError.notAFile(path: "/dev/null", kind: "device")) { try Connection.test("/dev/null") }
    }

    @Test func aSymbolicLinkIsFollowed() throws {
        let target = try openWithSchema(directory.file("target.sqlite"))
        try target.insert(1)
        for (link, text) in [
            ("absolute", directory.file("target.sqlite")), ("relative", "target.sqlite"), ("second", "relative"),
        ] {
            symlink(text, directory.file(link))
            for mode in OpeningTests.modes {
                // The log of the file itself is the one that is used.
                let db = try Connection.test(directory.file(link), mode)
                #expect(db.path == directory.file("target.sqlite"))
                #expect(try db.itemCount == 1)
                try db.close()
            }
        }
        try target.close()
        #expect(directory.files.names == ["absolute", "relative", "second", "target.sqlite"])
    }

    @Test func aDirectoryMayBeReachedThroughASymbolicLink() throws {
        symlink(directory.path, directory.file("link"))
        let db = try openWithSchema(directory.file("link/registry.sqlite"))
        #expect(db.path == directory.file())
    }

    @Test func notSQLite() {
        for bytes in [
            [UInt8]("hello".utf8), [UInt8](repeating: 0, count: 16384), [UInt8]("SQLite format 3".utf8), [0],
            [UInt8](repeating: 0x5A, count: 100_000),
        ] {
            directory.files.write(bytes, to: "registry.sqlite")
            expectRefused { if case .notSQLite = $0 { true } else { false } }
        }
    }

    @Test func foreign() {
        makeForeign("PRAGMA application_id = 0x12345678; CREATE TABLE t (x)")
        expectRefused { $0 == .foreign(path: directory.file(), applicationID: 0x1234_5678) }
        directory.files.remove("registry.sqlite")
        makeForeign("CREATE TABLE t (x)")
        expectRefused { $0 == .foreign(path: directory.file(), applicationID: 0) }
        directory.files.remove("registry.sqlite")
        makeForeign("PRAGMA application_id = 0x12345678; PRAGMA journal_mode = WAL; CREATE TABLE t (x)")
        expectRefused { $0 == .foreign(path: directory.file(), applicationID: 0x1234_5678) }
    }

    /// A foreign database whose process died must not be recovered by us: its journal is its own.
    @Test func foreignWithLogIsLeftAsItLies() throws {
        makeForeign("PRAGMA application_id = 0x12345678; PRAGMA journal_mode = WAL; CREATE TABLE t (x)", name: "live")
        var db: OpaquePointer?
        #expect(sqlite3_open(directory.file("live"), &db) == SQLITE_OK)
        #expect(sqlite3_exec(db, "INSERT INTO t VALUES (1)", nil, nil, nil) == SQLITE_OK)
        let (main, log) = (directory.files.read("live"), directory.files.read("live-wal"))
        sqlite3_close(db)
        #expect(!log.isEmpty)
        directory.files.write(main, to: "registry.sqlite")
        directory.files.write(log, to: "registry.sqlite-wal")
        expectRefused { $0 == .foreign(path: directory.file(), applicationID: 0x1234_5678) }
    }

    @Test func newer() throws {
        let db = try openWithSchema(directory.file())
        try db.transaction { try db.execute(script: "PRAGMA user_version = 7") }
        try db.close()
        expectRefused { $0 == .newer(path: directory.file(), version: 7, known: 1) }
    }

    @Test func damaged() throws {
        let db = try openWithSchema(directory.file())
        try db.insert(1)
        try db.close()
        var bytes = directory.files.read("registry.sqlite")
        for index in 100..<16384 { bytes[index] = 0xFF }
        directory.files.write(bytes, to: "registry.sqlite")
        expectRefused { if case .damaged = $0 { true } else { false } }
        directory.files.write([UInt8](bytes.prefix(16384)), to: "registry.sqlite")
        expectRefused { if case .damaged = $0 { true } else { false } }
    }

    /// A page that opening does not read: the damage is met when it is read, as a typed error.
    @Test func damagedWhereOpeningDoesNotLook() throws {
        let db = try openWithSchema(directory.file())
        try db.transaction {
            for _ in 0..<50 { try db.execute("INSERT INTO item (bytes) VALUES (zeroblob(5000))") }
        }
        try db.close()
        var bytes = directory.files.read("registry.sqlite")
        for index in 5 * 16384..<6 * 16384 { bytes[index] = 0xFF }
        directory.files.write(bytes, to: "registry.sqlite")
        let damaged = try Connection.test(directory.file(), .readOnly)
        let error = #expect(throws: SQLiteError.self) { try damaged.all("SELECT bytes FROM item", as: [UInt8].self) }
        #expect(error?.isDamage == true)
    }

    @Test(arguments: ["file:x.sqlite", "file:x?mode=memory", "a b%41.sqlite", "näme.sqlite", "-x", "?immutable=1"])
    func namesAreNamesAndNoURIs(_ name: String) throws {
        let db = try openWithSchema(directory.file(name))
        try db.insert(1)
        try db.close()
        #expect(directory.files.names == [name])
        let again = try Connection.test(directory.file(name), .readOnly)
        #expect(try again.itemCount == 1)
        // Relative too, where the name itself begins the path.
        let here = try #require(getcwd(nil, 0))
        defer { free(here) }
        let up = String(repeating: "../", count: String(cString: here).split(separator: "/").count)
        #expect(try Connection.test(up + directory.file(name).dropFirst(), .readOnly).path == directory.file(name))
    }

    @Test func errorsSayWhatAndWhere() {
        let damage = SQLiteError(extendedCode: SQLITE_CORRUPT, message: "malformed")
        #expect("\(OpenError.missing(path: "p"))" == "no file at p")
        #expect("\(OpenError.notAFile(path: "p", kind: "FIFO"))" == "p is a FIFO, not a file")
        #expect("\(OpenError.foreign(path: "p", applicationID: 16))".contains("0x10"))
        #expect("\(OpenError.newer(path: "p", version: 7, known: 1))" == "p has schema version 7; known is 1")
        #expect("\(OpenError.damaged(path: "p", damage))" == "p is damaged: malformed")
        #expect(OpenError.damaged(path: "p", damage).path == "p")
    }
}
