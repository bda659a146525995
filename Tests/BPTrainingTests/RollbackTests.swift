import BPCore
import BPData
import BPRegistry
import TestSupport
import Testing

@testable import BPTraining

@Suite("Rollback and resume")
struct RollbackTests {
    @Test("Rolled back again and again at random iterations, a run's history is that of one trained straight")
    func random() throws {
        let seed = testSeed()
        var random = SplitMix64(seed)
        try withTemporaryDirectory(inMemory: true) { folder in
            let plan = try TrainingPlan(Fixture.classes(), options: Fixture.options())
            let straight = try Registry.open(at: "\(folder)/straight.sqlite", for: .creating)
            _ = try TrainingSession.start(plan, in: straight, attempt: Fixture.attempt(12)).train()
            let expected = try RunContent(1, in: straight)

            let registry = try Registry.open(at: "\(folder)/back.sqlite", for: .creating)
            _ = try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(12)).train()
            for _ in 0..<20 {
                let last = try registry.run(1).iterations
                let iteration = Int(random.next() % UInt64(last))
                _ = try registry.rollback(to: point("1@iteration:\(iteration)", in: registry))
                // Half of the time it is stopped on its way, and rolled back from there.
                let stopsAt = random.next() % 2 == 0 ? Int(random.next() % 96) : nil
                var seen = 0
                let session = try resumed(1, in: registry)
                _ = try session.train(stop: {
                    seen += 1
                    return stopsAt.map { seen > $0 } == true ? .program : nil
                })
            }
            if try registry.run(1).status != .finished { _ = try resumed(1, in: registry).train() }
            let content = try RunContent(1, in: registry)
            #expect(content == expected, "seed \(seed)")
            let segments = try registry.segments(ofRun: 1).count
            #expect(segments == 21)
            let report = try registry.verify()
            #expect(report.findings == [], "seed \(seed)")
            let audit = try Audit(run: 1, in: registry).run()
            #expect(audit.isReproduced, "seed \(seed): \(String(describing: audit.difference))")
        }
    }

    @Test("What was rolled back is still there, as the line of its segment")
    func superseded() throws {
        try withTemporaryDirectory(inMemory: true) { folder in
            let registry = try Registry.open(at: "\(folder)/r.sqlite", for: .creating)
            let plan = try TrainingPlan(Fixture.classes(), options: Fixture.options())
            _ = try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(10)).train()
            let before = try LoadedModel(Reference("1@epoch:9"), in: registry).weightsSHA256
            _ = try registry.rollback(to: point("1@epoch:4", in: registry))
            #expect(throws: RegistryError.self) { try LoadedModel(Reference("1@epoch:9"), in: registry) }
            let after = try LoadedModel(Reference("1.1@epoch:9"), in: registry).weightsSHA256
            #expect(after == before)
            let status = try registry.run(1).status
            #expect(status == .stopped)
        }
    }

    @Test("The best epoch before the point stays the best, whose weights the version gets where no later one is better")
    func bestBefore() throws {
        try withTemporaryDirectory(inMemory: true) { folder in
            let registry = try Registry.open(at: "\(folder)/r.sqlite", for: .creating)
            // The rate that makes the validation loss jump about: an epoch is the best so far, the next is worse, and a
            // later one better than both.
            var best: Int?
            for rate in [0.3, 0.5, 0.8, 1.2, 2] where best == nil {
                let plan = try TrainingPlan(
                    Fixture.classes(), options: Fixture.options { ($0.optimizer, $0.learningRate) = (.momentum, rate) })
                let losses = try plan.trainUnrecorded(epochs: 40, threads: 1).epochs.compactMap(\.validationLoss)
                let records = losses.indices.filter { index in losses[..<index].allSatisfy { $0 > losses[index] } }
                best = records.dropLast().last { $0 + 2 < losses.count && losses[$0 + 1] > losses[$0] }
                guard best != nil else { continue }
                _ = try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(40)).train()
            }
            let found = try #require(best)
            let reference = try Reference("1@epoch:\(found + 1)")
            let expected = try LoadedModel(reference, in: registry).weightsSHA256
            _ = try registry.rollback(to: point("1@epoch:\(found + 2)", in: registry))
            let run = try registry.run(1)
            #expect(run.best?.epoch == found + 1)
            // It is to end where it stands, so that no later epoch can be better.
            let outcome = try resumed(1, in: registry, epochs: found + 2).train()
            #expect(outcome.weightsSHA256 == expected)
            #expect(outcome.versionEpoch == found + 1)
            let report = try registry.verify()
            #expect(report.findings == [])
        }
    }

    @Test("The iteration in which a run diverged has no state: nothing goes on from it, when it is superseded neither")
    func refusedUpdate() throws {
        try withTemporaryDirectory(inMemory: true) { folder in
            let registry = try Registry.open(at: "\(folder)/r.sqlite", for: .creating)
            var options = TrainingOptions()
            (options.target, options.hidden, options.optimizer, options.learningRate) = ("y", [8], .sgd, 1e18)
            (options.activation, options.batchSize) = (.identity, .rows(8))
            let plan = try TrainingPlan(Fixture.numbers(), options: options)
            let outcome = try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(50)).train()
            #expect(outcome.status == .diverged)
            _ = try registry.rollback(to: point("1@iteration:0", in: registry))
            let last = try point("1.1@last", in: registry)
            #expect(throws: RegistryError.self) { try registry.rollback(to: last) }
            #expect(throws: TrainingError.self) { try PointState(Reference("1.1@last"), in: registry) }
            #expect(throws: TrainingError.self) {
                let plan = try TrainingPlan(forking: Reference("1.1@last"), in: registry, options: TrainingOptions())
                return try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(50))
            }
            _ = try registry.rollback(to: point("1.1@iteration:\(last.iteration - 1)", in: registry))
            let again = try resumed(1, in: registry).train()
            #expect(again.status == .diverged && again.iterations == outcome.iterations)
            #expect(try registry.runs().count == 1)
        }
    }

    @Test("A line that still has to end an epoch goes on from a keyframe that knows the epoch's end from another line")
    func epochOfAnotherLine() throws {
        try withTemporaryDirectory(inMemory: true) { folder in
            let plan = try TrainingPlan(Fixture.classes(), options: Fixture.options())
            let straight = try Registry.open(at: "\(folder)/straight.sqlite", for: .creating)
            _ = try TrainingSession.start(plan, in: straight, attempt: Fixture.attempt(5)).train()
            let length = try straight.run(1).iterationsPerEpoch
            let registry = try Registry.open(at: "\(folder)/r.sqlite", for: .creating)
            // Killed at the end of epoch 2, which is not recorded.
            let killed = try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(5))
            try killed.writer.commit(
                RunCommit(
                    losses: straight.losses(ofRun: 1, from: 1, to: 2 * length),
                    epochs: straight.epochs(ofRun: 1, from: 1, to: 1)))
            try killed.writer.close()
            _ = try registry.rollback(to: point("1@iteration:\(length + 3)", in: registry))
            _ = try registry.rollback(to: point("1.1@iteration:\(2 * length)", in: registry))
            for _ in 0..<2 { _ = try registry.undoRollback(ofRun: 1) }
            // Now the epoch's end is recorded, with a keyframe.
            _ = try resumed(1, in: registry, epochs: 2).train()
            #expect(try registry.run(1).epochs == 2)
            _ = try resumed(1, in: registry, epochs: 3).train()
            _ = try registry.rollback(to: point("1.3@last", in: registry))
            #expect(try registry.run(1).epochs == 1)
            #expect(try registry.verify().findings == [])
            #expect(try resumed(1, in: registry, epochs: 5).train().status == .finished)
            var (content, expected) = (try RunContent(1, in: registry), try RunContent(1, in: straight))
            (content.versions, expected.versions) = ([], [])
            #expect(content == expected)
            #expect(try registry.verify().findings == [])
            #expect(try Audit(run: 1, in: registry).run().isReproduced)
            for reference in ["1@iteration:\(2 * length)", "1@epoch:2", "1.3@last", "1.1@epoch:2"] {
                #expect(
                    try LoadedModel(Reference(reference), in: registry).weightsSHA256
                        == LoadedModel(Reference("1@epoch:2"), in: straight).weightsSHA256)
            }
        }
    }

    private func point(_ text: String, in registry: Registry) throws -> Point {
        guard case .point(let point) = try registry.resolve(Reference(text)) else { throw Missing() }
        return point
    }

    private func resumed(_ run: Int, in registry: Registry, epochs: Int? = nil) throws -> TrainingSession {
        var attempt = AttemptOptions()
        attempt.epochs = epochs
        guard case .session(let session) = try TrainingSession.resume(run, in: registry, attempt: attempt) else {
            throw Missing()
        }
        return session
    }

    private struct Missing: Error {}

    @Test("a run that ends in weights which were a version before tells that version, and no other one's hash")
    func knownVersion() throws {
        try withTemporaryDirectory(inMemory: true) { folder in
            let registry = try Registry.open(at: "\(folder)/r.sqlite", for: .creating)
            let plan = try TrainingPlan(Fixture.classes(), options: Fixture.options { $0.optimizer = .adam })
            _ = try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(6)).train()
            guard case .point(let point) = try registry.resolve(Reference("1@epoch:3")) else { return }
            _ = try registry.rollback(to: point)
            for epochs in [5, 6] {
                let resumed = try TrainingSession.resume(1, in: registry, attempt: Fixture.attempt(epochs))
                guard case .session(let session) = resumed else { return #expect(Bool(false)) }
                let outcome = try session.train()
                let told = try registry.versions(ofRun: 1).first { $0.name == outcome.version }
                #expect(told?.weights == outcome.weightsSHA256)
            }
        }
    }
}
