import BPCore
import BPData
import BPRegistry
import Foundation
import TestSupport
import Testing

@testable import BPTraining

@Suite("Forks")
struct ForkTests {
    /// A registry with run 1 of 8 epochs of 8 iterations, Adam.
    private func withParent(
        _ change: (inout TrainingOptions) -> Void = { _ in }, _ body: (Registry, TrainingPlan) throws -> Void
    ) throws {
        try withTemporaryDirectory(inMemory: true) { folder in
            let registry = try Registry.open(at: "\(folder)/r.sqlite", for: .creating)
            let plan = try TrainingPlan(Fixture.classes(), options: Fixture.options(change))
            _ = try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(8)).train()
            try body(registry, plan)
        }
    }

    private func fork(
        _ reference: String, in registry: Registry, table: Table? = nil, epochs: Int = 8,
        _ change: (inout TrainingOptions) -> Void = { _ in }
    ) throws -> TrainingOutcome {
        var options = TrainingOptions()
        change(&options)
        let plan = try TrainingPlan(forking: Reference(reference), in: registry, options: options, table: table)
        return try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(epochs)).train()
    }

    @Test(
        "Without changes it goes on as its parent did, from any iteration",
        arguments: [Optimizer.Name.sgd, .momentum, .adam], [0, 1, 7, 8, 20, 63])
    func unchanged(rule: Optimizer.Name, iteration: Int) throws {
        try withParent({ $0.optimizer = rule }) { registry, _ in
            let outcome = try fork("1@iteration:\(iteration)", in: registry)
            #expect(outcome.run == 2)
            let losses = try [1, 2].map { try registry.losses(ofRun: $0).map(\.bitPattern) }
            #expect(losses[0] == losses[1])
            let last = try ["1@last", "2@last"].map { try LoadedModel(Reference($0), in: registry).weightsSHA256 }
            #expect(last[0] == last[1])
            let epochs = try [1, 2].map { run in
                try registry.epochs(ofRun: run).map { [$0.epoch, $0.iteration, Int($0.loss.bitPattern)] }
            }
            #expect(epochs[0] == epochs[1])
            let findings = try registry.verify().findings
            #expect(findings == [])
            let audit = try Audit(run: 2, in: registry).run()
            #expect(audit.isReproduced)
            #expect(audit.iterations == 64)
        }
    }

    @Test(
        "With decay and a schedule too, in which it stands where its parent stood",
        arguments: Schedule.Name.allCases, [3, 16, 30])
    func scheduled(name: Schedule.Name, iteration: Int) throws {
        func change(_ options: inout TrainingOptions) {
            (options.optimizer, options.weightDecay) = (.adamw, 0.05)
            Fixture.schedule(name, &options)
        }
        try withParent(change) { registry, _ in
            _ = try fork("1@iteration:\(iteration)", in: registry)
            let losses = try [1, 2].map { try registry.losses(ofRun: $0).map(\.bitPattern) }
            #expect(losses[0] == losses[1])
            let last = try ["1@last", "2@last"].map { try LoadedModel(Reference($0), in: registry).weightsSHA256 }
            #expect(last[0] == last[1])
        }
    }

    @Test("A schedule that is asked for begins with its first epoch; another rate alone begins nothing")
    func newSchedule() throws {
        try withParent { registry, _ in
            _ = try fork("1@epoch:3", in: registry) { Fixture.schedule(.cosine, &$0) }
            let spec = try RecordedRun(registry, run: 2).spec
            let rates = (4...11).map { spec.learningRate(epoch: $0) }
            #expect(rates[0] == 0.005 * (1.0 / 3) && rates[2] == 0.005 && rates[6] == 0.001 && rates[7] == 0.001)
            _ = try fork("2@epoch:5", in: registry) { $0.learningRate = 0.002 }
            let third = try RecordedRun(registry, run: 3).spec
            #expect(third.schedule == spec.schedule)
            #expect(third.learningRate(epoch: 6) == 0.002 && third.learningRate(epoch: 10) == 0.001)
            let audit = try Audit(run: 3, in: registry).run()
            #expect(audit.isReproduced)
        }
    }

    /// Iterations 1 to 24 of run 1, of 8 epochs of 8 iterations, the end of the third epoch not being recorded yet.
    private func withRunningParent(
        _ body: (Registry, _ parent: TrainingSession, _ third: EpochRecord) throws -> Void
    ) throws {
        try withTemporaryDirectory(inMemory: true) { folder in
            let plan = try TrainingPlan(Fixture.classes(), options: Fixture.options())
            let straight = try Registry.open(at: "\(folder)/straight.sqlite", for: .creating)
            _ = try TrainingSession.start(plan, in: straight, attempt: Fixture.attempt(8)).train()
            let epochs = try straight.epochs(ofRun: 1)
            let registry = try Registry.open(at: "\(folder)/r.sqlite", for: .creating)
            let parent = try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(8))
            let losses = try straight.losses(ofRun: 1, to: 24)
            try parent.writer.commit(RunCommit(losses: losses, epochs: Array(epochs.prefix(2))))
            try body(registry, parent, epochs[2])
        }
    }

    @Test(
        "The parent, alive, may record the end of the epoch at which the fork begins before the fork is made",
        arguments: [false, true])
    func epochRecordedMeanwhile(withKeyframe: Bool) throws {
        try withRunningParent { registry, parent, third in
            let plan = try TrainingPlan(forking: Reference("1@last"), in: registry, options: TrainingOptions())
            var record = RunCommit(epochs: [third])
            if withKeyframe {
                let state = try PointState(Reference("1@last"), in: registry)
                let keyframe = NewKeyframe(iteration: 24, epoch: 3, kind: .full, role: .spaced, optimizerStep: 24)
                record.keyframes = [try parent.writer.stage(keyframe, tensors: state.tensors)]
            }
            try parent.writer.commit(record)
            _ = try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(8)).train()
            let found = try registry.epochs(ofRun: 2, from: 3, to: 3).map { [$0.iteration, Int($0.loss.bitPattern)] }
            #expect(found == [[24, Int(third.loss.bitPattern)]])
            let findings = try registry.verify().findings
            #expect(findings == [])
            let audit = try Audit(run: 2, in: registry).run()
            #expect(audit.isReproduced, "\(String(describing: audit.difference))")
        }
    }

    @Test("Where a fork with another rule begins, the state is its own, also when it is pinned or forked there")
    func beginning() throws {
        try withParent({ $0.optimizer = .sgd }) { registry, _ in
            _ = try fork("1@epoch:3", in: registry) { $0.optimizer = .adam }
            let pin = try PointState(Reference("2@epoch:3"), in: registry).pin(named: nil, in: registry)
            #expect(pin.run == 2 && pin.segment == 1 && pin.iteration == 24)
            // From where run 2 begins, with its memory and its count of steps.
            _ = try fork("2@epoch:3", in: registry)
            let losses = try [2, 3].map { try registry.losses(ofRun: $0).map(\.bitPattern) }
            #expect(losses[0] == losses[1])
            _ = try fork("2@epoch:3", in: registry) { $0.optimizer = .sgd }
            for run in 1...4 {
                let audit = try Audit(run: run, in: registry).run()
                #expect(audit.isReproduced, "\(String(describing: audit.difference))")
            }
            let findings = try registry.verify().findings
            #expect(findings == [])
            guard case .point(let point) = try registry.resolve(Reference("2@epoch:3")) else { return }
            let unpinned = try registry.unpin(point)
            #expect(unpinned == pin)
        }
    }

    @Test("A budget of keyframes is one run's: those of the parent do not count")
    func budget() throws {
        try withParent { registry, _ in
            let plan = try TrainingPlan(forking: Reference("1@epoch:3"), in: registry, options: TrainingOptions())
            let session = try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(8))
            #expect(try !registry.keyframes(ofRun: 2).isEmpty)
            #expect(try session.ownKeyframes().isEmpty)
            _ = try session.train()
            #expect(try session.ownKeyframes().map(\.run).allSatisfy { $0 == 2 })
        }
    }

    @Test("Where only the hash of the data is kept, and they were moved, the file named is the parent's too")
    func movedData() throws {
        try withTemporaryDirectory { folder in
            let table = try Fixture.classes()
            let header = table.columns.map(\.name).joined(separator: ",")
            let rows = (0..<table.rowCount).map { row in table.columns.map { $0.text(at: row) }.joined(separator: ",") }
            let (path, moved) = ("\(folder)/points.csv", "\(folder)/moved.csv")
            try ([header] + rows).joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
            let plan = try TrainingPlan(CSVReader().read(path: path), options: Fixture.options())
            let registry = try Registry.open(at: "\(folder)/r.sqlite", for: .creating)
            _ = try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(6), datasetLimit: 100).train()
            let fork = try TrainingPlan(forking: Reference("1@epoch:3"), in: registry, options: TrainingOptions())
            // Killed before its first keyframe, which it needs its parent for.
            try TrainingSession.start(fork, in: registry, attempt: Fixture.attempt(6), datasetLimit: 100).writer.close()
            try FileManager.default.moveItem(atPath: path, toPath: moved)
            guard case .session(let resumed) = try TrainingSession.resume(2, in: registry, file: DataFile(path: moved))
            else {
                Issue.record("there were three epochs left")
                return
            }
            #expect(try resumed.train().status == .finished)
            let audit = try Audit(run: 2, in: registry, file: DataFile(path: moved)).run()
            #expect(audit.isReproduced && audit.iterations == 48)
        }
    }

    @Test("Its rate is its own, and the optimizer goes on with its memory and its count of steps")
    func rate() throws {
        try withParent { registry, plan in
            _ = try fork("1@iteration:20", in: registry) { $0.learningRate = 0.02 }
            // The same by hand: the parent's state after 20 updates, then steps 21, 22, … at the other rate.
            var spec = plan.spec
            spec.optimizer = .adam(learningRate: 0.02, beta1: 0.9, beta2: 0.999, epsilon: 1e-8)
            let parent = try RecordedRun(registry, run: 1).replay(to: 20, segment: 1, threads: 1).loop
            let compute = try Compute(threads: 1, instructionSet: .portable)
            let loop = try TrainingLoop(spec: spec, data: plan.data, compute: compute)
            try loop.trainer.setParameters(parent.trainer.parameters)
            for index in 0..<2 { try loop.trainer.setSlot(index, parent.trainer.slot(index)) }
            loop.enter(parent.state)
            var listener = LossListener()
            _ = try loop.run(until: 8, listener: &listener)
            let recorded = try registry.losses(ofRun: 2, from: 21).map(\.bitPattern)
            #expect(recorded == listener.losses.map(\.bitPattern))
            let hash = try LoadedModel(Reference("2@last"), in: registry).weightsSHA256
            #expect(hash == weightsHash(loop.trainer.parameters))
        }
    }

    @Test("Another rule begins without memory and counts its steps from 1")
    func rule() throws {
        try withParent { registry, plan in
            let outcome = try fork("1@epoch:3", in: registry) { $0.optimizer = .momentum }
            let segment = try #require(registry.segments(ofRun: outcome.run).first)
            #expect(segment.stepOrigin == 24)
            #expect(segment.firstIteration == 25)
            let start = try #require(registry.keyframes(ofRun: 2).first { $0.run == 2 && $0.role == .start })
            #expect(start.optimizerStep == 0)
            let velocity = try registry.floats(#require(start["velocity"]))
            #expect(velocity.allSatisfy { $0 == 0 })
            let spec = try RecordedRun(registry, run: 2).spec
            #expect(spec.optimizer == .momentum(learningRate: 0.03, momentum: 0.9))
        }
    }

    @Test("Killed before its first commit, it takes its parent's state over when it is resumed")
    func killed() throws {
        try withParent { registry, _ in
            _ = try fork("1@iteration:20", in: registry) { $0.learningRate = 0.02 }
            let plan = try TrainingPlan(
                forking: Reference("1@iteration:20"), in: registry,
                options: {
                    var options = TrainingOptions(); options.learningRate = 0.02; return options
                }())
            let session = try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(8))
            try session.writer.close()
            let keyframes = try registry.keyframes(ofRun: 3).filter { $0.run == 3 }
            #expect(keyframes == [])
            guard case .session(let resumed) = try TrainingSession.resume(3, in: registry) else {
                Issue.record("it can be resumed")
                return
            }
            _ = try resumed.train()
            let (second, third) = (try RunContent(2, in: registry), try RunContent(3, in: registry))
            #expect(second.losses == third.losses)
            #expect(second.last == third.last)
            let audit = try Audit(run: 3, in: registry).run()
            #expect(audit.isReproduced)
        }
    }

    @Test("Other rows, another batch size, another seed begin where an epoch ends, with epochs of their own length")
    func otherEpochs() throws {
        try withParent { registry, _ in
            let outcome = try fork("1@epoch:3", in: registry, table: Fixture.classes(rows: 150, seed: 5)) {
                $0.batchSize = .rows(10)
                $0.seed = 4
            }
            #expect(outcome.status == .finished)
            let line = try registry.line(ofRun: 2)
            let own = try #require(line.last)
            #expect(own.first == 25)
            #expect(own.firstEpoch == 4)
            #expect(own.iterationsPerEpoch != 8)
            let epochs = try registry.epochs(ofRun: 2)
            #expect(epochs.map(\.epoch) == Array(1...8))
            #expect(epochs[3].iteration == 24 + own.iterationsPerEpoch)
            let audit = try Audit(run: 2, in: registry).run()
            #expect(audit.isReproduced)
            // Any of its iterations, and any of its parent's, can be restored by its name.
            for (one, other) in [("2@iteration:17", "1@iteration:17"), ("2@iteration:24", "1@iteration:24")] {
                let (mine, parents) = (
                    try LoadedModel(Reference(one), in: registry), try LoadedModel(Reference(other), in: registry)
                )
                #expect(mine.weightsSHA256 == parents.weightsSHA256)
            }
            _ = try LoadedModel(Reference("2@iteration:31"), in: registry)
            // A fork of the fork, and one of what it has from its parent.
            #expect(try fork("2@iteration:30", in: registry) { $0.learningRate = 0.1 }.status == .finished)
            #expect(try registry.run(3).parent?.run == 2)
            #expect(try fork("2@iteration:10", in: registry).status == .finished)
            #expect(try registry.run(4).parent?.run == 1)
            let whole = try Audit(run: 3, in: registry).run()
            #expect(whole.isReproduced)
            let findings = try registry.verify().findings
            #expect(findings == [])
        }
    }

    @Test("It can be rolled back and resumed itself, as far as where it began")
    func rolledBack() throws {
        try withParent { registry, _ in
            _ = try fork("1@iteration:20", in: registry) { $0.learningRate = 0.02 }
            let before = try RunContent(2, in: registry)
            for iteration in [33, 20] {
                guard case .point(let point) = try registry.resolve(Reference("2@iteration:\(iteration)")) else {
                    return
                }
                _ = try registry.rollback(to: point)
                guard case .session(let session) = try TrainingSession.resume(2, in: registry) else { return }
                _ = try session.train()
                let after = try RunContent(2, in: registry)
                #expect(after == before)
            }
            guard case .point(let point) = try registry.resolve(Reference("2@iteration:19")) else { return }
            #expect(throws: RegistryError.self) { try registry.rollback(to: point) }
        }
    }

    @Test("What would make another network or another task of it is refused, and nothing is written")
    func refused() throws {
        try withParent { registry, _ in
            func refuses(
                _ reference: String = "1@epoch:3", table: Table? = nil,
                change: (inout TrainingOptions) -> Void = { _ in }
            ) throws -> TrainingError? {
                do {
                    _ = try fork(reference, in: registry, table: table, change)
                } catch let error as TrainingError { return error }
                return nil
            }
            guard
                case .cannotFork(1, let changes)? = try refuses(change: {
                    ($0.hidden, $0.loss) = ([9], .halfSquaredError)
                })
            else {
                Issue.record("another network")
                return
            }
            #expect(changes.map(\.name) == ["hidden", "loss"])
            guard
                case .notAtEpochEnd(let point, ["batch size", "seed"], 2)? = try refuses(
                    "1@iteration:20", change: { ($0.seed, $0.batchSize) = (3, .rows(4)) })
            else {
                Issue.record("inside an epoch")
                return
            }
            #expect(point.iteration == 20)
            guard case .otherColumns(1, let missing, let other)? = try refuses(table: Fixture.numbers()) else {
                Issue.record("other columns")
                return
            }
            #expect(missing == ["shape", "kind"])
            #expect(other == [])
            guard case .setting(name: "batch size", _, _)? = try refuses(change: { $0.batchSize = .rows(5_000) }) else {
                Issue.record("a batch beyond the rows")
                return
            }
            let unsuited = try refuses(change: { ($0.optimizer, $0.beta1) = (.sgd, 0.5) })
            guard case .setting(name: "beta1", _, _)? = unsuited else {
                Issue.record("a number that the rule has not")
                return
            }
            #expect(throws: TrainingError.self) { try fork("1@epoch:5", in: registry, epochs: 5) }
            #expect(throws: RegistryError.self) { try registry.resolve(Reference("1@iteration:65")) }
            #expect(try registry.runs().count == 1)
        }
    }
}

/// Keeps the losses.
struct LossListener: TrainingListener {
    var losses: [Float] = []
    private let span = LossSpan()
    func room(_ most: Int, in loop: TrainingLoop) -> UnsafeMutableBufferPointer<Float> { span.room(most) }
    mutating func iterations(from first: Int, losses: UnsafeBufferPointer<Float>) -> Bool {
        self.losses += losses
        return false
    }
    func epoch(_ epoch: EpochRecord, isBest: Bool, in loop: TrainingLoop) {}
    func pause(_ loop: TrainingLoop) -> Bool { false }
}
