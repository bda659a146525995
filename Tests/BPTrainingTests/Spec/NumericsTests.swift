import BPCore
import BPData
import BPJSON
import BPRegistry
import TestSupport
import Testing

@testable import BPTraining

/// A run computes with the version of the numbers that its spec records, whatever new runs get.
@Suite("Numerics versions of runs")
struct NumericsTests {
    /// A registry with run 1 of 4 epochs of one batch of 150 rows, which is more than a block, planned with `numerics`.
    private func withRun(_ numerics: Numerics, _ body: (Registry, TrainingPlan) throws -> Void) throws {
        try withTemporaryDirectory(inMemory: true) { folder in
            let registry = try Registry.open(at: "\(folder)/r.sqlite", for: .creating)
            let options = Fixture.options { ($0.batchSize, $0.validation, $0.test) = (.rows(150), 0.1, 0) }
            var plan = try TrainingPlan(Fixture.classes(rows: 180), options: options)
            plan.spec.numerics = numerics.rawValue
            _ = try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(4)).train()
            try body(registry, plan)
        }
    }

    @Test("New runs get the newest version")
    func newest() throws {
        #expect(Numerics.newest == .second && numericsVersion == 2)
        #expect(try TrainingPlan(Fixture.classes(), options: Fixture.options()).spec.numerics == 2)
    }

    @Test("A run, its resume, its fork, its audit and its evaluation keep their version", arguments: Numerics.allCases)
    func kept(numerics: Numerics) throws {
        try withRun(numerics) { registry, plan in
            // The run as the core alone computes it.
            let loop = try TrainingLoop(spec: plan.spec, data: plan.data, compute: Compute(threads: 1))
            #expect(loop.trainer.numerics == numerics)
            var listener = LossListener()
            _ = try loop.run(until: 6, listener: &listener)

            guard case .session(let session) = try TrainingSession.resume(1, in: registry, attempt: Fixture.attempt(6))
            else {
                Issue.record("two epochs were left")
                return
            }
            _ = try session.train()
            let fork = try TrainingPlan(forking: Reference("1@iteration:3"), in: registry, options: .init())
            #expect(fork.spec.numerics == numerics.rawValue)
            _ = try TrainingSession.start(fork, in: registry, attempt: Fixture.attempt(6)).train()
            for run in [1, 2] {
                #expect(try RecordedRun.spec(registry, run: run).numerics == numerics.rawValue)
                #expect(try registry.losses(ofRun: run).map(\.bitPattern) == listener.losses.map(\.bitPattern))
                #expect(try Audit(run: run, in: registry).run().isReproduced)
            }

            // Versions and points compute their outputs as the run did.
            let compute = try Compute(threads: 1)
            let inputs = try plan.spec.encoding.encodeInputs(plan.table, rows: Array(0..<180)).values
            for reference in ["points:1", "1@iteration:3", "1@last", "2@last"] {
                let model = try LoadedModel(Reference(reference), in: registry).model
                #expect(model.numerics == numerics.rawValue)
                let outputs = try Numerics.allCases.map { version in
                    let trainer = try Backpropagation(
                        network: model.network, loss: model.loss, optimizer: .sgd(learningRate: 1), batchCapacity: 9,
                        numerics: version, compute: compute)
                    try trainer.setParameters(model.parameters)
                    return try trainer.outputs(of: inputs, count: 180).map(\.bitPattern)
                }
                #expect(try model.predict(plan.table).outputs.map(\.bitPattern) == outputs[numerics.rawValue - 1])
                #expect(outputs[0] != outputs[1], "the data do not tell the versions apart")
            }
        }
    }

    @Test("A version's description names the version of the numbers unless it is 1", arguments: Numerics.allCases)
    func description(numerics: Numerics) throws {
        try withRun(numerics) { registry, _ in
            let text = try #require(registry.versions(ofRun: 1).first).descriptionJSON
            #expect(try JSONValue(parsing: text)["numerics"]?.int == (numerics == .first ? nil : 2))
            let description = try TrainedModel.Description(json: text)
            #expect(description.numerics == numerics.rawValue)
            let parameters = try LoadedModel(Reference("points:1"), in: registry).model.parameters
            let model = try TrainedModel(description, parameters: parameters)
            #expect(model.descriptionJSON.serialized == text)
        }
    }

    @Test("A model of a version that this bpreg does not have still predicts, by the newest")
    func unknown() throws {
        try withRun(.second) { registry, plan in
            var text = try #require(registry.versions(ofRun: 1).first).descriptionJSON
            text.replace("\"numerics\":2", with: "\"numerics\":9")
            let parameters = try LoadedModel(Reference("points:1"), in: registry).model.parameters
            let model = try TrainedModel(TrainedModel.Description(json: text), parameters: parameters)
            let newest = try LoadedModel(Reference("points:1"), in: registry).model.predict(plan.table).outputs
            #expect(try model.predict(plan.table).outputs == newest)
            #expect(model.descriptionJSON.serialized == text)
            text.replace("\"numerics\":9", with: "\"numerics\":\"new\"")
            #expect(throws: TrainingError.self) { try TrainedModel.Description(json: text) }
        }
    }
}
