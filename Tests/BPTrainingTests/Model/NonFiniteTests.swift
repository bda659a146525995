import BPCore
import BPData
import BPRegistry
import TestSupport
import Testing

@testable import BPTraining

/// Numbers that are not finite outside of a training step: they are no best epoch, no prediction, no version.
@Suite struct NonFiniteTests {
    /// y = 3x + noise; the value of each of `rows` is `value`, whose loss is not finite.
    private static func spiked(_ rows: [Int], _ value: Double = 1e21) throws -> Table {
        let table = try Fixture.numbers()
        guard case .f64(var numbers) = table.columns[1].values else { return table }
        for row in rows { numbers[row] = value }
        return try Table(name: "line", columns: [table.columns[0], Column(name: "y", values: .f64(numbers))])
    }

    private static let options = TrainingOptions(target: "y", hidden: [4], batchSize: .rows(8))

    private func train(
        _ table: Table, _ options: TrainingOptions = NonFiniteTests.options, epochs: Int = 4,
        _ check: (TrainingOutcome, Registry) throws -> Void
    ) throws {
        try withTemporaryDirectory { folder in
            let registry = try Registry.open(at: "\(folder)/r.sqlite", for: .creating)
            let plan = try TrainingPlan(table, options: options)
            try check(try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(epochs)).train(), registry)
            #expect(try registry.verify().findings == [])
            try registry.close()
        }
    }

    @Test("an infinite validation loss is never the best; the last epoch is kept, and the row is named")
    func validation() throws {
        let row = try TrainingPlan(Fixture.numbers(), options: NonFiniteTests.options).split.validation[3]
        try train(NonFiniteTests.spiked([row])) { outcome, registry in
            #expect(outcome.status == .finished && outcome.validationLoss == .infinity)
            #expect(outcome.best == nil && outcome.versionEpoch == 4)
            let fault = try #require(outcome.validationFault)
            #expect(!fault.isPrediction && fault.row.row == row + 1 && fault.row.columnName == "y")
            #expect(fault.row.value == "1e+21")
            #expect(try registry.run(1).best == nil)
            // The run alone means its last state, since there is no best one.
            let model = try LoadedModel(Reference("1"), in: registry)
            #expect(model.epoch == 4 && model.weightsSHA256 == outcome.weightsSHA256)
        }
    }

    @Test("a test row whose loss is not finite is named")
    func test() throws {
        let row = try TrainingPlan(Fixture.numbers(), options: NonFiniteTests.options).split.test[2]
        try train(NonFiniteTests.spiked([row])) { outcome, _ in
            #expect(outcome.best != nil && outcome.validationFault == nil)
            #expect(outcome.test?.nonFinite?.row.row == row + 1)
        }
    }

    @Test("a prediction that is not finite names the row, the column that is farthest away and its value")
    func prediction() throws {
        let table = try Fixture.numbers()
        var options = NonFiniteTests.options
        (options.activation, options.hidden, options.learningRate) = (.relu, [32, 32, 32], 0.05)
        let model = try TrainingPlan(table, options: options).trainUnrecorded(epochs: 10, threads: 1).model
        let far = try Table(name: "far", columns: [Column(name: "x", values: .f64([1, 5, 6e38, 2]))])
        do {
            _ = try model.predict(far)
            Issue.record("it was predicted")
        } catch let error as DataError {
            #expect(error.row == 3 && error.columnName == "x" && error.value == "6e+38" && error.kind == .badValue)
        }
        #expect(
            try model.predict(Table(name: "far", columns: [Column(name: "x", values: .f64([1, 5, 60, 2]))])).numbers
                .count == 4)
        // As a measure it is told, and as text it is no class.
        let measured = try Table(
            name: "far",
            columns: [Column(name: "x", values: .f64([1, 6e38])), Column(name: "y", values: .f64([103, 7]))])
        #expect(try model.evaluate(measured).nonFinite?.isPrediction == true)
    }

    @Test("weights that the last update made infinite become no version")
    func weights() throws {
        try withTemporaryDirectory { folder in
            let registry = try Registry.open(at: "\(folder)/r.sqlite", for: .creating)
            var options = NonFiniteTests.options
            (options.learningRate, options.batchSize, options.validation) = (3e38, .all, 0)
            let plan = try TrainingPlan(Fixture.numbers(), options: options)
            let session = try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(1))
            do {
                _ = try session.train()
                Issue.record("it finished")
            } catch TrainingError.weightsNotFinite(let what) { #expect(what == "run 1 after epoch 1") }
            #expect(try registry.run(1).status == .failed && registry.versions(ofRun: 1).isEmpty)
            do {
                _ = try registry.makeVersion(of: Reference("1@last"))
                Issue.record("it became a version")
            } catch TrainingError.weightsNotFinite {}
            #expect(try registry.verify().findings == [])
            try registry.close()
        }
    }

    @Test("the gradient check does not pass a gradient that is no number")
    func gradient() throws {
        let plan = try TrainingPlan(NonFiniteTests.spiked([]), options: NonFiniteTests.options)
        var huge = TrainingPlan(
            spec: plan.spec, table: plan.table, model: plan.model, data: plan.data, notes: [], warnings: [],
            imported: [Float](repeating: 3e38, count: plan.spec.network.parameterCount))
        huge.spec.firstWeights = .imported(sha256: SHA256.hash(""))
        let check = try GradientCheck(huge)
        #expect(check.layers.contains { !($0.worst <= check.bound) })
    }

    @Test("R² is undefined where the target does not vary")
    func undefined() throws {
        #expect(Scores.r2([1, 2], [1, 3]) == 0.5)
        #expect(Scores.r2([1], [1]) == nil && Scores.r2([], []) == nil && Scores.r2([1], [2]) == nil)
        #expect(Scores.r2([2, 2, 2], [2, 2, 2]) == nil && Scores.r2([1, 2, 3], [2, 2, 2]) == nil)
        // The mean of equal numbers may be rounded, so that they seem to vary.
        #expect(Scores.r2([0.1, 0.1, 0.1], [0.1, 0.1, 0.1]) == nil)
        try train(Fixture.numbers(rows: 5), TrainingOptions(target: "y", hidden: [3])) { outcome, registry in
            guard case .regression(let r2, let absolute, _)? = outcome.test?.scores else { return }
            #expect(r2 == nil && absolute.isFinite)
            #expect(try registry.epochs(ofRun: 1).allSatisfy { $0.validationScore?.isNaN == true })
            #expect(try registry.metrics(ofRun: 1).allSatisfy { $0.name != "test_r2" })
            let version = try registry.version(ofModel: "line", 1)
            #expect(version.metricsJSON.contains("\"r2\":null") && version.metricsJSON.contains("\"val_score\":null"))
        }
    }

    @Test("the majority share is that of the most frequent class")
    func majority() throws {
        let table = try Fixture.classes(rows: 90)
        let model = try TrainingPlan(table, options: Fixture.options()).trainUnrecorded(epochs: 1, threads: 1).model
        let evaluation = try model.evaluate(table, rows: [0, 1, 3, 6, 2])
        #expect(evaluation.majorityShare == 0.6 && evaluation.majority?.name == "a" && evaluation.majority?.count == 3)
    }
}
