import RegistryTestSupport
import Testing

@testable import BPRegistry
@testable import BPStore

@Suite("Who writes a run: liveness, takeover, fencing")
struct TakeoverTests {
    @Test("a run is running while its process lives, then interrupted; a number given again is another process")
    func status() throws {
        let bench = try Bench()
        let writer = try bench.createRun()
        try writer.commit(RunCommit(losses: losses(1, 5)))
        #expect(try bench.registry.run(1).status == .running)
        #expect(try bench.registry.newestResumableRun() == nil)
        bench.world.kill(100)
        #expect(try bench.registry.run(1).status == .interrupted)
        #expect(try bench.registry.newestResumableRun()?.number == 1)
        bench.world.become(100, start: 8)
        #expect(try bench.registry.run(1).status == .interrupted)
    }

    @Test("on another machine the lease decides")
    func lease() throws {
        let bench = try Bench()
        _ = try bench.createRun()
        let world = bench.world
        var elsewhere = world.environment
        elsewhere.owner = {
            Owner(host: "other", boot: "other", pidNamespace: "pid:[1]", pid: 100, processStart: 7)
        }
        let seen = try Registry.open(at: bench.path, for: .writing, durability: .off, environment: elsewhere)
        world.kill(100)
        #expect(try seen.run(1).status == .running)
        #expect(throws: RegistryError.self) { try seen.resumeRun(1, attempt: plainAttempt) }
        world.time.withLock { $0 += 61_000_000 }
        #expect(try seen.run(1).status == .interrupted)
        #expect(try seen.resumeRun(1, attempt: plainAttempt).attempt == 2)
    }

    @Test("a living run is not taken over, and the error names the process")
    func alive() throws {
        let bench = try Bench()
        let writer = try bench.createRun()
        #expect {
            try bench.registry.resumeRun(1, attempt: plainAttempt)
        } throws: { error in
            guard case RegistryError.alive(run: 1, let owner, .process(isOwn: true)) = error else { return false }
            return owner.pid == 100
        }
        try writer.commit(RunCommit(losses: [1]))
        #expect(try bench.registry.attempts(ofRun: 1).count == 1)
    }

    @Test("a takeover ends the attempt before, drops what it had staged, and stops it at its next transaction")
    func takeover() throws {
        let bench = try Bench()
        let first = try bench.createRun()
        try first.commit(RunCommit(losses: losses(1, 15), epochs: [makeEpoch(1)]))
        let pending = try first.stage(fullKeyframe(15), tensors: fullTensors(15))
        bench.world.kill(100)
        bench.world.become(200)
        let second = try bench.registry.resumeRun(1, attempt: plainAttempt)
        #expect(second.attempt == 2)
        #expect(second.resumedIteration == 15)
        #expect(second.resumedEpoch == 1)
        #expect {
            try first.commit(RunCommit(losses: [1], keyframes: [pending]))
        } throws: { error in
            error as? RegistryError == .fencingLost(run: 1, held: 1, found: 2)
        }
        #expect(throws: RegistryError.fencingLost(run: 1, held: 1, found: 2)) {
            try first.stage(fullKeyframe(15), tensors: fullTensors(15))
        }
        try first.close()
        #expect(throws: RegistryError.self) { try bench.registry.tensor(pending.tensors[0].digest) }
        try second.commit(RunCommit(losses: losses(16, 20), epochs: [makeEpoch(2)]))
        let attempts = try bench.registry.attempts(ofRun: 1)
        #expect(attempts.map(\.status) == [.interrupted, nil])
        #expect(attempts.map(\.firstIteration) == [1, 16])
        #expect(attempts.map(\.lastIteration) == [15, 20])
        #expect(attempts[0].ended != nil)
        #expect(try bench.registry.losses(ofRun: 1) == losses(1, 20))
        #expect(try bench.registry.run(1).status == .running)
        #expect(try bench.registry.verify().findings == [])
    }

    @Test("a writer that is closed without an end leaves an interrupted run, in the same process too")
    func closed() throws {
        let bench = try Bench()
        let writer = try bench.createRun()
        try writer.commit(RunCommit(losses: losses(1, 5)))
        try writer.close()
        try writer.close()
        #expect(throws: RegistryError.self) { try writer.commit(RunCommit(losses: [1])) }
        #expect(try bench.registry.run(1).status == .interrupted)
        let again = try bench.registry.resumeRun(1, attempt: plainAttempt)
        try again.commit(RunCommit(losses: losses(6, 6)))
        #expect(try bench.registry.losses(ofRun: 1) == losses(1, 6))
    }

    @Test("a finished run that goes on has no end until it ends again, and makes the next version")
    func goesOn() throws {
        let bench = try Bench()
        try bench.finishedRun(epochs: 2)
        let writer = try bench.registry.resumeRun(1, attempt: plainAttempt)
        #expect(try bench.registry.run(1).status == .running)
        let end = try writer.stage(fullKeyframe(30, role: .end), tensors: fullTensors(30))
        try writer.commit(
            RunCommit(losses: losses(21, 30), epochs: [makeEpoch(3)], keyframes: [end], end: finish(at: 30, epoch: 3)))
        #expect(try bench.registry.run(1).status == .finished)
        #expect(try bench.registry.versions(ofModel: "iris").map(\.number) == [2, 1])
        #expect(try bench.registry.models().first?.currentVersion == 2)
        #expect(try bench.registry.keyframes(ofRun: 1).filter { $0.role == .end }.map(\.iteration) == [20, 30])
        #expect(try bench.registry.verify().findings == [])
    }

    @Test("a run that is not as it was seen is not taken over, and the error tells what has changed")
    func changed() throws {
        let bench = try Bench()
        let writer = try bench.createRun()
        try writer.commit(RunCommit(losses: losses(1, 5)))
        bench.world.kill(100)
        let seen = try bench.registry.run(1)
        bench.world.become(100, start: 7)
        let end = try writer.stage(fullKeyframe(10, role: .end), tensors: fullTensors(10))
        try writer.commit(
            RunCommit(losses: losses(6, 10), epochs: [makeEpoch(1)], keyframes: [end], end: finish(at: 10, epoch: 1)))
        let ended = try bench.registry.run(1)
        #expect(
            throws: RegistryError.conflict(
                place: "run 1 has changed meanwhile",
                what: "iterations 5, now 10; epochs 0, now 1; it had no end, now it is finished")
        ) { try bench.registry.resumeRun(1, ifUnchanged: seen, attempt: plainAttempt) }
        #expect(try bench.registry.run(1) == ended)
        let second = try bench.registry.resumeRun(1, ifUnchanged: ended, attempt: plainAttempt)
        #expect(throws: RegistryError.self) {
            try bench.registry.resumeRun(1, ifUnchanged: ended, attempt: plainAttempt)
        }
        try second.close()
        #expect(throws: RegistryError.self) {
            try bench.registry.resumeRun(1, ifUnchanged: ended, attempt: plainAttempt)
        }
    }

    @Test("a takeover that recorded nothing is given back: the run ends as it had ended")
    func givenBack() throws {
        let bench = try Bench()
        try bench.finishedRun(epochs: 2)
        let before = try bench.registry.run(1)
        let writer = try bench.registry.resumeRun(1, attempt: plainAttempt)
        _ = try writer.stage(fullKeyframe(20), tensors: fullTensors(20))
        try writer.giveBack()
        #expect(throws: RegistryError.self) { try writer.giveBack() }
        #expect(throws: RegistryError.self) { try writer.commit(RunCommit(losses: [1])) }
        try writer.close()
        let after = try bench.registry.run(1)
        #expect(after.status == .finished)
        #expect(after.reason == before.reason)
        #expect(after.ended == before.ended)
        #expect(after.fence == before.fence + 1)
        #expect(try bench.registry.attempts(ofRun: 1).map(\.status) == [.finished, .failed])
        #expect(try bench.registry.events().last?.kind == "given-back")
        #expect(try bench.registry.verify().findings == [])
    }

    @Test("what recorded something, or took nothing over, is not given back; one without an end is interrupted again")
    func notGivenBack() throws {
        let bench = try Bench()
        let first = try bench.createRun()
        #expect(throws: RegistryError.self) { try first.giveBack() }
        try first.commit(RunCommit(losses: losses(1, 5)))
        try first.close()
        let second = try bench.registry.resumeRun(1, attempt: plainAttempt)
        try second.giveBack(as: .stopped)
        try second.close()
        #expect(try bench.registry.run(1).status == .interrupted)
        let third = try bench.registry.resumeRun(1, attempt: plainAttempt)
        try third.commit(RunCommit(losses: losses(6, 6)))
        #expect(throws: RegistryError.self) { try third.giveBack() }
        #expect(throws: RegistryError.self) { try third.giveBack(as: .finished) }
        #expect(try bench.registry.run(1).status == .running)
        #expect(try bench.registry.verify().findings == [])
    }

    @Test("what makes a migration wait: a living run, and no other")
    func migrationWaits() throws {
        let bench = try Bench()
        let opening = Opening(
            path: bench.path, purpose: .writing, durability: .off, environment: bench.world.environment)
        func alive() throws -> RegistryError? {
            try bench.registry.reading { store in try opening.aliveRun(store) }
        }
        try bench.finishedRun()
        #expect(try alive() == nil)
        _ = try bench.createRun()
        guard case .alive(run: 2, _, _)? = try alive() else {
            Issue.record("a living run was not seen")
            return
        }
        bench.world.kill(100)
        #expect(try alive() == nil)
    }

    @Test("an idle writer writes nothing until half of its lease is over")
    func idle() throws {
        let bench = try Bench()
        let writer = try bench.createRun()
        let until = try bench.registry.attempts(ofRun: 1)[0].leaseUntil
        try writer.commit(RunCommit())
        #expect(try bench.registry.attempts(ofRun: 1)[0].leaseUntil == until)
        bench.world.wait(31_000_000)
        try writer.commit(RunCommit())
        #expect(try bench.registry.attempts(ofRun: 1)[0].leaseUntil > until)
        // The wall clock is set back by an hour: the lease is renewed all the same.
        bench.world.time.withLock { $0 -= 3_600_000_000 }
        let renewed = try bench.registry.run(1).updated
        bench.world.wait(31_000_000)
        try writer.commit(RunCommit())
        #expect(try bench.registry.run(1).updated < renewed)
    }

    @Test("where the kernel does not tell of a process, the lease decides")
    func hidden() throws {
        let bench = try Bench()
        _ = try bench.createRun()
        bench.world.hidden.withLock { _ = $0.insert(100) }
        #expect(try bench.registry.run(1).status == .running)
        bench.world.wait(61_000_000)
        #expect(try bench.registry.run(1).status == .interrupted)
    }

    @Test("the real probe: this process lives, a child that has ended does not")
    func processes() throws {
        let environment = RegistryEnvironment.system
        let owner = environment.owner()
        #expect(environment.isAlive(owner, leaseUntil: 0))
        let earlier = Owner(
            host: owner.host, boot: owner.boot, pidNamespace: owner.pidNamespace, pid: owner.pid,
            processStart: owner.processStart - 1)
        #expect(!environment.isAlive(earlier, leaseUntil: .max))
        try withZombie { pid in
            let zombie = Owner(
                host: owner.host, boot: owner.boot, pidNamespace: owner.pidNamespace, pid: pid,
                processStart: 0)
            #expect(environment.process(pid) == .gone)
            #expect(!environment.isAlive(zombie, leaseUntil: .max))
        }
    }

    #if os(Linux)
        @Test("a process that is there and cannot be read is hidden, not gone")
        func unreadable() throws {
            let owner = RegistryEnvironment.system.owner()
            #expect(systemProcess(owner.pid, stat: nil) == .hidden)
            #expect(systemProcess(owner.pid, stat: "1 (x") == .hidden)
            #expect(systemProcess(1, stat: nil) == .hidden)
            #expect(systemProcess(.max, stat: nil) == .gone)
            #expect(systemProcess(owner.pid) == .living(start: owner.processStart))
        }
    #endif
}
