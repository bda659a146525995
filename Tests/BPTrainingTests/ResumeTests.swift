import BPCore
import BPData
import BPRegistry
import BPTraining
import Foundation
import TestSupport
import Testing

/// A stopped and resumed run equals one that was never stopped.
@Suite struct ResumeTests {
    static let rules = Optimizer.Name.allCases

    /// Trains until the `looks`-th look at the stop request.
    static func train(_ session: TrainingSession, looks limit: Int) throws -> TrainingOutcome {
        var looks = 0
        return try session.train(stop: {
            looks += 1
            return looks >= limit ? .program : nil
        })
    }

    /// Resumes the newest run that can be, to its end.
    static func resume(_ registry: Registry, _ options: TrainingOptions = .init(), _ attempt: AttemptOptions = .init())
        throws -> TrainingOutcome?
    {
        switch try TrainingSession.resume(in: registry, options: options, attempt: attempt) {
        case .session(let session): try session.train()
        case .nothingToDo: nil
        }
    }

    @Test("Stopped at any iteration and resumed, a run is the uninterrupted one", arguments: rules, [1, 2, 3, 5, 6])
    func resumedEqualsUninterrupted(rule: Optimizer.Name, looks: Int) throws {
        try withTemporaryDirectory { folder in
            let plan = try TrainingPlan(Fixture.classes(), options: Fixture.options { $0.optimizer = rule })
            let whole = try Registry.open(at: "\(folder)/whole.sqlite", for: .creating)
            _ = try TrainingSession.start(plan, in: whole, attempt: Fixture.attempt(9)).train()
            let parts = try Registry.open(at: "\(folder)/parts.sqlite", for: .creating)
            let stopped = try ResumeTests.train(
                TrainingSession.start(plan, in: parts, attempt: Fixture.attempt(9)), looks: looks)
            #expect(stopped.status == .stopped)
            #expect(stopped.version == nil)
            #expect(try ResumeTests.resume(parts)?.status == .finished)
            #expect(try RunContent(1, in: parts) == RunContent(1, in: whole))
            #expect(try parts.verify().findings == [])
        }
    }

    @Test(
        "With weight decay and another rate each epoch too", arguments: Schedule.Name.allCases,
        [2, 3, 5])
    func resumedWithDecayAndSchedule(schedule: Schedule.Name, looks: Int) throws {
        try withTemporaryDirectory { folder in
            let options = Fixture.options {
                $0.optimizer = schedule == .cosine ? .adamw : .momentum
                $0.weightDecay = 0.02
                Fixture.schedule(schedule, &$0)
            }
            let plan = try TrainingPlan(Fixture.classes(), options: options)
            let whole = try Registry.open(at: "\(folder)/whole.sqlite", for: .creating)
            _ = try TrainingSession.start(plan, in: whole, attempt: Fixture.attempt(9)).train()
            let parts = try Registry.open(at: "\(folder)/parts.sqlite", for: .creating)
            let session = try TrainingSession.start(plan, in: parts, attempt: Fixture.attempt(9))
            #expect(try ResumeTests.train(session, looks: looks).status == .stopped)
            #expect(try ResumeTests.resume(parts, options)?.status == .finished)
            #expect(try RunContent(1, in: parts) == RunContent(1, in: whole))
        }
    }

    @Test("A run stopped again and again is the uninterrupted one")
    func manyStops() throws {
        try withTemporaryDirectory { folder in
            let plan = try TrainingPlan(Fixture.classes(), options: Fixture.options())
            let whole = try Registry.open(at: "\(folder)/whole.sqlite", for: .creating)
            _ = try TrainingSession.start(plan, in: whole, attempt: Fixture.attempt(6)).train()
            let parts = try Registry.open(at: "\(folder)/parts.sqlite", for: .creating)
            var outcome = try ResumeTests.train(
                TrainingSession.start(plan, in: parts, attempt: Fixture.attempt(6)), looks: 2)
            var attempts = 1
            while outcome.status == .stopped, case .session(let session) = try TrainingSession.resume(in: parts) {
                outcome = try ResumeTests.train(session, looks: 3)
                attempts += 1
            }
            #expect(attempts > 4)
            #expect(try parts.run(1).attemptCount == attempts)
            #expect(try RunContent(1, in: parts) == RunContent(1, in: whole))
        }
    }

    @Test("A resume that is stopped while it still recomputes loses nothing")
    func stopDuringReplay() throws {
        try withTemporaryDirectory { folder in
            let plan = try TrainingPlan(Fixture.classes(), options: Fixture.options())
            let whole = try Registry.open(at: "\(folder)/whole.sqlite", for: .creating)
            _ = try TrainingSession.start(plan, in: whole, attempt: Fixture.attempt(6)).train()
            let parts = try Registry.open(at: "\(folder)/parts.sqlite", for: .creating)
            _ = try TrainingSession.start(plan, in: parts, attempt: Fixture.attempt(3)).train()
            // Without its last keyframe, as a kill would leave it, the run must be recomputed from the start.
            let ends = try parts.keyframes(ofRun: 1).filter { $0.role == .end }.map(\.id)
            let attempt = AttemptSettings(
                threads: 1, instructionSet: "portable", keep: "best", epochLimit: 6)
            let writer = try parts.resumeRun(1, attempt: attempt)
            try writer.commit(RunCommit(deletedKeyframes: ends, end: RunEnd(status: .failed, reason: "a test")))
            try writer.close()
            guard case .session(let session) = try TrainingSession.resume(1, in: parts) else {
                Issue.record("three epochs are left")
                return
            }
            let stopped = try ResumeTests.train(session, looks: 2)
            #expect(stopped.status == .stopped)
            #expect(stopped.iterations == 24)
            #expect(stopped.replayed < 24)
            #expect(try ResumeTests.resume(parts)?.status == .finished)
            var content = try RunContent(1, in: parts)
            let expected = try RunContent(1, in: whole)
            content.versions.removeFirst()
            #expect(content == expected)
            #expect(try parts.verify().findings == [])
        }
    }

    @Test("What had finished stays finished if it is stopped while it recomputes, and nothing is lost")
    func stopDuringReplayOfFinished() throws {
        try withTemporaryDirectory { folder in
            let plan = try TrainingPlan(Fixture.classes(), options: Fixture.options())
            let whole = try Registry.open(at: "\(folder)/whole.sqlite", for: .creating)
            _ = try TrainingSession.start(plan, in: whole, attempt: Fixture.attempt(6)).train()
            let parts = try Registry.open(at: "\(folder)/parts.sqlite", for: .creating)
            let started = try TrainingSession.start(plan, in: parts, attempt: Fixture.attempt(3))
            _ = try started.train()
            // Without its last keyframe the run must be recomputed from the start.
            let ends = try parts.keyframes(ofRun: 1).filter { $0.role == .end }.map(\.id)
            let attempt = AttemptSettings(threads: 1, instructionSet: "portable", keep: "best", epochLimit: 3)
            let writer = try parts.resumeRun(1, attempt: attempt)
            let end = RunEnd(status: .finished, reason: "finished after 3 epochs")
            try writer.commit(RunCommit(deletedKeyframes: ends, end: end))
            try writer.close()
            let before = try parts.run(1)
            for looks in [2, 3] {
                guard
                    case .session(let session) = try TrainingSession.resume(
                        1, in: parts, attempt: Fixture.attempt(6))
                else {
                    Issue.record("three epochs are left")
                    return
                }
                let stopped = try ResumeTests.train(session, looks: looks)
                #expect(stopped.status == .finished && stopped.reason == before.reason)
                #expect(stopped.stop != nil && stopped.iterations == 24)
                let after = try parts.run(1)
                #expect(after.status == .finished && after.ended == before.ended && after.reason == before.reason)
                #expect(try parts.attempts(ofRun: 1).last?.status == .stopped)
                #expect(try parts.versions(ofRun: 1).count == 1)
                #expect(try parts.verify().findings == [])
            }
            guard case .session(let session) = try TrainingSession.resume(1, in: parts, attempt: Fixture.attempt(6))
            else { return }
            #expect(try session.train().status == .finished)
            var content = try RunContent(1, in: parts)
            content.versions.removeFirst()
            #expect(try content == RunContent(1, in: whole))
        }
    }

    @Test("Data above the limit are not kept: a resume reads the file, and knows it by its hash")
    func dataInAFile() throws {
        try withTemporaryDirectory { folder in
            let table = try Fixture.classes()
            let header = table.columns.map(\.name).joined(separator: ",")
            let rows = (0..<table.rowCount).map { row in table.columns.map { $0.text(at: row) }.joined(separator: ",") }
            let path = "\(folder)/points.csv"
            try write(([header] + rows).joined(separator: "\n"), to: path)
            let plan = try TrainingPlan(CSVReader().read(path: path), options: Fixture.options())
            let registry = try Registry.open(at: "\(folder)/r.sqlite", for: .creating)
            let session = try TrainingSession.start(
                plan, in: registry, attempt: Fixture.attempt(6), durability: .full, datasetLimit: 100)
            _ = try ResumeTests.train(session, looks: 3)
            #expect(try registry.datasets().map(\.isStored) == [false])
            #expect(try registry.verify().findings == [])
            try write(([header] + rows.reversed()).joined(separator: "\n"), to: path)
            do {
                _ = try TrainingSession.resume(in: registry)
                Issue.record("the rows stand in another order")
            } catch TrainingError.dataUnavailable(1, path, _, false) {}
            let moved = "\(folder)/moved.csv"
            try write(([header] + rows).joined(separator: "\n"), to: moved)
            do {
                _ = try TrainingSession.resume(in: registry, file: DataFile(path: path))
                Issue.record("the rows of the named file are in another order")
            } catch TrainingError.otherData(1, path, _, isStored: false) {}
            guard case .session(let resumed) = try TrainingSession.resume(in: registry, file: DataFile(path: moved))
            else {
                Issue.record("there was something left to do")
                return
            }
            #expect(try resumed.train().status == .finished)
        }
    }

    private func write(_ text: String, to path: String) throws {
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }

    @Test("More epochs go on and make the next version; the whole equals a run of that length")
    func moreEpochs() throws {
        try withTemporaryDirectory { folder in
            let plan = try TrainingPlan(Fixture.classes(), options: Fixture.options())
            let long = try Registry.open(at: "\(folder)/long.sqlite", for: .creating)
            _ = try TrainingSession.start(plan, in: long, attempt: Fixture.attempt(8)).train()
            let parts = try Registry.open(at: "\(folder)/parts.sqlite", for: .creating)
            _ = try TrainingSession.start(plan, in: parts, attempt: Fixture.attempt(5)).train()
            guard case .session(let more) = try TrainingSession.resume(1, in: parts, attempt: Fixture.attempt(8)) else {
                Issue.record("there were three epochs left")
                return
            }
            #expect(try more.train().version == "points:2")
            var content = try RunContent(1, in: parts)
            #expect(content.versions.count == 2)
            let expected = try RunContent(1, in: long)
            content.versions = expected.versions
            #expect(content == expected)
        }
    }

    @Test("What is finished says so")
    func nothingToDo() throws {
        try withTemporaryDirectory { folder in
            let registry = try Registry.open(at: "\(folder)/r.sqlite", for: .creating)
            let plan = try TrainingPlan(Fixture.classes(), options: Fixture.options())
            _ = try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(3)).train()
            for epochs in [2, 3] {
                guard
                    case .nothingToDo(let run, let reason) = try TrainingSession.resume(
                        1, in: registry, attempt: Fixture.attempt(epochs))
                else {
                    Issue.record("there is nothing left to do")
                    return
                }
                #expect(run.number == 1)
                #expect(reason == "finished after 3 epochs")
            }
            #expect(throws: TrainingError.self) { try TrainingSession.resume(in: registry) }
            #expect(try registry.run(1).attemptCount == 1)
        }
    }

    @Test("An end by the tolerance is final for any number of epochs")
    func toleranceIsFinal() throws {
        try withTemporaryDirectory { folder in
            let registry = try Registry.open(at: "\(folder)/r.sqlite", for: .creating)
            let options = Fixture.options { $0.tolerance = 0.05 }
            let outcome = try TrainingSession.start(
                TrainingPlan(Fixture.classes(), options: options), in: registry, attempt: Fixture.attempt(500)
            ).train()
            #expect(outcome.status == .finished)
            #expect(outcome.epochs < 500)
            let losses = try registry.epochs(ofRun: 1).map { Double($0.loss) }
            let changes = zip(losses, losses.dropFirst()).map { abs($0 - $1) }
            #expect(changes.dropLast().allSatisfy { $0 >= 0.05 })
            let last = try #require(changes.last)
            #expect(last < 0.05)
            guard case .nothingToDo = try TrainingSession.resume(1, in: registry, attempt: Fixture.attempt(900)) else {
                Issue.record("the tolerance ended the run")
                return
            }
        }
    }

    @Test("A change of the spec is refused, a change of the attempt is not")
    func changes() throws {
        try withTemporaryDirectory { folder in
            let registry = try Registry.open(at: "\(folder)/r.sqlite", for: .creating)
            let plan = try TrainingPlan(Fixture.classes(), options: Fixture.options())
            _ = try ResumeTests.train(TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(6)), looks: 3)
            let wrong: [(String, (inout TrainingOptions) -> Void)] = [
                ("learning rate", { $0.learningRate = 0.3 }), ("hidden", { $0.hidden = [7] }),
                ("optimizer", { $0.optimizer = .sgd }), ("batch size", { $0.batchSize = .all }),
                ("seed", { $0.seed = 2 }), ("split seed", { $0.splitSeed = 2 }), ("shuffle", { $0.shuffle = false }),
                ("target", { $0.target = "x" }),
                ("tolerance", { $0.tolerance = 0.1 }), ("validation", { $0.validation = 0.2 }),
                ("weight decay", { $0.weightDecay = 0.1 }), ("schedule", { $0.schedule = .cosine }),
                ("schedule epochs", { $0.scheduleEpochs = 9 }), ("gamma", { $0.gamma = 0.5 }),
                ("step epochs", { $0.stepEpochs = 2 }), ("min rate", { $0.minimumRate = 0 }),
                ("warmup", { $0.warmup = 1 }),
                ("activation", { $0.activation = .relu }), ("loss", { $0.loss = .halfSquaredError }),
            ]
            for (name, change) in wrong {
                var options = TrainingOptions()
                change(&options)
                do {
                    _ = try TrainingSession.resume(1, in: registry, options: options)
                    Issue.record("\(name) was changed")
                } catch TrainingError.specChanged(1, let changes) {
                    #expect(changes.map(\.name) == [name])
                }
            }
            #expect(try registry.run(1).attemptCount == 1)
            let attempt = Fixture.attempt(7) {
                $0.threads = 2
                $0.keep = .last
            }
            let same = Fixture.options { $0.learningRate = TrainingDefaults.learningRate(.adam) }
            #expect(try ResumeTests.resume(registry, same, attempt)?.epochs == 7)
        }
    }

    @Test("A run that is being trained is not resumed")
    func aliveIsRefused() throws {
        try withTemporaryDirectory { folder in
            let registry = try Registry.open(at: "\(folder)/r.sqlite", for: .creating)
            let plan = try TrainingPlan(Fixture.classes(), options: Fixture.options())
            let session = try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(3))
            do {
                _ = try TrainingSession.resume(session.run, in: registry)
                Issue.record("it is alive")
            } catch RegistryError.alive(1, _, _) {}
            _ = try session.train()
        }
    }
}
