import BPCore
import BPData
import BPRegistry
import BPTraining
import TestSupport
import Testing

/// A stopped and resumed run equals one that was never stopped.
@Suite struct ResumeTests {
    static let rules: [TrainingOptions.OptimizerName] = [.sgd, .momentum, .adam]

    @Test(arguments: rules)
    func trainingIsRecordedWhole(rule: TrainingOptions.OptimizerName) throws {
        try withTemporaryDirectory { folder in
            let registry = try Registry.open(at: "\(folder)/r.sqlite", for: .creating)
            let plan = try TrainingPlan(Fixture.classes(), options: Fixture.options { $0.optimizer = rule })
            let outcome = try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(12)).train()
            #expect(outcome.status == .finished)
            #expect(outcome.epochs == 12)
            let run = try registry.run(outcome.run)
            #expect(try registry.losses(ofRun: 1).count == outcome.iterations)
            #expect(try registry.epochs(ofRun: 1).map(\.epoch) == Array(1...12))
            #expect(run.iterationsPerEpoch * 12 == outcome.iterations)
            #expect(outcome.version == "points:1")
            #expect(try registry.versions(ofRun: 1).first?.weights?.hex == outcome.weightsSHA256)
            try registry.close()
        }
    }

    @Test(arguments: rules, [1, 3, 17, 40, 63])
    func resumedEqualsUninterrupted(rule: TrainingOptions.OptimizerName, stopAfter: Int) throws {
        try withTemporaryDirectory { folder in
            let plan = try TrainingPlan(Fixture.classes(), options: Fixture.options { $0.optimizer = rule })
            let whole = try Registry.open(at: "\(folder)/whole.sqlite", for: .creating)
            _ = try TrainingSession.start(plan, in: whole, attempt: Fixture.attempt(9)).train()
            let parts = try Registry.open(at: "\(folder)/parts.sqlite", for: .creating)
            var looks = 0
            let stopped = try TrainingSession.start(plan, in: parts, attempt: Fixture.attempt(9))
                .train(stop: {
                    looks += 1
                    return looks >= stopAfter ? .program : nil
                })
            if stopped.status == .stopped {
                guard case .session(let session) = try TrainingSession.resume(in: parts) else {
                    Issue.record("nothing to resume")
                    return
                }
                #expect(try session.train().status == .finished)
            }
            #expect(try RunContent(1, in: parts) == RunContent(1, in: whole))
        }
    }
}
