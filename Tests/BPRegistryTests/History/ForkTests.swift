import BPJSON
import RegistryTestSupport
import Testing

@testable import BPRegistry
@testable import BPStore

@Suite("Forking a run")
struct ForkTests {
    @Test("a fork goes on with its parent's iterations and epochs; its own record begins empty")
    func created() throws {
        let bench = try Bench()
        try bench.finishedRun()
        let writer = try bench.fork("1@iteration:33", model: "fork", spec: #"{"seed":2}"#)
        #expect([writer.run, writer.segment, writer.resumedIteration, writer.resumedEpoch] == [2, 1, 33, 3])
        let run = try bench.registry.run(2)
        #expect(run.parent == RunRecord.Parent(run: 1, segment: 1, iteration: 33))
        #expect([run.iterations, run.epochs] == [33, 3])
        #expect([run.epochLoss, run.lastLoss, run.validationLoss] == [nil, nil, nil])
        #expect(run.best == nil)
        #expect(run.seconds == 0)
        let segment = try bench.lastSegment(2)
        #expect(
            [segment.firstIteration, segment.firstEpoch, segment.epochStart, segment.stepOrigin] == [34, 4, 30, 33])
        let created = try bench.lastEvent(.run(2))
        #expect(
            try JSONValue(parsing: created.detailJSON)["parent"] == ["run": 1, "segment": 1, "iteration": 33])
        let start = try writer.stage(fullKeyframe(33, role: .start), tensors: fullTensors(33))
        try writer.commit(RunCommit(losses: losses(34, 40), epochs: [makeEpoch(4)], keyframes: [start]))
        #expect(try bench.registry.keyframe(ofRun: 2, at: 33)?.run == 2)
        let end = try writer.stage(bestKeyframe(40), tensors: [weights(40)])
        try writer.commit(RunCommit(keyframes: [end], end: finish(at: 40, epoch: 4)))
        try writer.close()
        let ended = try bench.registry.run(2)
        #expect(ended.best == RunRecord.Best(epoch: 4, iteration: 40, loss: loss(4) * 2))
        #expect(ended.seconds == 0.125)
        #expect(try bench.registry.versions(ofRun: 2).map(\.name) == ["fork:1"])
        #expect(try bench.registry.losses(ofRun: 2) == losses(1, 40))
        #expect(try bench.registry.verify().findings == [])
    }

    @Test("the best epoch of a fork, and of each of its segments, is one of its own")
    func best() throws {
        let bench = try Bench()
        try bench.finishedRun()
        let writer = try bench.fork("1@last")
        #expect(
            bench.failure { _ = try bench.point("2.1@best") }
                == .notFound(
                    reference: "2.1@best", what: "no epoch has a finite validation loss yet",
                    exists: "2@last is iteration 50", near: ["2@last"]))
        let worse = EpochRecord(epoch: 6, iteration: 60, loss: 9, validationLoss: 9, validationScore: 0, seconds: 1)
        try writer.commit(RunCommit(losses: losses(51, 60), epochs: [worse]))
        #expect(try bench.point("2@best").iteration == 60)
        #expect(try bench.point("2.1@best").iteration == 60)
        try writer.close()
        #expect(try bench.registry.verify().findings == [])
    }

    @Test("the optimizer's steps go on or begin anew, across forks of forks")
    func steps() throws {
        let bench = try Bench()
        try bench.interruptedRun(50)
        for (reference, keeps) in [("1@iteration:33", false), ("2@last", true), ("3@last", false)] {
            let writer = try bench.fork(reference, keepsSteps: keeps)
            try writer.commit(RunCommit(losses: Array(repeating: 1, count: 3)))
            try writer.close()
        }
        let origins = try (1...4).map { try bench.registry.segments(ofRun: $0).map(\.stepOrigin) }
        #expect(origins == [[0], [33], [33], [39]])
        let line = try bench.registry.line(ofRun: 4)
        #expect(line.map(\.run) == [1, 2, 3, 4])
        #expect(line.map(\.last) == [33, 36, 39, 42])
        #expect(line.map(\.stepOrigin) == [0, 33, 33, 39])
        #expect(line.map(\.epochs) == [3, 0, 0, 0])
        #expect(try bench.registry.losses(ofRun: 4) == losses(1, 33) + Array(repeating: 1, count: 9))
        #expect(try bench.registry.verify().findings == [])
    }

    @Test("another number of iterations in an epoch begins only where an epoch ended")
    func lengths() throws {
        let bench = try Bench()
        try bench.interruptedRun(50)
        #expect(
            bench.failure { _ = try bench.fork("1@iteration:33", iterationsPerEpoch: 5) }
                == .conflict(
                    place: "a fork of run 1 after iteration 33",
                    what: "an epoch of 5 iterations instead of 10 can begin only where one ended; "
                        + "epoch 3 ended with iteration 30"))
        #expect(try bench.registry.runs().count == 1)
        let writer = try bench.fork("1@epoch:3", iterationsPerEpoch: 5)
        let epochs = [4, 5].map { EpochRecord(epoch: $0, iteration: 5 * $0 + 15, loss: 1, seconds: 1) }
        try writer.commit(RunCommit(losses: losses(31, 41), epochs: epochs))
        try writer.close()
        #expect(try bench.registry.epochs(ofRun: 2).map(\.iteration) == [10, 20, 30, 35, 40])
        #expect(try bench.point("2@iteration:36").epoch == 4)
        #expect(try bench.registry.verify().findings == [])
        // From within an epoch of the fork, on its own grid.
        let second = try bench.fork("2@iteration:37", iterationsPerEpoch: 5)
        try second.close()
        let segment = try bench.lastSegment(3)
        #expect([segment.firstEpoch, segment.epochStart] == [5, 35])
        #expect(try bench.registry.verify().findings == [])
    }

    @Test("a fork is rolled back within its own part, not into its parent's")
    func rollback() throws {
        let bench = try Bench()
        try bench.interruptedRun(50)
        let writer = try bench.fork("1@iteration:33")
        try writer.commit(RunCommit(losses: losses(34, 45), epochs: [makeEpoch(4)]))
        try writer.close()
        #expect(
            bench.failure { _ = try bench.rollBack("2@iteration:32") }
                == .conflict(
                    place: "run 2", what: "iteration 32 is of run 1, from which it was forked after iteration 33"))
        _ = try bench.rollBack("2@iteration:33")
        #expect(try bench.registry.line(ofRun: 2).map(\.segment) == [1, 1, 2])
        #expect(try bench.registry.run(2).lastLoss == nil)
        #expect(try bench.registry.verify().findings == [])
        _ = try bench.rollBack("2.1@iteration:41")
        #expect(try bench.registry.run(2).epochs == 4)
        _ = try bench.registry.undoRollback(ofRun: 2)
        _ = try bench.registry.undoRollback(ofRun: 2)
        #expect(try bench.registry.run(2).iterations == 45)
        #expect(try bench.registry.verify().findings == [])
    }

    @Test("a live run is forked; what it does later does not change the fork, nor does its rollback")
    func live() throws {
        let bench = try Bench()
        let parent = try bench.createRun()
        try parent.commit(RunCommit(losses: losses(1, 20), epochs: [makeEpoch(1)]))
        let fork = try bench.fork("1@last")
        #expect([fork.resumedIteration, fork.resumedEpoch] == [20, 1])
        try parent.commit(RunCommit(losses: losses(21, 5_000), epochs: (2...500).map { makeEpoch($0) }))
        try parent.close()
        try fork.commit(RunCommit(losses: [1, 1], epochs: [makeEpoch(2)]))
        try fork.close()
        #expect(try bench.registry.losses(ofRun: 2) == losses(1, 20) + [1, 1])
        #expect(try bench.registry.epochs(ofRun: 2).map(\.epoch) == [1, 2])
        #expect(try bench.registry.run(2).epochs == 2)
        _ = try bench.rollBack("1@iteration:3")
        #expect(try bench.registry.losses(ofRun: 2) == losses(1, 20) + [1, 1])
        #expect(try bench.registry.verify().findings == [])
    }

    @Test("a fork from nowhere is refused")
    func nowhere() throws {
        let bench = try Bench()
        try bench.interruptedRun(20)
        for (run, segment, iteration) in [(2, 1, 0), (1, 2, 0), (1, 1, 21), (1, 1, -1)] {
            var new = bench.newRun(model: "new")
            let point = Point(run: run, lineSegment: segment, iteration: iteration, epoch: 0)
            new.fork = NewRun.Fork(parent: point, keepsSteps: true)
            guard case .notFound? = bench.failure({ _ = try bench.registry.createRun(new) }) else {
                Issue.record("run \(run), segment \(segment), iteration \(iteration) was not refused")
                continue
            }
        }
        #expect(try bench.registry.runs().count == 1)
        #expect(try bench.registry.models().count == 1)
    }
}
