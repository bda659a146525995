import BPCore
import BPData
import BPRegistry
import Dispatch
import Synchronization
import TestSupport
import Testing

@testable import BPTraining

/// What happens when a run is taken over at an awkward moment, or cannot be recorded.
@Suite struct TakeoverTests {
    /// Takes a run over and leaves it, as a process does that is killed before its first commit.
    private func takeOverAndDie(_ run: Int, in registry: Registry, epochs: Int) throws {
        let attempt = AttemptSettings(threads: 1, instructionSet: "portable", keep: "best", epochLimit: epochs)
        try registry.resumeRun(run, attempt: attempt).close()
    }

    @Test("A finished run that was taken over and left ends again as it had ended, with one version")
    func finishedAgain() throws {
        try withTemporaryDirectory { folder in
            let registry = try Registry.open(at: "\(folder)/r.sqlite", for: .creating)
            let plan = try TrainingPlan(Fixture.classes(), options: Fixture.options())
            _ = try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(5)).train()
            let before = try RunContent(1, in: registry)
            try takeOverAndDie(1, in: registry, epochs: 9)
            #expect(try registry.run(1).status == .interrupted)
            let outcome = try ResumeTests.resume(registry, .init(), Fixture.attempt(5))
            #expect(outcome?.status == .finished)
            #expect(outcome?.version == "points:1")
            #expect(try RunContent(1, in: registry) == before)
            #expect(try registry.verify().findings == [])
        }
    }

    @Test("A run that ended by its tolerance does not go on, though it was taken over and left")
    func toleranceAgain() throws {
        try withTemporaryDirectory { folder in
            let registry = try Registry.open(at: "\(folder)/r.sqlite", for: .creating)
            let options = Fixture.options { $0.tolerance = 0.05 }
            _ = try TrainingSession.start(
                TrainingPlan(Fixture.classes(), options: options), in: registry, attempt: Fixture.attempt(500)
            ).train()
            let before = try RunContent(1, in: registry)
            try takeOverAndDie(1, in: registry, epochs: 900)
            #expect(try ResumeTests.resume(registry, .init(), Fixture.attempt(900))?.status == .finished)
            #expect(try RunContent(1, in: registry) == before)
        }
    }

    @Test("Epochs that ended and were not recorded are recorded by the resume that recomputes them")
    func missingEpochs() throws {
        try withTemporaryDirectory { folder in
            let plan = try TrainingPlan(Fixture.classes(), options: Fixture.options())
            let whole = try Registry.open(at: "\(folder)/whole.sqlite", for: .creating)
            _ = try TrainingSession.start(plan, in: whole, attempt: Fixture.attempt(6)).train()
            let parts = try Registry.open(at: "\(folder)/parts.sqlite", for: .creating)
            let session = try TrainingSession.start(plan, in: parts, attempt: Fixture.attempt(6))
            // Three epochs' losses without their epochs, and a little more.
            try session.writer.commit(RunCommit(losses: whole.losses(ofRun: 1, from: 1, to: 27)))
            try session.writer.close()
            #expect(try ResumeTests.resume(parts)?.status == .finished)
            #expect(try RunContent(1, in: parts) == RunContent(1, in: whole))
            #expect(try parts.verify().findings == [])
        }
    }

    @Test("A trainer whose run was taken over by another machine stops, and says so")
    func fencedOff() throws {
        try withTemporaryDirectory { folder in
            let path = "\(folder)/r.sqlite"
            let registry = try Registry.open(at: path, for: .creating)
            let plan = try TrainingPlan(Fixture.classes(), options: Fixture.options())
            let session = try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(100_000))
            var machine = RegistryEnvironment.system
            machine.owner = { Owner(host: "elsewhere", boot: "1", pidNamespace: "1", pid: 1, processStart: 1) }
            machine.now = { RegistryEnvironment.system.now() + 3_600_000_000 }
            let other = try Registry.open(at: path, for: .writing, environment: machine)
            var isTaken = false
            do {
                _ = try session.train(stop: {
                    if !isTaken {
                        isTaken = true
                        try? takeOverAndDie(1, in: other, epochs: 9)
                    }
                    return nil
                })
                Issue.record("it went on")
            } catch RegistryError.fencingLost(1, _, _) {}
            #expect(try other.run(1).attemptCount == 2)
        }
    }

    @Test("A listener that blocks stops neither trainer nor recorder")
    func blockedListener() throws {
        try withTemporaryDirectory { folder in
            let registry = try Registry.open(at: "\(folder)/r.sqlite", for: .creating)
            let plan = try TrainingPlan(Fixture.classes(), options: Fixture.options())
            let session = try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(1_000_000))
            let release = DispatchSemaphore(value: 0)
            let blockedAt = Atomic<Int>(-1)
            let outcome = try session.train(
                stop: {
                    let blocked = blockedAt.load(ordering: .relaxed)
                    guard blocked >= 0, let run = try? registry.run(1), run.iterations > blocked else { return nil }
                    release.signal()
                    return .program
                },
                progress: {
                    guard blockedAt.load(ordering: .relaxed) < 0 else { return }
                    blockedAt.store($0.acknowledged, ordering: .relaxed)
                    release.wait()
                })
            #expect(outcome.status == .stopped)
        }
    }

    @Test("An epoch limit beyond counting is refused")
    func epochLimit() throws {
        let plan = try TrainingPlan(Fixture.classes(), options: Fixture.options())
        #expect(throws: TrainingError.self) { try plan.check(Fixture.attempt(.max)) }
        #expect(throws: TrainingError.self) { try plan.check(Fixture.attempt(0)) }
        #expect(try plan.check(Fixture.attempt(Int(UInt32.max))) == .best)
    }
}
