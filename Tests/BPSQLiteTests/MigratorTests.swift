import BPSQLite
import TestSupport
import Testing

@Suite struct MigratorTests {
    let directory = ScratchDirectory()

    static let first = Migration(
        version: 1, name: "first", sql: "CREATE TABLE a (x) ; CREATE TABLE b (y);", checksum: "1a")
    static let second = Migration(version: 2, name: "second", sql: "ALTER TABLE a ADD COLUMN z", checksum: "2a")
    static let broken = Migration(
        version: 2, name: "broken", sql: "CREATE TABLE c (x); CREATE TABLE a (x)", checksum: "2b")

    private func migrator(_ migrations: Migration...) -> Migrator { Migrator(migrations, applicationID: applicationID) }

    private func open(_ mode: Connection.Mode = .create) throws -> Connection {
        try Connection.test(directory.file(), mode, newestVersion: 2)
    }

    @Test func stepsAreAppliedInOrderAndSaidAloud() throws {
        let db = try open()
        let both = migrator(Self.first, Self.second)
        #expect(both.newestVersion == 2)
        #expect(try both.pending(in: db).map(\.version) == [1, 2])
        var said: [MigrationEvent] = []
        try both.migrate(db, backup: nil, announce: { said.append($0) })
        #expect(
            said == [
                .applying(version: 1, name: "first"), .applied(version: 1, name: "first"),
                .applying(version: 2, name: "second"), .applied(version: 2, name: "second"),
            ])
        #expect(try both.pending(in: db).isEmpty)
        let rows = try db.all("SELECT version, name, checksum FROM migration ORDER BY version") { row in
            "\(try row.get(0, as: Int.self)) \(try row.get(1, as: String.self)) \(try row.get(2, as: String.self))"
        }
        #expect(rows == ["1 first 1a", "2 second 2a"])
        #expect(try db.value("PRAGMA user_version") == 2)
        #expect(try db.value("PRAGMA application_id") == applicationID)
        try both.migrate(db, backup: nil, announce: { _ in Issue.record("nothing was left to do") })
        try db.close()
        #expect(try open(.readOnly).identity == .existing(version: 2))
    }

    @Test func aStepThatFailsChangesNothing() throws {
        let db = try open()
        try migrator(Self.first).migrate(db, backup: nil)
        let error = try #require(throws: MigrationError.self) {
            try migrator(Self.first, Self.broken).migrate(db, backup: nil)
        }
        guard case .failed(2, "broken", let cause) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(cause.message.contains("already exists"))
        #expect(try db.value("PRAGMA user_version") == 1)
        #expect(try db.value("SELECT count(*) FROM sqlite_schema WHERE name = 'c'") == 0)
        try migrator(Self.first, Self.second).migrate(db, backup: nil)
    }

    static let family = Migration(
        version: 1, name: "family",
        sql: "CREATE TABLE parent (id INTEGER PRIMARY KEY); CREATE TABLE child (id, parent REFERENCES parent (id))",
        checksum: "1f")
    static let rebuilt = Migration(
        version: 2, name: "rebuilt",
        sql: """
            CREATE TEMP TABLE rows AS SELECT * FROM parent; DROP TABLE parent;
            CREATE TABLE parent (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO parent SELECT id, 'x' FROM rows;
            DROP TABLE rows
            """, checksum: "2f")

    @Test func aTableThatOthersReferToIsMadeAnewAndForeignKeysHoldAgain() throws {
        let db = try open()
        try migrator(Self.family).migrate(db, backup: nil)
        try db.transaction { try db.execute(script: "INSERT INTO parent VALUES (7); INSERT INTO child VALUES (1, 7)") }
        try migrator(Self.family, Self.rebuilt).migrate(db, backup: nil)
        #expect(try db.value("SELECT name FROM parent JOIN child ON child.parent = parent.id") == "x")
        #expect(try db.value("PRAGMA foreign_keys") == 1)
        #expect(throws: SQLiteError.self) {
            try db.transaction { try db.execute("INSERT INTO child VALUES (2, 8)") }
        }
    }

    @Test func aStepThatLeavesRowsWithoutParentsIsUndoneAndSaysSo() throws {
        let db = try open()
        try migrator(Self.family).migrate(db, backup: nil)
        try db.transaction { try db.execute(script: "INSERT INTO parent VALUES (7); INSERT INTO child VALUES (1, 7)") }
        let lossy = Migration(version: 2, name: "lossy", sql: "DELETE FROM parent", checksum: "2l")
        let error = try #require(throws: MigrationError.self) {
            try migrator(Self.family, lossy).migrate(db, backup: nil)
        }
        #expect(
            "\(error)" == "migration 2 (lossy) leaves rows without their parents: child row 1 has no parent in parent")
        #expect(try db.value("SELECT count(*) FROM parent") == 1)
        #expect(try db.value("PRAGMA user_version") == 1)
        #expect(try db.value("PRAGMA foreign_keys") == 1)
    }

    @Test func anEditedStepIsAnError() throws {
        let db = try open()
        try migrator(Self.first).migrate(db, backup: nil)
        let edited = Migration(version: 1, name: "first", sql: "CREATE TABLE a (x)", checksum: "1b")
        let error = try #require(throws: MigrationError.self) { try migrator(edited, Self.second).pending(in: db) }
        guard case .edited(1, "first", "1a", "1b") = error else {
            Issue.record("\(error)")
            return
        }
        #expect("\(error)" == "migration 1 (first) was edited: the file has 1a, this program 1b")
        #expect(throws: MigrationError.self) { try migrator(edited, Self.second).migrate(db, backup: nil) }
    }

    @Test(arguments: [
        "DELETE FROM migration WHERE version = 1", "DELETE FROM migration WHERE version = 2",
        "INSERT INTO migration VALUES (3, 'third', '3a')", "UPDATE migration SET version = 5 WHERE version = 2",
    ])
    func aMissingStepIsAnError(_ sql: String) throws {
        let db = try open()
        let both = migrator(Self.first, Self.second)
        try both.migrate(db, backup: nil)
        try db.transaction { try db.execute(sql) }
        let error = try #require(throws: MigrationError.self) { try both.pending(in: db) }
        if case .missing = error {} else { Issue.record("\(error)") }
    }

    @Test func aListThatCannotBeReadIsAnError() throws {
        let db = try open()
        try migrator(Self.first).migrate(db, backup: nil)
        try db.transaction { try db.execute("DROP TABLE migration") }
        let error = try #require(throws: MigrationError.self) { try migrator(Self.first).pending(in: db) }
        if case .unreadable = error {} else { Issue.record("\(error)") }
    }

    @Test func aNewerFileIsAnError() throws {
        let db = try open()
        try migrator(Self.first, Self.second).migrate(db, backup: nil)
        let error = try #require(throws: MigrationError.self) { try migrator(Self.first).pending(in: db) }
        guard case .newer(2, 1) = error else {
            Issue.record("\(error)")
            return
        }
    }

    @Test func aReasonToWaitStopsOldFilesOnly() throws {
        let db = try open()
        let reason = "run 7 is alive"
        try migrator(Self.first).migrate(db, backup: nil, refusal: { _ in reason })
        let error = try #require(throws: MigrationError.self) {
            try migrator(Self.first, Self.second)
                .migrate(db, backup: { _ in directory.file("backup") }, refusal: { _ in reason })
        }
        guard case .refused(reason) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(try db.value("PRAGMA user_version") == 1)
        #expect(!directory.files.names.contains("backup"))
    }

    @Test func aFileWithContentsIsBackedUpFirst() throws {
        let db = try open()
        try migrator(Self.first).migrate(db, backup: { _ in directory.file("never") })
        try db.transaction { try db.execute("INSERT INTO a VALUES (42)") }
        var said: [MigrationEvent] = []
        try migrator(Self.first, Self.second)
            .migrate(db, backup: { directory.file("version-\($0)") }, announce: { said.append($0) })
        #expect(said.first == .backedUp(path: directory.file("version-1")))
        try db.close()
        #expect(directory.files.names == ["registry.sqlite", "version-1"])
        let copy = try Connection.test(directory.file("version-1"), .readWrite)
        #expect(copy.identity == .existing(version: 1))
        #expect(try copy.value("SELECT x FROM a") == 42)
        try migrator(Self.first, Self.second).migrate(copy, backup: nil)
    }

    @Test func noBackupNoMigration() throws {
        let db = try open()
        try migrator(Self.first).migrate(db, backup: nil)
        let error = try #require(throws: MigrationError.self) {
            try migrator(Self.first, Self.second).migrate(db, backup: { _ in directory.file("no/where") })
        }
        if case .backupFailed = error {} else { Issue.record("\(error)") }
        #expect(try db.value("PRAGMA user_version") == 1)
    }

    @Test func severalAtOnceAllSucceedAndEachStepIsAppliedOnce() throws {
        let db = try open()
        try migrator(Self.first).migrate(db, backup: nil)
        try db.close()
        let (path, both) = (directory.file(), migrator(Self.first, Self.second))
        let failures = onThreads(6) { _ in
            let db = try Connection.test(path, .readWrite, newestVersion: 2)
            try both.migrate(db, backup: nil)
            try db.close()
        }
        #expect(failures == [])
        #expect(try open(.readOnly).value("SELECT count(*) FROM migration") == 2)
    }
}
