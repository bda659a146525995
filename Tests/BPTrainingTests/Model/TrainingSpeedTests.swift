import BPCore
import BPRegistry
import BPTraining
import TestSupport
import Testing

/// Rows and operations per second, from the record of a run.
@Suite struct TrainingSpeedTests {
    @Test("The operations of a row: 4-8-3 has 32 and 24 weights, and no error at the input")
    func operations() throws {
        let network = try Network(inputs: 4, layers: [(8, .sigmoid), (3, .sigmoid)])
        #expect(network.operationsPerRow == Double(2 * (3 * (32 + 24) - 32)))
        let single = try Network(inputs: 5, layers: [(2, .identity)])
        #expect(single.operationsPerRow == Double(2 * 2 * 10))
    }

    /// Whole numbers of each of the three classes of 30 rows go to validation and test.
    private let options = Fixture.options { ($0.validation, $0.test) = (0.2, 0.1) }

    private func withRegistry(_ body: (Registry) throws -> Void) throws {
        try withTemporaryDirectory(inMemory: true) { folder in
            try body(Registry.open(at: "\(folder)/r.sqlite", for: .creating))
        }
    }

    @Test("A training reports the rows of its epochs over their seconds, and the record gives the same")
    func training() throws {
        try withRegistry { registry in
            let plan = try TrainingPlan(Fixture.classes(), options: options)
            let session = try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(5))
            #expect(try TrainingSpeed(registry.run(1), spec: plan.spec, datasetRows: 90) == nil)
            let outcome = try session.train()
            let seconds = try registry.epochs(ofRun: 1).reduce(0) { $0 + $1.seconds }
            let speed = try #require(outcome.speed)
            #expect(abs(speed.rowsPerSecond * seconds / (5 * Double(plan.split.training.count)) - 1) < 1e-9)
            #expect(speed.gigaflops == speed.rowsPerSecond * plan.spec.network.operationsPerRow * 1e-9)
            #expect(try TrainingSpeed(registry.run(1), spec: plan.spec, datasetRows: 90) == speed)
        }
    }

    @Test("A fork's speed is that of its own epochs")
    func forks() throws {
        try withRegistry { registry in
            let plan = try TrainingPlan(Fixture.classes(), options: options)
            _ = try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(4)).train()
            let fork = try TrainingPlan(forking: Reference("1@epoch:2"), in: registry, options: TrainingOptions())
            let outcome = try TrainingSession.start(fork, in: registry, attempt: Fixture.attempt(5)).train()
            let seconds = try registry.run(2).seconds
            let speed = try #require(outcome.speed)
            #expect(abs(speed.rowsPerSecond * seconds / (3 * Double(plan.split.training.count)) - 1) < 1e-9)
        }
    }
}
