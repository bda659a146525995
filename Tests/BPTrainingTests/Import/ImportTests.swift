import BPCore
import BPData
import BPJSON
import BPRegistry
import TestSupport
import Testing

@testable import BPTraining

/// Weights of another program as a run of no iterations.
@Suite struct ImportTests {
    private static let origin = ImportOrigin(
        file: "net.safetensors", sha256: SHA256.hash("net"), format: "safetensors")

    private func registry(_ scratch: ScratchDirectory) throws -> Registry {
        try Registry.open(at: scratch.file(), for: .creating)
    }

    /// The first weights that the seed draws for `Fixture.options`, as layers of a file.
    private func drawn(_ table: Table) throws -> ImportedLayers {
        let spec = try TrainingPlan(table, options: Fixture.options()).spec
        let trainer = try Backpropagation(
            network: spec.network, loss: spec.loss, optimizer: spec.optimizer, batchCapacity: 8,
            compute: Compute(threads: 1))
        trainer.initialize(.glorotUniform, seed: 1)
        return ImportedLayers(
            sizes: spec.network.layers.map { ($0.inputs, $0.outputs) }, parameters: trainer.parameters)
    }

    private func plan(_ table: Table, model: String = "points") throws -> TrainingPlan {
        let options = Fixture.options { $0.activation = .tanh }
        return try TrainingPlan(
            importing: drawn(table), for: ImportData(table, options: options), scaling: .standard, model: model)
    }

    @Test("Trained on, imported weights become what the same weights become where the seed draws them, bit for bit")
    func sameTraining() throws {
        let (table, scratch) = (try Fixture.classes(), ScratchDirectory())
        let registry = try registry(scratch)
        let own = try TrainingSession.start(
            TrainingPlan(table, options: Fixture.options()), in: registry, attempt: Fixture.attempt(5)
        ).train()
        let version = try plan(table).recordImport(from: Self.origin, in: registry)
        #expect(version.run == 2 && version.iteration == 0)
        guard case .session(let session) = try TrainingSession.resume(2, in: registry, attempt: Fixture.attempt(5))
        else {
            Issue.record("nothing to do")
            return
        }
        let resumed = try session.train()
        #expect(resumed.weightsSHA256 == own.weightsSHA256)
        #expect(
            try registry.losses(ofRun: 2).map(\.bitPattern) == registry.losses(ofRun: 1).map(\.bitPattern))
        let fork = try TrainingSession.start(
            TrainingPlan(forking: Reference(version.name), in: registry, options: .init()), in: registry,
            attempt: Fixture.attempt(5)
        ).train()
        #expect(fork.weightsSHA256 == own.weightsSHA256)
    }

    @Test("It is a finished run of no iterations, sound, audited, and its version predicts what the weights predict")
    func record() throws {
        let (table, scratch) = (try Fixture.classes(), ScratchDirectory())
        let registry = try registry(scratch)
        let plan = try plan(table)
        let version = try plan.recordImport(from: Self.origin, in: registry)
        let run = try registry.run(1)
        #expect(run.status == .finished && run.iterations == 0 && run.epochs == 0)
        #expect(run.reason == "imported from net.safetensors")
        let model = try LoadedModel(Reference("points"), in: registry).model
        #expect(model.parameters == plan.imported)
        #expect(version.weights == weightsHash(plan.imported ?? []))
        #expect(try JSONValue(parsing: version.metricsJSON)["imported"] == Self.origin.json)
        let events = try registry.events(of: .run(1))
        #expect(
            try events.contains { try $0.kind == "imported" && JSONValue(parsing: $0.detailJSON) == Self.origin.json })
        #expect(try registry.verify().findings.isEmpty)
        let report = try Audit(run: 1, in: registry).run(threads: 1)
        #expect(report.difference == nil && report.keyframes == 1)
        // Any point of it, on any line.
        for reference in ["1@last", "1@epoch:0", "1.1@iteration:0"] {
            #expect(try LoadedModel(Reference(reference), in: registry).weightsSHA256 == version.weights)
        }
    }

    @Test("After a rollback to its beginning it trains as before")
    func rollback() throws {
        let (table, scratch) = (try Fixture.classes(), ScratchDirectory())
        let registry = try registry(scratch)
        _ = try plan(table).recordImport(from: Self.origin, in: registry)
        func resume() throws -> SHA256Digest? {
            guard case .session(let session) = try TrainingSession.resume(1, in: registry, attempt: Fixture.attempt(3))
            else { return nil }
            return try session.train().weightsSHA256
        }
        let first = try resume()
        _ = try registry.rollback(to: registry.point(.epoch(0), ofRun: 1))
        #expect(first != nil)
        let second = try resume()
        #expect(second == first)
        #expect(try Audit(run: 1, in: registry).run(threads: 1).difference == nil)
        #expect(try registry.verify().findings.isEmpty)
    }

    @Test("Weights that are not those of the spec are told")
    func otherWeights() throws {
        let (table, scratch) = (try Fixture.classes(), ScratchDirectory())
        let registry = try registry(scratch)
        var plan = try plan(table)
        plan.spec.firstWeights = .imported(sha256: SHA256.hash("others"))
        _ = try plan.recordImport(from: Self.origin, in: registry)
        #expect {
            _ = try Audit(run: 1, in: registry).run(threads: 1)
        } throws: {
            "\($0)".contains("are not the imported ones")
        }
    }

    @Test("The spec says it, is read back, and is refused where it says half of it")
    func spec() throws {
        let spec = try plan(Fixture.classes()).spec
        guard case .imported(let hash) = spec.firstWeights else {
            Issue.record("not imported")
            return
        }
        let json = try JSONValue(parsing: spec.json.serialized)
        #expect(json["initializer"] == "imported" && json["imported_weights"] == .string(hash.hex))
        #expect(try TrainingSpec(json: json, run: 1) == spec)
        var members = try #require(json.object)
        members["imported_weights"] = nil
        #expect(throws: TrainingError.self) { try TrainingSpec(json: .object(members), run: 1) }
        members["imported_weights"] = .string(hash.hex.uppercased())
        #expect(throws: TrainingError.self) { try TrainingSpec(json: .object(members), run: 1) }
        (members["imported_weights"], members["initializer"]) = (.string(hash.hex), "he-uniform")
        #expect(throws: TrainingError.self) { try TrainingSpec(json: .object(members), run: 1) }
    }

    @Test("What the file does not tell is asked for, and what it tells is not to be said")
    func questions() throws {
        let table = try Fixture.classes()
        let layers = try drawn(table)
        func importing(
            _ layers: ImportedLayers, _ scaling: ImportScaling?, _ change: (inout TrainingOptions) -> Void = { _ in }
        ) throws -> TrainingPlan {
            let options = Fixture.options {
                $0.activation = .tanh
                change(&$0)
            }
            return try TrainingPlan(
                importing: layers, for: ImportData(table, options: options), scaling: scaling, model: "m")
        }
        #expect { try importing(layers, .standard) { $0.activation = nil } } throws: {
            if case TrainingError.notInFile(name: "activation") = $0 { true } else { false }
        }
        #expect { try importing(layers, nil) } throws: {
            if case TrainingError.notInFile(name: "scaling") = $0 { true } else { false }
        }
        let scaled = ImportedLayers(
            sizes: layers.sizes, parameters: layers.parameters,
            inputScales: [2, 3, 0, 0].map { Scale(mean: $0, deviation: 1) })
        #expect { try importing(scaled, .standard) } throws: {
            if case TrainingError.setting(name: "scaling", _, _) = $0 { true } else { false }
        }
        let features = try importing(scaled, nil).spec.encoding.features
        #expect(features.first == .number(name: "x", scale: Scale(mean: 2, deviation: 1)))
        #expect(
            try importing(layers, ImportScaling.none).spec.encoding.features.first
                == .number(name: "x", scale: Scale(mean: 0, deviation: 1)))
        var broken = layers.parameters
        broken[3] = .nan
        #expect(throws: TrainingError.self) {
            try importing(ImportedLayers(sizes: layers.sizes, parameters: broken), .standard)
        }
    }

    @Test("A regression without scaling has its target as it is; a described model keeps its own encoding")
    func regression() throws {
        let table = try Fixture.numbers()
        var options = TrainingOptions()
        options.target = "y"
        let layers = ImportedLayers(sizes: [(1, 1)], parameters: [3, 100])
        let plan = try TrainingPlan(
            importing: layers, for: ImportData(table, options: options), scaling: ImportScaling.none, model: "line")
        let model = try TrainedModel(
            network: plan.spec.network, loss: plan.spec.loss, encoding: plan.spec.encoding,
            parameters: layers.parameters)
        let numbers = try model.predict(table).numbers
        for (row, number) in numbers.enumerated() {
            #expect(abs(number - (100 + 3 * (table.columns[0].number(at: row) ?? 0))) < 1e-3)
        }
        let again = try TrainingPlan(importing: model, table, options: .init(), model: "line")
        #expect(again.spec.encoding == plan.spec.encoding && again.imported == layers.parameters)
        options.target = "x"
        #expect(throws: TrainingError.self) {
            try TrainingPlan(importing: model, table, options: options, model: "line")
        }
    }
}
