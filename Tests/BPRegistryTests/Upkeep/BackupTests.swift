import Foundation
import RegistryTestSupport
import TestSupport
import Testing

@testable import BPRegistry
@testable import BPStore

@Suite("Copies of a registry")
struct BackupTests {
    @Test("made while a recorder is at work they are sound, and each is what was committed at one moment")
    func recorder() throws {
        let bench = try Bench()
        try withRecorder(bench) {
            var before = 0
            for number in 0..<8 {
                let target = "\(bench.scratch.folder)/copy\(number).sqlite"
                let report = try bench.registry.backup(to: target)
                #expect(report.findings == [])
                let copy = try Registry.open(at: target, for: .reading, environment: bench.world.environment)
                let run = try copy.run(1)
                // Nobody trains in the copy, whoever is alive.
                #expect(run.status == .interrupted)
                #expect(run.iterations >= before && run.iterations == 10 * run.epochs)
                #expect(try copy.losses(ofRun: 1) == losses(1, run.iterations))
                before = run.iterations
            }
        }
        let target = "\(bench.scratch.folder)/copy7.sqlite"
        let copy = try Registry.open(at: target, for: .writing, environment: bench.world.environment)
        let (iterations, epochs) = (try copy.run(1).iterations, try copy.run(1).epochs)
        let writer = try copy.resumeRun(1, attempt: plainAttempt)
        try writer.commit(
            RunCommit(losses: losses(iterations + 1, iterations + 10), epochs: [makeEpoch(epochs + 1)]))
        try writer.close()
        #expect(try copy.losses(ofRun: 1) == losses(1, iterations + 10))
        #expect(try copy.verify().findings == [])
        let names = Files(bench.scratch.folder).names.filter { $0.hasPrefix("copy") && !$0.hasSuffix(".sqlite") }
        #expect(names.allSatisfy { $0.hasPrefix("copy7") }, "\(names)")
    }

    @Test("a file that is there is replaced only where that is asked for; the registry itself and one in use never")
    func targets() throws {
        let bench = try Bench()
        try bench.finishedRun()
        let files = Files(bench.scratch.folder)
        files.write(Array("old".utf8), to: "old")
        let old = files.path("old")
        #expect(
            bench.failure { _ = try bench.registry.backup(to: old) }
                == .conflict(place: old, what: "it is there already"))
        #expect(files.read("old") == Array("old".utf8))
        _ = try bench.registry.backup(to: old, replacing: true)
        #expect(try Registry.verify(at: old).findings == [])
        for replacing in [false, true] {
            #expect(
                bench.failure { _ = try bench.registry.backup(to: bench.path, replacing: replacing) }
                    == .conflict(place: bench.path, what: "it is the registry itself"))
        }
        files.write([1], to: "used-wal")
        guard case .inputOutput? = bench.failure({ _ = try bench.registry.backup(to: files.path("used")) }) else {
            Issue.record("a log beside the target was not refused")
            return
        }
        #expect(!files.names.contains("used"))
        guard case .inputOutput? = bench.failure({ _ = try bench.registry.backup(to: "/no/such/folder/x") }) else {
            Issue.record("a folder that is not there was not refused")
            return
        }
    }

    @Test("of a damaged registry there is no copy")
    func damaged() throws {
        let bench = try Bench()
        try bench.finishedRun()
        try bench.registry.writing { store in
            try store.connection.execute("UPDATE chunk SET data = zeroblob(length(data)) WHERE rowid = 1")
        }
        let files = Files(bench.scratch.folder)
        let before = files.names
        guard case .damaged? = bench.failure({ _ = try bench.registry.backup(to: files.path("copy")) }) else {
            Issue.record("it was copied")
            return
        }
        #expect(files.names == before)
    }

    @Test("where the disk is full or fails, at any write, there is no copy, and nothing is left lying")
    func faults() throws {
        let bench = try Bench()
        try bench.finishedRun()
        let before = registryDump(bench.path)
        var nth = 1
        var isMet = true
        while isMet {
            let target = ScratchDirectory()
            var error: RegistryError?
            Recorder.run(in: target.path, faults: .init([.write], nth: nth, code: nth % 2 == 0 ? 13 : 778)) {
                error = bench.failure { _ = try bench.registry.backup(to: target.file("copy")) }
                isMet = Recorder.failures > 0
            }
            if isMet {
                #expect(error != nil, "write \(nth)")
                #expect(target.files.names == [], "write \(nth)")
            } else {
                #expect(target.files.names == ["copy"])
            }
            nth += nth < 20 ? 1 : 9
        }
        #expect(nth > 10)
        #expect(registryDump(bench.path) == before)
    }
}
