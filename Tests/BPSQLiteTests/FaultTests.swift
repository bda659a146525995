import BPSQLite
import CSQLite
import Synchronization
import TestSupport
import Testing

/// Disks that are full or broken. Serialised: what happens at a failed sync is the process's own.
@Suite(.serialized) struct FaultTests {
    let directory = ScratchDirectory()

    /// Iterations that an honest store acknowledged while calls failed, then what is left when the fault is gone.
    private func writeUntilItFails(_ plan: Recorder.FaultPlan) throws -> (
        acknowledged: Int, failure: (any Error)?, hit: Bool
    ) {
        var acknowledged = 0
        var failure: (any Error)?
        var hit = false
        Recorder.run(in: directory.path, faults: plan) {
            do {
                let db = try openWithSchema(directory.file())
                for id in 1...12 {
                    try db.transaction {
                        try db.execute("INSERT INTO item (id, bytes) VALUES (?, zeroblob(20000))", [id])
                    }
                    acknowledged = id
                }
                try db.close()
            } catch {
                failure = error
            }
            hit = Recorder.failures > 0
        }
        return (acknowledged, failure, hit)
    }

    /// The file as the next process finds it.
    private func check(_ acknowledged: Int, _ what: String) throws {
        let db = try openWithSchema(directory.file())
        let count = try db.itemCount
        #expect(count >= acknowledged, "\(what): \(acknowledged) acknowledged, \(count) left")
        #expect(try db.integrityCheck() == [], "\(what)")
        try db.insert(1000)
        try db.close()
        for name in directory.files.names { directory.files.remove(name) }
    }

    private static let plans: [(kinds: [Recorder.Fault], code: Int32)] = [
        ([.write], SQLITE_FULL), ([.write], SQLITE_IOERR | 3 << 8), ([.truncate], SQLITE_IOERR | 6 << 8),
        ([.create], SQLITE_CANTOPEN), ([.delete], SQLITE_IOERR | 10 << 8),
        ([.create, .write, .truncate, .delete], SQLITE_IOERR),
    ]

    @Test("a log that cannot grow for want of space is a full disk, whatever code SQLite gives it")
    func noSpaceIsFull() {
        let write = SQLITE_IOERR | 3 << 8
        #expect(SQLiteError(extendedCode: write, message: "disk I/O error (No space left on device)").isFull)
        #expect(!SQLiteError(extendedCode: write, message: "disk I/O error").isFull)
    }

    @Test(arguments: 0..<6, [false, true])
    func everyCallMayFailAndNothingAcknowledgedIsLost(_ plan: Int, _ persistent: Bool) throws {
        let (kinds, code) = Self.plans[plan]
        var points = 0
        for nth in 1...500 {
            let fault = Recorder.FaultPlan(kinds, nth: nth, code: code, persistent: persistent)
            let (acknowledged, failure, hit) = try writeUntilItFails(fault)
            guard hit else {
                #expect(failure == nil)
                break
            }
            points += 1
            if acknowledged < 12 { #expect(failure != nil, "a fault without an error") }
            try check(acknowledged, "\(kinds) call \(nth), code \(code), persistent \(persistent)")
        }
        #expect(points > 0)
    }

    /// By default the process ends; here the end is replaced by a note, and nothing goes on after it.
    @Test func everyFailedSyncIsToldBeforeAnythingElse() throws {
        let told = Mutex(0)
        FailedSync.replace { error in
            told.withLock { $0 += 1 }
            if !error.isFailedSync { Issue.record("\(error)") }
        }
        defer { FailedSync.replace(with: FailedSync.endProcess) }
        for nth in 1...200 {
            told.withLock { $0 = 0 }
            let fault = Recorder.FaultPlan([.sync], nth: nth, code: SQLITE_IOERR | 4 << 8)
            let (acknowledged, failure, hit) = try writeUntilItFails(fault)
            guard hit else {
                #expect(nth > 12)
                #expect(failure == nil)
                return
            }
            #expect(told.withLock { $0 } == 1, "sync \(nth) failed and was not told")
            try check(acknowledged, "sync \(nth)")
        }
        Issue.record("no end of syncs")
    }

    /// In a process of its own: the exit code, the message, and no clean-up afterwards.
    @Test func aFailedSyncEndsTheProcess() async throws {
        let result = await #expect(processExitsWith: .exitCode(15), observing: [\.standardErrorContent]) {
            let directory = ScratchDirectory()
            try Recorder.run(
                in: directory.path, faults: Recorder.FaultPlan([.sync], nth: 8, code: SQLITE_IOERR | 4 << 8)
            ) {
                let db = try openWithSchema(directory.file())
                for id in 1...12 { try db.insert(id) }
            }
        }
        let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(message.contains("a sync to disk failed"))
    }
}
