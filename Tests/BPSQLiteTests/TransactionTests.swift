import BPSQLite
import CSQLite
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite struct TransactionTests {
    struct Stop: Error {}
    let directory = ScratchDirectory()

    @Test func allOrNothing() throws {
        let db = try openWithSchema(directory.file())
        let answer = try db.transaction {
            try db.execute("INSERT INTO item (id) VALUES (1)")
            return 42
        }
        #expect(answer == 42)
        #expect(throws: Stop.self) {
            try db.transaction {
                try db.execute("INSERT INTO item (id) VALUES (2)")
                throw Stop()
            }
        }
        #expect(try db.all("SELECT id FROM item") == [1])
        try db.insert(3)
    }

    @Test func nestingIsRefusedAndUndoesNothingByItself() throws {
        let db = try openWithSchema(directory.file())
        try db.transaction {
            try db.execute("INSERT INTO item (id) VALUES (1)")
            let error = #expect(throws: SQLiteError.self) { try db.transaction {} }
            #expect(error?.code == SQLITE_MISUSE)
            #expect(try db.read { try db.itemCount } == 1)
        }
        try db.read { #expect(throws: SQLiteError.self) { try db.transaction {} } }
        #expect(try db.itemCount == 1)
    }

    @Test func aTransactionThatSQLiteRolledBackDoesNotSeemToCommit() throws {
        let db = try openWithSchema(directory.file())
        #expect(throws: SQLiteError.self) {
            try db.transaction {
                try db.execute("INSERT INTO item (id) VALUES (1)")
                try db.execute(script: "ROLLBACK")
                // Refused, for it would be a transaction of its own.
                try? db.execute("INSERT INTO item (id) VALUES (2)")
            }
        }
        #expect(try db.itemCount == 0)
    }

    @Test func readSeesOneState() throws {
        let writer = try openWithSchema(directory.file())
        let reader = try Connection.test(directory.file(), .readOnly)
        try writer.insert(1)
        try reader.read {
            try writer.insert(2)
            #expect(try reader.itemCount == 1)
        }
        #expect(try reader.itemCount == 2)
        let error = #expect(throws: SQLiteError.self) { try reader.transaction {} }
        #expect(error?.code == SQLITE_MISUSE)
    }

    @Test func theWriteLockIsHeldFromTheStart() throws {
        let first = try openWithSchema(directory.file())
        let second = try Connection.test(directory.file()) { $0.busyTimeout = .milliseconds(20) }
        try first.transaction {
            let error = #expect(throws: SQLiteError.self) { try second.transaction { Issue.record("two writers") } }
            #expect(error?.isBusy == true)
        }
        try second.insert(1)
    }

    /// Deferred transactions of this kind failed 2,391 times of 2,400.
    @Test func eightWritersAllCommit() throws {
        try openWithSchema(directory.file()).close()
        let writers = 8, each = 40
        let path = directory.file()
        let failures = onThreads(writers) { writer in
            let db = try Connection.test(path, .readWrite, durability: .normal)
            for number in 0..<each {
                try db.transaction {
                    let count = try db.itemCount
                    try db.execute("INSERT INTO item (id, name) VALUES (?, ?)", [count + 1, "\(writer) \(number)"])
                }
            }
            try db.close()
        }
        #expect(failures == [])
        let db = try Connection.test(path, .readOnly)
        #expect(try db.itemCount == writers * each)
        #expect(try db.value("SELECT count(DISTINCT name) FROM item") == writers * each)
    }

    @Test func eightProcessesAllCommit() throws {
        let probes = try (0..<8).map { try Probe("write", directory.file(), "\($0)", "40") }
        #expect(probes.map { $0.wait() } == Array(repeating: 0, count: 8))
        let db = try Connection.test(directory.file(), .readOnly, newestVersion: 2)
        #expect(try db.itemCount == 320)
        #expect(try db.integrityCheck() == [])
    }

    @Test func theLogIsMovedAboveItsThresholdAndTruncatedAtClose() throws {
        let threshold = 1 << 20
        let db = try Connection.test(directory.file()) { $0.checkpointThreshold = threshold }
        try schema.migrate(db, backup: nil)
        var largest = 0
        for _ in 0..<60 {
            try db.transaction { try db.execute("INSERT INTO item (bytes) VALUES (zeroblob(100000))") }
            largest = max(largest, db.walBytes)
        }
        #expect(largest > threshold / 2)
        #expect(largest < 2 * threshold)
        #expect(directory.files.names.contains("registry.sqlite-wal"))
        try db.close()
        #expect(directory.files.names == ["registry.sqlite"])
    }

    @Test func aReaderHoldsBackTheCheckpointOnlyWhileItReads() throws {
        let db = try openWithSchema(directory.file())
        let reader = try Connection.test(directory.file(), .readOnly)
        try reader.read {
            _ = try reader.itemCount
            try db.insert(1)
            #expect(try db.checkpoint(.passive) == false)
        }
        #expect(try db.checkpoint(.passive))
        #expect(try db.checkpoint(.truncate))
        #expect(directory.files.read("registry.sqlite-wal").isEmpty)
    }
}

/// Runs `body` on `count` threads at once and gives what they threw.
func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) throws -> Void) -> [String] {
    final class Work {
        let number: Int
        let body: (Int) throws -> Void
        var failure: String?
        init(_ number: Int, _ body: @escaping (Int) throws -> Void) {
            self.number = number
            self.body = body
        }
    }
    let works = (0..<count).map { Work($0, body) }
    let threads = works.map { work in
        var thread = pthread_t(bitPattern: 0)
        let argument = Unmanaged.passUnretained(work).toOpaque()
        pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let work = Unmanaged<Work>.fromOpaque(argument).takeUnretainedValue()
                do { try work.body(work.number) } catch { work.failure = "\(error)" }
                return nil
            }, argument)
        return thread
    }
    for thread in threads { pthread_join(thread, nil) }
    return withExtendedLifetime(works) { works.compactMap(\.failure) }
}
