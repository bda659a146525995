import RegistryTestSupport
import TestSupport
import Testing

@testable import BPRegistry
@testable import BPStore
@testable import BPTransfer

/// A run that is here and that a source continues goes on to where it is there.
@Suite("A restoration extends a run")
struct ExtendTests {
    /// Two registries, of which the second has what the first has.
    private struct Pair {
        let home: Bench
        let scratch: Scratch
        let there: Registry

        init(_ fill: (Bench) throws -> Void) throws {
            home = try Bench()
            try fill(home)
            (scratch, there) = try Bench.elsewhere()
            _ = try there.restore(from: home.registry.taken())
        }

        /// Takes what is at home to the other registry.
        func push() throws -> RestoreReport { try there.restore(from: home.registry.taken()) }

        /// Brings what is there home.
        func pull() throws -> RestoreReport { try home.registry.restore(from: there.taken()) }
    }

    /// Goes on with a run to `last`, and ends as told.
    private func goOn(_ run: Int, to last: Int, _ registry: Registry, status: RunStatus? = nil) throws {
        let writer = try registry.resumeRun(run, attempt: plainAttempt)
        let first = writer.resumedIteration + 1
        let epochs = (writer.resumedEpoch + 1..<max(writer.resumedEpoch + 1, last / 10 + 1)).map { makeEpoch($0) }
        try writer.commit(RunCommit(losses: losses(first, last), epochs: epochs))
        if let status {
            let end = try writer.stage(fullKeyframe(last, role: .end), tensors: fullTensors(last))
            try writer.commit(RunCommit(keyframes: [end], end: finish(at: last, epoch: last / 10, status: status)))
        }
        try writer.close()
    }

    private func conflict(_ body: () throws -> Void) throws -> String {
        let error = #expect(throws: RegistryError.self) { try body() }
        guard case .conflict(_, let what)? = error else { return "\(String(describing: error))" }
        return what
    }

    @Test(
        "to the state there: losses, epochs, status, attempts, keyframes, versions, measures; and back changes nothing")
    func extended() throws {
        let pair = try Pair { try $0.interruptedRun(25) }
        try goOn(1, to: 9_035, pair.home.registry, status: .finished)
        let report = try pair.push()
        #expect(report.runs.map(\.outcome) == [.extended])
        #expect(report.runs.map(\.iterationsBefore) == [25])
        #expect(report.runs.map(\.iterations) == [9_035])
        #expect(report.versions.map(\.outcome) == [.added])
        #expect(!report.changedNothing)
        let (home, there) = (pair.home.registry, pair.there)
        #expect(try there.verify().findings == [])
        #expect(try there.losses(ofRun: 1) == home.losses(ofRun: 1))
        #expect(try there.epochs(ofRun: 1) == home.epochs(ofRun: 1))
        #expect(try there.metrics(ofRun: 1) == home.metrics(ofRun: 1))
        #expect(try there.attempts(ofRun: 1).map(\.status) == [.interrupted, .finished])
        #expect(try there.attempts(ofRun: 1).map(\.lastIteration) == [25, 9_035])
        #expect(try there.run(1).status == .finished)
        #expect(try there.keyframes(ofRun: 1).map(\.iteration) == home.keyframes(ofRun: 1).map(\.iteration))
        #expect(try there.keyframes(ofRun: 1).map(\.tensors) == home.keyframes(ofRun: 1).map(\.tensors))
        #expect(try there.evaluations(ofRun: 1).map(\.version) == [1])
        #expect(try there.version(ofModel: "iris", 1).attempt == 2)
        let events = try there.events(of: .run(1))
        #expect(events.filter { $0.kind == .resumed || $0.kind == .ended }.count == 2)
        #expect(events.last?.kind == .extended)
        // Again, and back: nothing.
        let dump = registryDump(pair.scratch.path)
        #expect(try pair.push().changedNothing)
        #expect(registryDump(pair.scratch.path) == dump)
        #expect(try pair.pull().changedNothing)
        // The one that was restored is the one to go on from.
        try goOn(1, to: 9_050, there)
        #expect(try pair.pull().runs.map(\.iterationsBefore) == [9_035])
        #expect(try home.run(1).status == .interrupted)
        #expect(try home.verify().findings == [])
        #expect(try there.verify().findings == [])
    }

    @Test("both went on: attempts and versions of both stay, numbers that clash become the next")
    func bothSides() throws {
        let pair = try Pair { try $0.finishedRun(epochs: 2) }
        try goOn(1, to: 30, pair.there, status: .finished)
        try goOn(1, to: 60, pair.home.registry, status: .finished)
        let report = try pair.push()
        #expect(report.runs.map(\.outcome) == [.extended])
        #expect(report.notes == ["iris:2 is iris:3 here, since number 2 is taken"])
        let there = pair.there
        #expect(
            try there.versions(ofRun: 1).map { "\($0.number) \($0.iteration) \($0.attempt ?? 0)" }
                == ["1 20 1", "2 30 2", "3 60 3"])
        #expect(try there.attempts(ofRun: 1).map(\.lastIteration) == [20, 30, 60])
        #expect(try there.attempts(ofRun: 1).allSatisfy { $0.status == .finished })
        #expect(try there.evaluations(ofRun: 1).map(\.version) == [1, 2, 3])
        #expect(try there.run(1).iterations == 60)
        #expect(try there.verify().findings == [])
        #expect(try pair.push().changedNothing)
        // Home gets the version that was made there, and has the longer line already.
        let back = try pair.pull()
        #expect(back.runs.map(\.outcome) == [.alreadyThere])
        #expect(back.versions.filter { $0.outcome == .added }.map(\.number) == [3])
        #expect(try pair.home.registry.verify().findings == [])
        #expect(try pair.pull().changedNothing)
        // Attempts are known by who they are: those that were numbered anew are not taken for others.
        try goOn(1, to: 70, pair.home.registry, status: .finished)
        #expect(try pair.push().runs.map(\.outcome) == [.extended])
        #expect(try there.attempts(ofRun: 1).map(\.lastIteration) == [20, 30, 60, 70])
        #expect(try there.verify().findings == [])
    }

    @Test("an end that came without an iteration, and one of the attempt that was alive when it left")
    func ends() throws {
        let pair = try Pair { _ = try $0.interruptedRun(30) }
        try goOn(1, to: 30, pair.home.registry, status: .finished)
        let report = try pair.push()
        #expect(report.runs.map(\.outcome) == [.extended])
        #expect(report.runs.map(\.iterationsBefore) == [30])
        #expect(try pair.there.run(1).status == .finished)
        #expect(try pair.there.verify().findings == [])
        // One that is only resumed there stays finished here.
        let resumed = try pair.home.registry.resumeRun(1, attempt: plainAttempt)
        #expect(try pair.push().changedNothing)
        #expect(try pair.there.run(1).status == .finished)
        try resumed.close()

        let alive = try Bench()
        let writer = try alive.createRun()
        try writer.commit(RunCommit(losses: losses(1, 15), epochs: [makeEpoch(1)]))
        let (scratch, there) = try Bench.elsewhere()
        defer { withExtendedLifetime(scratch) {} }
        _ = try there.restore(from: alive.registry.taken())
        #expect(try there.run(1).status == .interrupted)
        try writer.commit(RunCommit(losses: losses(16, 18)))
        #expect(try there.restore(from: alive.registry.taken()).runs.map(\.outcome) == [.extended])
        #expect(try there.attempts(ofRun: 1).map(\.lastIteration) == [18])
        let end = try writer.stage(fullKeyframe(18, role: .end), tensors: fullTensors(18))
        try writer.commit(RunCommit(keyframes: [end], end: RunEnd(status: .stopped, reason: "Ctrl-C")))
        try writer.close()
        #expect(try there.restore(from: alive.registry.taken()).runs.map(\.outcome) == [.extended])
        #expect(try there.run(1).status == .stopped)
        #expect(try there.attempts(ofRun: 1).map(\.status) == [.stopped])
        #expect(try there.keyframes(ofRun: 1).map(\.iteration) == [18])
        #expect(try there.restore(from: alive.registry.taken()).changedNothing)
        #expect(try there.verify().findings == [])
    }

    @Test("never one that is alive; a process that was thought dead writes no more")
    func living() throws {
        let pair = try Pair { try $0.interruptedRun(20) }
        try goOn(1, to: 40, pair.home.registry)
        let source = try pair.home.registry.taken()
        let writer = try pair.there.resumeRun(1, attempt: plainAttempt)
        let error = #expect(throws: RegistryError.self) { try pair.there.restore(from: source) }
        guard case .alive(run: 1, _, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        try writer.commit(RunCommit(losses: losses(21, 22)))
        try writer.close()
        #expect(try pair.there.restore(from: source).runs.map(\.iterationsBefore) == [22])
        #expect(try pair.there.verify().findings == [])
        // It holds all that there is: it may live.
        let later = try pair.there.resumeRun(1, attempt: plainAttempt)
        #expect(try pair.there.restore(from: source).changedNothing)
        try later.close()
    }

    @Test("with rollbacks of both, a rollback that was undone, forks of forks and another head")
    func moves() throws {
        let pair = try Pair { bench in
            try bench.finishedRun()
            _ = try bench.rollBack("1@iteration:25")
        }
        let home = pair.home
        // Both undo it, and home goes on; the fork's parents grow with it.
        _ = try pair.there.undoRollback(ofRun: 1)
        _ = try home.registry.undoRollback(ofRun: 1)
        try goOn(1, to: 75, home.registry)
        let fork = try home.fork("1@iteration:60", model: "forked")
        try fork.commit(RunCommit(losses: losses(61, 80), epochs: [makeEpoch(7), makeEpoch(8)]))
        try fork.close()
        let second = try home.fork("2@iteration:70")
        try second.commit(RunCommit(losses: losses(71, 75)))
        try second.close()
        #expect(try pair.push().runs.map(\.outcome) == [.extended, .added, .added])
        #expect(try pair.there.verify().findings == [])
        #expect(try pair.there.run(1).headSegment == 1)
        try goOn(3, to: 90, home.registry)
        try goOn(2, to: 85, home.registry)
        // A rollback behind the end there, and on from it.
        try goOn(1, to: 90, home.registry)
        _ = try home.rollBack("1@iteration:80")
        try goOn(1, to: 99, home.registry)
        _ = try home.pin("1@iteration:85", name: "good")
        _ = try home.registry.setTag("kind", to: "demo", of: .run(1))
        _ = try home.registry.addNote("longer", to: .run(1))
        let report = try pair.push()
        #expect(report.runs.map(\.outcome) == [.extended, .extended, .extended])
        #expect(report.runs.map(\.iterationsBefore) == [75, 80, 75])
        #expect(report.runs.map(\.iterations) == [99, 85, 90])
        let there = pair.there
        #expect(try there.verify().findings == [])
        for run in 1...3 { #expect(try there.losses(ofRun: run) == home.registry.losses(ofRun: run)) }
        #expect(try there.pins(ofRun: 1).map(\.name) == ["good"])
        #expect(try there.tags(of: .run(1)).map(\.value) == ["demo"])
        #expect(try there.notes(of: .run(1)).map(\.text) == ["longer"])
        #expect(try pair.push().changedNothing)
        // What was removed here does not come back with the next.
        _ = try there.unpin(Point(run: 1, lineSegment: 3, iteration: 85, epoch: 8))
        _ = try there.removeTag("kind", of: .run(1))
        try goOn(1, to: 105, home.registry)
        #expect(try pair.push().runs.map(\.outcome) == [.extended, .alreadyThere, .alreadyThere])
        #expect(try there.pins(ofRun: 1).isEmpty && there.tags(of: .run(1)).isEmpty)
        // Each rollback is there once, and can be undone.
        #expect(try there.undoRollback(ofRun: 1).to.iteration == 90)
        #expect(throws: RegistryError.self) { try there.undoRollback(ofRun: 1) }
        #expect(try there.verify().findings == [])
    }

    @Test("lines that part are a conflict, which says where, and nothing is changed")
    func conflicts() throws {
        func check(_ pair: Pair, _ reason: String) throws {
            let dump = registryDump(pair.scratch.path)
            let what = try conflict { _ = try pair.push() }
            #expect(what.hasPrefix("it is here with another history: " + reason), "\(what)")
            #expect(registryDump(pair.scratch.path) == dump)
            #expect(try pair.there.verify().findings == [])
        }
        // Rolled back there, gone on here or not.
        var pair = try Pair { try $0.finishedRun() }
        _ = try pair.home.rollBack("1@iteration:25")
        try check(
            pair,
            "the two differ after iteration 25: here it continues to iteration 50 of segment 1, there to iteration 25 of "
                + "segment 2")
        // Rolled back here, and gone on there.
        pair = try Pair { try $0.finishedRun() }
        _ = try pair.there.rollback(to: Point(run: 1, lineSegment: 1, iteration: 25, epoch: 2))
        try goOn(1, to: 60, pair.home.registry)
        try check(pair, "here it was rolled back to the beginning of segment 2, there it was not")
        // Both, to other places, and to the same place: then that is the one to go on from.
        pair = try Pair { try $0.finishedRun() }
        _ = try pair.there.rollback(to: Point(run: 1, lineSegment: 1, iteration: 25, epoch: 2))
        _ = try pair.home.rollBack("1@iteration:30")
        try goOn(1, to: 60, pair.home.registry)
        try check(pair, "segment 2 begins after iteration 25 here and after iteration 30 there")
        pair = try Pair { try $0.finishedRun() }
        _ = try pair.there.rollback(to: Point(run: 1, lineSegment: 1, iteration: 25, epoch: 2))
        _ = try pair.home.rollBack("1@iteration:25")
        try goOn(1, to: 60, pair.home.registry)
        #expect(try pair.push().runs.map(\.iterationsBefore) == [25])
        #expect(try pair.there.verify().findings == [])
        #expect(try pair.there.undoRollback(ofRun: 1).to.iteration == 50)
        // Other weights at the same place.
        pair = try Pair { try $0.interruptedRun(20) }
        let writer = try pair.home.registry.resumeRun(1, attempt: plainAttempt)
        let end = try writer.stage(fullKeyframe(20, role: .end), tensors: fullTensors(21))
        try writer.commit(RunCommit(losses: losses(21, 25), keyframes: [end]))
        try writer.close()
        let other = try pair.there.resumeRun(1, attempt: plainAttempt)
        try other.commit(RunCommit(keyframes: [other.stage(fullKeyframe(20, role: .end), tensors: fullTensors(20))]))
        try other.close()
        try check(pair, "the keyframe at iteration 20 of segment 1 has other weights")
    }

    @Test("what gc has freed there proves nothing; what it has freed here comes back with the proof")
    func freed() throws {
        let length = 10_000
        let pair = try Pair { try $0.interruptedRun(length) }
        _ = try pair.there.rollback(to: Point(run: 1, lineSegment: 1, iteration: 15, epoch: 1))
        _ = try pair.home.rollBack("1@iteration:15")
        _ = try pair.home.registry.undoRollback(ofRun: 1)
        try goOn(1, to: length + 500, pair.home.registry)
        _ = try pair.home.rollBack("1@iteration:15")
        let whole = try pair.home.registry.taken()
        // Segment 3 continues the beginning of segment 1, whose rest is superseded.
        _ = try pair.home.registry.collectGarbage()
        #expect(try pair.home.registry.segments(ofRun: 1)[0].keptIterations == 4_096)
        let what = try conflict { _ = try pair.push() }
        #expect(
            what.contains(
                "iterations 4097 to 10000 of segment 1 were freed there, so that nothing proves that it continues"),
            "\(what)")
        _ = try pair.there.undoRollback(ofRun: 1)
        _ = try pair.there.rollback(to: Point(run: 1, lineSegment: 1, iteration: 15, epoch: 1))
        _ = try pair.there.collectGarbage()
        let freed = try pair.there.segments(ofRun: 1)
        #expect(freed.map(\.keptIterations) == [4_096, 0, 0])
        let report = try pair.there.restore(from: whole)
        #expect(report.runs.map(\.outcome) == [.extended])
        #expect(try pair.there.segments(ofRun: 1)[0].keptIterations == length + 500)
        #expect(try pair.there.verify().findings == [])
    }

    @Test("weights that went to an archive stay there, unless the source has them")
    func archived() throws {
        let pair = try Pair { try $0.finishedRun(epochs: 2) }
        let contents = Set(
            try pair.there.taken().parts.compactMap { part -> SHA256Digest? in
                if case .content(let digest) = part.name { digest } else { nil }
            })
        let archive = ArchiveName(path: "a", digest: SHA256.hash("a"), bytes: 1)
        let gone = try pair.there.freeWeights(of: .run(1), archivedIn: archive, holding: contents)
        #expect(gone.tensors > 0)
        try goOn(1, to: 40, pair.home.registry, status: .finished)
        let report = try pair.push()
        #expect(report.runs.map(\.outcome) == [.extended])
        #expect(report.tensorsReturned == gone.tensors)
        #expect(try pair.there.verify().findings == [])
    }

    @Test("a source that lies about what comes after is refused whole")
    func forged() throws {
        let pair = try Pair { try $0.interruptedRun(25) }
        try goOn(1, to: 50, pair.home.registry, status: .finished)
        let source = try pair.home.registry.taken()
        let dump = registryDump(pair.scratch.path)
        let forged = [
            source.changingBytes(of: { if case .losses = $0 { true } else { false } }) { $0[4 * 40] ^= 1 },
            source.with(["runs", 0, "segments", 0, "iterations"], 60),
            source.with(["runs", 0, "iterations"], 49), source.with(["runs", 0, "head_segment"], 2),
            source.with(["runs", 0, "keyframes", 1, "attempt"], 9),
        ]
        for (index, source) in forged.enumerated() {
            // The summary is worked out anew, so what a row says of it changes nothing.
            if index == 2 { continue }
            #expect(throws: RegistryError.self, "\(index)") { try pair.there.restore(from: source) }
            #expect(registryDump(pair.scratch.path) == dump, "\(index)")
        }
        #expect(try pair.there.restore(from: source).runs.map(\.outcome) == [.extended])
        #expect(try pair.there.verify().findings == [])
    }
}
