import BPJSON
import RegistryTestSupport
import Testing

@testable import BPRegistry
@testable import BPStore

@Suite("Rolling a run back")
struct RollbackTests {
    /// What a rollback changes, and what an undo must bring back.
    private struct State: Equatable {
        let head: Int
        let iterations: Int
        let epochs: Int
        let loss: Float?
        let lastLoss: Float?
        let best: RunRecord.Best?
        let seconds: Double
        let status: RunStatus
        let reason: String?
        let ended: Int64?
        let losses: [Float]
        let recorded: [EpochRecord]
        let metrics: [MetricRecord]

        init(_ registry: Registry, _ number: Int) throws {
            let run = try registry.run(number)
            (head, iterations, epochs) = (run.headSegment, run.iterations, run.epochs)
            (loss, lastLoss, best, seconds) = (run.epochLoss, run.lastLoss, run.best, run.seconds)
            (status, reason, ended) = (run.status, run.reason, run.ended)
            losses = try registry.losses(ofRun: number)
            recorded = try registry.epochs(ofRun: number)
            metrics = try registry.metrics(ofRun: number)
        }
    }

    private func findings(_ bench: Bench) throws -> [VerifyReport.Finding] { try bench.registry.verify().findings }

    @Test("to an epoch's end: the head moves, the summary is that of the line, what came after stays readable")
    func toEpoch() throws {
        let bench = try Bench()
        try bench.finishedRun()
        let move = try bench.rollBack("1@epoch:3")
        #expect(move.from == HeadMove.Place(segment: 1, iteration: 50, epoch: 5))
        #expect(move.to == HeadMove.Place(segment: 2, iteration: 30, epoch: 3))
        let run = try bench.registry.run(1)
        #expect(run.headSegment == 2)
        #expect([run.segmentCount, run.iterations, run.epochs, run.attemptCount] == [2, 30, 3, 1])
        #expect([run.epochLoss, run.lastLoss, run.validationLoss] == [loss(3), loss(30), loss(3) * 2])
        #expect(run.best == RunRecord.Best(epoch: 3, iteration: 30, loss: loss(3) * 2))
        #expect(run.seconds == 0.375)
        #expect(run.status == .stopped)
        #expect(run.reason == "rolled back to iteration 30")
        let segment = try bench.lastSegment(1)
        #expect(
            [segment.firstIteration, segment.firstEpoch, segment.epochStart, segment.stepOrigin] == [31, 4, 30, 0])
        #expect(try bench.registry.losses(ofRun: 1) == losses(1, 30))
        #expect(try bench.registry.losses(ofRun: 1, segment: 1) == losses(1, 50))
        #expect(try bench.registry.metrics(ofRun: 1).map(\.name) == ["loss", "val_loss", "val_score"])
        let event = try bench.lastEvent(.run(1))
        #expect(event.kind == "rolled-back")
        #expect(
            event.detailJSON
                == #"{"from":{"ended":\#(try bench.ended(1)),"epoch":5,"iteration":50,"reason":"epoch limit","#
                + #""segment":1,"status":"finished"},"to":{"epoch":3,"iteration":30,"segment":2}}"#)
        #expect(try findings(bench) == [])
        try bench.goOn(1, by: 25)
        #expect(try bench.registry.run(1).iterations == 55)
        #expect(try bench.registry.epochs(ofRun: 1).map(\.epoch) == [1, 2, 3, 4, 5])
        #expect(try findings(bench) == [])
    }

    @Test(
        "to anywhere: within an epoch, within a block, the first weights, one before the end",
        arguments: [0, 1, 9, 10, 11, 4_095, 4_096, 4_097, 5_000, 8_191, 8_192, 8_999])
    func toAnywhere(_ iteration: Int) throws {
        let bench = try Bench()
        try bench.interruptedRun(9_000)
        let before = try State(bench.registry, 1)
        _ = try bench.rollBack("1@iteration:\(iteration)")
        let run = try bench.registry.run(1)
        #expect([run.iterations, run.epochs] == [iteration, iteration / 10])
        #expect(run.lastLoss == (iteration == 0 ? nil : loss(iteration)))
        #expect(try bench.registry.losses(ofRun: 1) == losses(1, iteration))
        #expect(try findings(bench) == [])
        try bench.goOn(1, by: 21)
        #expect(try bench.registry.losses(ofRun: 1) == losses(1, iteration) + Array(repeating: 2, count: 21))
        #expect(try bench.registry.epochs(ofRun: 1).map(\.epoch) == Array(1..<((iteration + 21) / 10 + 1)))
        #expect(try findings(bench) == [])
        _ = try bench.registry.undoRollback(ofRun: 1)
        #expect(try State(bench.registry, 1) == before)
        #expect(try findings(bench) == [])
    }

    @Test("a point of a superseded line, and back and forth between lines")
    func superseded() throws {
        let bench = try Bench()
        try bench.interruptedRun(50)
        _ = try bench.rollBack("1@iteration:25")
        try bench.goOn(1, by: 30)
        let move = try bench.rollBack("1.1@iteration:47")
        #expect(move.to == HeadMove.Place(segment: 3, iteration: 47, epoch: 4))
        let line = try bench.registry.line(ofRun: 1)
        #expect(line.map(\.segment) == [1, 3])
        #expect(line.map(\.last) == [47, 47])
        #expect(line.map(\.epochs) == [4, 0])
        _ = try bench.rollBack("1.2@iteration:26")
        #expect(try bench.registry.line(ofRun: 1).map(\.segment) == [1, 2, 4])
        #expect(try bench.registry.losses(ofRun: 1) == losses(1, 25) + [2])
        _ = try bench.rollBack("1.2@iteration:25")
        #expect(try bench.registry.line(ofRun: 1).map(\.segment) == [1, 5])
        #expect(try findings(bench) == [])
    }

    @Test("undo is a stack; what was recorded since is superseded, and nothing is left to undo at its end")
    func undo() throws {
        let bench = try Bench()
        try bench.finishedRun()
        var states = [try State(bench.registry, 1)]
        for reference in ["1@epoch:4", "1@iteration:33", "1@iteration:0"] {
            _ = try bench.rollBack(reference)
            states.append(try State(bench.registry, 1))
        }
        try bench.goOn(1, by: 12)
        for segment in [3, 2] {
            #expect(try bench.registry.undoRollback(ofRun: 1).to.segment == segment)
            states.removeLast()
            #expect(try State(bench.registry, 1) == states.last)
            #expect(try findings(bench) == [])
        }
        // A rollback after an undo is the next to be undone.
        _ = try bench.rollBack("1.4@iteration:11")
        #expect(try bench.registry.line(ofRun: 1).map(\.segment) == [1, 4, 5])
        #expect(try bench.registry.undoRollback(ofRun: 1).to.segment == 2)
        #expect(try State(bench.registry, 1) == states.last)
        #expect(try bench.registry.undoRollback(ofRun: 1).to.segment == 1)
        #expect(try State(bench.registry, 1) == states.first)
        #expect(
            bench.failure { _ = try bench.registry.undoRollback(ofRun: 1) }
                == .notFound(
                    reference: "1", what: "no rollback to undo", exists: "each rollback of it is undone", near: []))
        let last = try bench.lastEvent(.run(1))
        #expect(last.kind == "rollback-undone")
        #expect(try JSONValue(parsing: last.detailJSON)["to"]?["segment"] == 1)
        #expect(try findings(bench) == [])
    }

    @Test("what cannot be rolled back is refused, and changes nothing")
    func refused() throws {
        let bench = try Bench()
        let writer = try bench.createRun()
        try writer.commit(RunCommit(losses: losses(1, 20), epochs: [makeEpoch(1), makeEpoch(2)]))
        let point = try bench.point("1@iteration:5")
        let owner = bench.world.environment.owner()
        #expect(
            bench.failure { _ = try bench.registry.rollback(to: point) }
                == .alive(run: 1, owner: owner, sign: .process(isOwn: true)))
        #expect(
            bench.failure { _ = try bench.registry.undoRollback(ofRun: 1) }
                == .alive(run: 1, owner: owner, sign: .process(isOwn: true)))
        try writer.close()
        let before = try bench.registry.run(1)
        #expect(
            bench.failure { _ = try bench.registry.undoRollback(ofRun: 1) }
                == .notFound(reference: "1", what: "no rollback to undo", exists: "it was never rolled back", near: []))
        #expect(
            bench.failure { _ = try bench.rollBack("1@last") }
                == .conflict(place: "run 1", what: "it is at iteration 20 of this line already"))
        let beyond = Point(run: 1, lineSegment: 1, iteration: 21, epoch: 2)
        #expect(
            bench.failure { _ = try bench.registry.rollback(to: beyond) }
                == .notFound(
                    reference: "1.1@iteration:21", what: "no such iteration",
                    exists: "iterations 0 to 20 are recorded", near: ["1@last"]))
        for (run, segment, iteration) in [(2, 1, 0), (1, 2, 0), (1, 1, -1)] {
            let nowhere = Point(run: run, lineSegment: segment, iteration: iteration, epoch: 0)
            guard case .notFound? = bench.failure({ _ = try bench.registry.rollback(to: nowhere) }) else {
                Issue.record("run \(run), segment \(segment), iteration \(iteration) was not refused")
                continue
            }
        }
        #expect(try bench.registry.run(1) == before)
        _ = try bench.rollBack("1@iteration:7")
        #expect(
            bench.failure { _ = try bench.rollBack("1@last") }
                == .conflict(place: "run 1", what: "it is at iteration 7 of this line already"))
        #expect(bench.failure { _ = try bench.rollBack("1.1@iteration:7") } != nil)
        #expect(try findings(bench) == [])
    }

    @Test("a run whose process died: its attempt ends, what it staged is gone, and it can write no more")
    func killed() throws {
        let bench = try Bench()
        let writer = try bench.createRun()
        try writer.commit(RunCommit(losses: losses(1, 20), epochs: [makeEpoch(1), makeEpoch(2)]))
        _ = try writer.stage(fullKeyframe(20), tensors: fullTensors(20))
        bench.world.kill(100)
        bench.world.become(101)
        _ = try bench.rollBack("1@iteration:15")
        #expect(try bench.registry.attempts(ofRun: 1).map(\.status) == [.interrupted])
        #expect(try bench.registry.reading { try $0.rows(.keyframe).count } == 0)
        #expect(
            bench.failure { try writer.commit(RunCommit(losses: [1])) } == .fencingLost(run: 1, held: 1, found: 2))
        try writer.close()
        #expect(try findings(bench) == [])
        #expect(try bench.registry.undoRollback(ofRun: 1).to.iteration == 20)
        #expect(try bench.registry.run(1).status == .interrupted)
        #expect(try findings(bench) == [])
    }

    @Test("a run of which the end of an epoch is not recorded, though its iterations are")
    func unrecordedEpoch() throws {
        let bench = try Bench()
        let writer = try bench.createRun()
        try writer.commit(RunCommit(losses: losses(1, 25), epochs: [makeEpoch(1)]))
        try writer.close()
        _ = try bench.rollBack("1@iteration:20")
        let segment = try bench.lastSegment(1)
        #expect([segment.firstEpoch, segment.epochStart] == [2, 10])
        #expect(try bench.registry.run(1).epochs == 1)
        try bench.goOn(1, by: 15)
        #expect(try bench.registry.epochs(ofRun: 1).map(\.epoch) == [1, 2, 3])
        #expect(try bench.point("1@epoch:2") == bench.point("1@iteration:20"))
        #expect(try findings(bench) == [])
        // Recorded in the first segment after all, it is told once on either line.
        _ = try bench.registry.undoRollback(ofRun: 1)
        try bench.goOn(1, by: 10)
        #expect(try bench.registry.epochs(ofRun: 1).map(\.epoch) == [1, 2, 3])
        #expect(try bench.registry.epochs(ofRun: 1, segment: 2).map(\.epoch) == [1, 2, 3])
        let seen = try bench.registry.withStore { store in
            try store.connection.all("SELECT epoch FROM epochs WHERE run = 1 ORDER BY epoch", as: Int.self)
        }
        #expect(seen == [1, 2, 3])
        #expect(try bench.registry.line(ofRun: 1, segment: 2).map(\.epochs) == [1, 2])
        #expect(try findings(bench) == [])
        _ = try bench.rollBack("1.2@iteration:20")
        #expect(try bench.registry.run(1).epochs == 1)
        let line = try bench.registry.withStore { store in
            try store.connection.all("SELECT epoch FROM epochs WHERE run = 1", as: Int.self)
        }
        #expect(line == [1], "what the first segment recorded later is not of this line")
        #expect(try findings(bench) == [])
    }

    @Test("versions and their origin stay as they are")
    func versions() throws {
        let bench = try Bench()
        try bench.finishedRun()
        let before = try bench.registry.versions()
        _ = try bench.rollBack("1@iteration:12")
        #expect(try bench.registry.versions() == before)
        #expect(try bench.registry.evaluations(ofRun: 1).count == 1)
    }

    @Test("a run that goes on after a rollback to where it was measured keeps what was measured there")
    func measured() throws {
        let bench = try Bench()
        try bench.finishedRun()
        try bench.goOn(1, by: 20)
        _ = try bench.rollBack("1@iteration:50")
        #expect(
            try bench.registry.metrics(ofRun: 1).map(\.name) == [
                "loss", "test_accuracy", "test_loss", "val_loss", "val_score",
            ])
        #expect(try findings(bench) == [])
    }
}

extension Bench {
    /// When a run ended.
    fileprivate func ended(_ run: Int) throws -> Int64 {
        let events = try registry.events(of: Subject.run(run))
        return try #require(events.first { $0.kind == "ended" }).at
    }
}
