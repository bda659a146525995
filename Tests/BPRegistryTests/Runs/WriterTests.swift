import BPSQLite
import RegistryTestSupport
import Testing

@testable import BPRegistry
@testable import BPStore

@Suite("Recording a run")
struct WriterTests {
    @Test("a run's life: created, recorded, finished, one version, everything read back")
    func life() throws {
        let bench = try Bench()
        let number = try bench.finishedRun()
        let run = try bench.registry.run(number)
        #expect(number == 1)
        #expect(run.status == .finished)
        #expect(run.iterations == 50)
        #expect(run.epochs == 5)
        #expect(run.lastLoss == loss(50))
        #expect(run.epochLoss == loss(5))
        #expect(run.best == .init(epoch: 5, iteration: 50, loss: loss(5) * 2))
        #expect(run.seconds == 0.625)
        #expect(try bench.registry.losses(ofRun: 1) == losses(1, 50))
        #expect(try bench.registry.losses(ofRun: 1, from: 7, to: 9) == losses(7, 9))
        #expect(try bench.registry.epochs(ofRun: 1) == (1...5).map { makeEpoch($0) })
        #expect(try bench.registry.spec(ofRun: 1) == #"{"seed":1}"#)
        #expect(
            try bench.registry.settings(ofRun: 1).map(\.name).sorted() == [
                "learning_rate", "optimizer", "seed", "shuffle",
            ])
        let keyframes = try bench.registry.keyframes(ofRun: 1)
        #expect(keyframes.map(\.role) == [.start, .best, .end])
        #expect(keyframes.map(\.iteration) == [0, 50, 50])
        #expect(keyframes[2].tensors.map(\.name) == ["parameters", "velocity"])
        let version = try bench.registry.version(ofModel: "iris", 1)
        #expect(version.isCurrent)
        #expect(version.run == 1)
        let parameters = try #require(version.weights)
        #expect(try bench.registry.floats(parameters) == (0..<17).map { Float(5_000 + $0) })
        #expect(try bench.registry.evaluations(ofRun: 1).map(\.version) == [1])
        #expect(
            try bench.registry.events().map { "\($0.subject.text) \($0.kind.rawValue)" } == [
                "dataset:\(bench.dataset.hex) stored", "model:iris created", "run:1 created", "run:1 ended",
                "version:iris:1 created", "model:iris current",
            ])
        #expect(try bench.registry.verify().findings == [])
    }

    @Test("a newer best keyframe takes the place of the one before, whose tensor is freed")
    func supersededBest() throws {
        let bench = try Bench()
        let writer = try bench.createRun()
        var stagedTensors: [SHA256Digest] = []
        for epoch in 1...3 {
            let best = try writer.stage(bestKeyframe(10 * epoch), tensors: [weights(10 * epoch)])
            stagedTensors.append(best.tensors[0].digest)
            try writer.commit(
                RunCommit(losses: losses(10 * epoch - 9, 10 * epoch), epochs: [makeEpoch(epoch)], keyframes: [best]))
        }
        #expect(try bench.registry.keyframes(ofRun: 1).map(\.iteration) == [30])
        #expect(throws: RegistryError.self) { try bench.registry.tensor(stagedTensors[0]) }
        #expect(try bench.registry.tensor(stagedTensors[2]).count == 68)
        #expect(try bench.registry.verify().findings == [])
    }

    @Test("losses keep their bits: NaN, the infinities, −0, denormals")
    func bits() throws {
        let bench = try Bench()
        let writer = try bench.createRun(iterationsPerEpoch: 8)
        let odd: [Float] = [
            .nan, -.nan, Float(bitPattern: 0x7F80_0001), .infinity, -.infinity, -0.0, .leastNonzeroMagnitude,
            .greatestFiniteMagnitude,
        ]
        let epoch = EpochRecord(
            epoch: 1, iteration: 8, loss: .nan, validationLoss: -0.0, validationScore: -.infinity, seconds: 0)
        try writer.commit(RunCommit(losses: odd, epochs: [epoch]))
        let nan: UInt32 = 0x7FC0_0000
        let expected = [nan, nan, nan] + odd.dropFirst(3).map(\.bitPattern)
        #expect(try bench.registry.losses(ofRun: 1).map(\.bitPattern) == expected)
        let read = try #require(try bench.registry.epochs(ofRun: 1).first)
        #expect(read.loss.bitPattern == nan)
        #expect(read.validationLoss?.bitPattern == 0x8000_0000)
        #expect(read.validationScore == -.infinity)
        #expect(try bench.registry.run(1).best?.loss.bitPattern == 0x8000_0000)
        #expect(try bench.registry.verify().findings == [])
    }

    @Test("the best epoch is the earliest of the lowest, never one that is not finite")
    func best() throws {
        let bench = try Bench()
        let writer = try bench.createRun(iterationsPerEpoch: 1)
        let validation: [Float] = [.infinity, 3, 2, 2, .nan, -.infinity]
        let epochs = validation.enumerated().map {
            EpochRecord(epoch: $0 + 1, iteration: $0 + 1, loss: 1, validationLoss: $1, seconds: 0)
        }
        try writer.commit(RunCommit(losses: losses(1, 6), epochs: epochs))
        #expect(try bench.registry.run(1).best == .init(epoch: 3, iteration: 3, loss: 2))
        guard case .point(let point) = try bench.registry.resolve(Reference("1.1@best")) else {
            Issue.record("no point")
            return
        }
        #expect(point.iteration == 3)
    }

    /// Until 0.1 an infinity was the best as long as nothing was lower; such rows stay what they are.
    @Test("a best epoch of an infinite loss that an earlier version recorded is sound, and counts as none")
    func infiniteBest() throws {
        let bench = try Bench()
        let writer = try bench.createRun(iterationsPerEpoch: 1)
        func epoch(_ number: Int, _ loss: Float) -> EpochRecord {
            EpochRecord(epoch: number, iteration: number, loss: 1, validationLoss: loss, seconds: 0)
        }
        try writer.commit(RunCommit(losses: losses(1, 2), epochs: [epoch(1, .infinity), epoch(2, .infinity)]))
        #expect(try bench.registry.run(1).best == nil)
        try bench.registry.writing { store in
            var run = try store.runs.need(1)
            (run.bestEpoch, run.bestIteration, run.bestValidationLoss) = (1, 1, .infinity)
            try store.update(run)
            for (name, best) in [("loss", 1), ("val_loss", Double.infinity)] {
                guard var metric = try store.metrics.all(ofRun: 1)[name] else { continue }
                metric.best = best
                try store.update(metric)
            }
        }
        #expect(try bench.registry.verify().findings == [])
        #expect(try bench.registry.run(1).best == nil)
        #expect(bench.failure { _ = try bench.point("1@best") } != nil)
        #expect(try bench.registry.resolveWeights(Reference("1")) == .point(bench.point("1@last")))
        // The next commit renews the row by the rule of today.
        try writer.commit(RunCommit(losses: losses(3, 3), epochs: [epoch(3, .infinity)]))
        #expect(try bench.registry.verify().findings == [])
        let metrics = try bench.registry.metrics(ofRun: 1)
        #expect(metrics.allSatisfy { $0.best == nil })
        try writer.commit(RunCommit(losses: losses(4, 4), epochs: [epoch(4, 7)]))
        #expect(try bench.registry.run(1).best == .init(epoch: 4, iteration: 4, loss: 7))
        #expect(try bench.registry.verify().findings == [])
    }

    @Test("what does not fit what is recorded is refused, and nothing of it stays")
    func conflicts() throws {
        let bench = try Bench()
        let writer = try bench.createRun()
        try writer.commit(RunCommit(losses: losses(1, 10), epochs: [makeEpoch(1)]))
        let records = [
            RunCommit(losses: [1], epochs: [makeEpoch(3)]),
            RunCommit(losses: [1], epochs: [makeEpoch(1)]),
            RunCommit(losses: [1], epochs: [makeEpoch(2)]),
            RunCommit(losses: [1], end: finish(at: 11, epoch: 1)),
            RunCommit(losses: [1], end: RunEnd(status: .running, reason: "")),
            RunCommit(
                losses: [1], keyframes: [StagedKeyframe(id: 99, iteration: 11, tensors: [], bytesWritten: 0, cost: 0)]),
        ]
        for record in records {
            #expect(throws: RegistryError.self) { try writer.commit(record) }
            #expect(try bench.registry.run(1).iterations == 10)
        }
        let ahead = try writer.stage(fullKeyframe(30), tensors: fullTensors(30))
        #expect(throws: RegistryError.self) { try writer.commit(RunCommit(keyframes: [ahead])) }
        #expect(try bench.registry.keyframes(ofRun: 1).isEmpty)
        #expect(try bench.registry.verify().findings == [])
    }

    @Test("staging again what is recorded is no change; other weights at the same place are refused")
    func stagedAgain() throws {
        let bench = try Bench()
        let writer = try bench.createRun()
        let first = try writer.stage(fullKeyframe(0, role: .start), tensors: fullTensors(0))
        try writer.commit(RunCommit(keyframes: [first]))
        let again = try writer.stage(fullKeyframe(0, role: .start), tensors: fullTensors(0))
        #expect(again.bytesWritten == 0)
        try writer.commit(RunCommit(keyframes: [again]))
        #expect(try bench.registry.keyframes(ofRun: 1).count == 1)
        #expect(throws: RegistryError.self) {
            try writer.stage(fullKeyframe(0, role: .start), tensors: fullTensors(1))
        }
    }

    @Test("an ended run takes no more, and ends once")
    func endedOnce() throws {
        let bench = try Bench()
        let writer = try bench.createRun()
        let end = try writer.stage(fullKeyframe(10, role: .end), tensors: fullTensors(10))
        try writer.commit(
            RunCommit(losses: losses(1, 10), epochs: [makeEpoch(1)], keyframes: [end], end: finish(at: 10, epoch: 1)))
        #expect(throws: RegistryError.self) { try writer.commit(RunCommit(losses: [1])) }
        #expect(throws: RegistryError.self) { try writer.commit(RunCommit(end: finish(at: 10, epoch: 1))) }
        #expect(try bench.registry.versions().count == 1)
    }

    @Test("tensors larger than a transaction are written in several, with commits between")
    func large() throws {
        let bench = try Bench()
        let writer = try bench.createRun()
        let floats = (0..<5_000_000).map { Float($0) }
        let tensors = [NewTensor("parameters", floats: floats), NewTensor("velocity", floats: floats)]
        var between = 0
        let staged = try writer.stage(fullKeyframe(0, role: .start), tensors: tensors) { () throws(RegistryError) in
            between += 1
            try writer.commit(RunCommit(losses: [Float(between)]))
            #expect(try bench.registry.keyframes(ofRun: 1).isEmpty)
        }
        #expect(between == 5)
        #expect(staged.bytesWritten == 20_000_000)
        try writer.commit(RunCommit(keyframes: [staged]))
        let keyframe = try #require(try bench.registry.newestFullKeyframeState(ofRun: 1)).keyframe
        #expect(keyframe["parameters"] == keyframe["velocity"])
        #expect(try bench.registry.floats(staged.tensors[0].digest) == floats)
        #expect(try bench.registry.verify().findings == [])
    }
}
