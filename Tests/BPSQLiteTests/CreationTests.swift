import BPSQLite
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The first moments of a file: several processes at once, and processes that die.
@Suite struct CreationTests {
    let directory = ScratchDirectory()

    /// Without retries around the switch to WAL, 42 of 600 such opens failed at once with "database is locked".
    @Test func firstProcessesAtOnceAllSucceed() throws {
        for round in 0..<15 {
            let path = directory.file("r\(round)")
            let probes = try (0..<4).map { _ in try Probe("create", path) }
            #expect(probes.map { $0.wait() } == [0, 0, 0, 0])
            let db = try Connection.test(path, .readOnly, newestVersion: 2)
            #expect(db.identity == .existing(version: 2))
            #expect(try db.value("SELECT count(*) FROM migration") == 2)
            #expect(try db.value("PRAGMA page_size") == 16384)
            #expect(try db.value("PRAGMA auto_vacuum") == 2)
        }
    }

    @Test func firstThreadsAtOnceAllSucceed() throws {
        for round in 0..<40 {
            let path = directory.file("r\(round)")
            #expect(onThreads(4) { _ in try openWithSchema(path).close() } == [])
            #expect(try Connection.test(path, .readOnly).identity == .existing(version: 1))
        }
    }

    @Test func openingAndClosingBesideAWriterNeverFails() throws {
        let path = directory.file()
        try openWithSchema(path).close()
        let failures = onThreads(4) { number in
            for round in 0..<25 {
                let db = try Connection.test(path, number == 0 ? .readOnly : .readWrite, durability: .normal)
                if number == 0 { _ = try db.read { try db.itemCount } } else { try db.insert(number * 1000 + round) }
                try db.close()
            }
        }
        #expect(failures == [])
        #expect(try Connection.test(path, .readOnly).itemCount == 75)
    }

    /// The power-cut tests take every step of creation apart; these are real processes, killed at random.
    @Test func killedWhileCreatingTheNextGoesOn() throws {
        var generator = SplitMix64(20_261_124)
        var unfinished = 0
        for round in 0..<40 {
            let path = directory.file("r\(round)")
            let probe = try Probe("create", path)
            usleep(UInt32.random(in: 0..<8000, using: &generator))
            probe.kill()
            if probe.wait() != 0 { unfinished += 1 }
            let next = try Probe("create", path)
            #expect(next.wait() == 0)
            let db = try Connection.test(path, .readOnly, newestVersion: 2)
            #expect(db.identity == .existing(version: 2))
            #expect(try db.integrityCheck() == [])
        }
        #expect(unfinished > 0, "no process was killed in time")
    }

    @Test func killedWritersLoseNothingThatWasCommitted() throws {
        let path = directory.file()
        #expect(try Probe("create", path).wait() == 0)
        for round in 0..<10 {
            let probe = try Probe("write", path, "\(round)", "100000")
            usleep(30_000)
            probe.kill()
            #expect(probe.wait() == -SIGKILL)
            let db = try Connection.test(path, .readOnly, newestVersion: 2)
            let count = try db.itemCount
            // Numbers follow one another: each was given by a transaction that saw all before it.
            #expect(try db.value("SELECT coalesce(max(id), 0) FROM item") == count)
            #expect(try db.integrityCheck() == [])
        }
    }
}
