import BPCore
import BPData
import BPRegistry
import BPTraining
import TestSupport
import Testing

/// What a run computes and what is recorded of it.
@Suite struct TrainingTests {
    private func train(
        _ table: Table, _ options: TrainingOptions, epochs: Int = 5, _ check: (TrainingOutcome, Registry) throws -> Void
    ) throws {
        try withTemporaryDirectory { folder in
            let registry = try Registry.open(at: "\(folder)/r.sqlite", for: .creating)
            let plan = try TrainingPlan(table, options: options)
            let outcome = try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(epochs)).train()
            try check(outcome, registry)
            #expect(try registry.verify().findings == [])
            try registry.close()
        }
    }

    @Test("Everything is recorded: losses, epochs, a version, an evaluation", arguments: ResumeTests.rules)
    func recordedWhole(rule: Optimizer.Name) throws {
        try train(Fixture.classes(), Fixture.options { $0.optimizer = rule }, epochs: 12) { outcome, registry in
            #expect(outcome.status == .finished)
            #expect(outcome.version == "points:1")
            let run = try registry.run(1)
            #expect(run.iterationsPerEpoch == 8)
            #expect(run.iterations == 96)
            #expect(try registry.losses(ofRun: 1).count == 96)
            let epochs = try registry.epochs(ofRun: 1)
            #expect(epochs.map(\.epoch) == Array(1...12))
            #expect(run.best?.loss == epochs.compactMap(\.validationLoss).min())
            let version = try #require(registry.versions(ofRun: 1).first)
            #expect(version.weights == outcome.weightsSHA256)
            #expect(version.epoch == run.best?.epoch)
            #expect(try registry.evaluations(ofRun: 1).map(\.split) == ["test"])
            #expect(try registry.keyframes(ofRun: 1).map(\.role).contains(.start))
        }
    }

    @Test("An epoch's loss is the mean of its samples' losses, from the recorded float32 alone")
    func epochLoss() throws {
        try train(Fixture.classes(), Fixture.options()) { _, registry in
            // 64 rows in batches of 8 and one short one: ⌈62/8⌉ = 8, the last of 6.
            let rows = 62
            for epoch in try registry.epochs(ofRun: 1) {
                let losses = try registry.losses(ofRun: 1, from: epoch.iteration - 7, to: epoch.iteration)
                let sum = losses.enumerated().reduce(0.0) {
                    $0 + Double(min(8, rows - $1.offset * 8)) * Double($1.element)
                }
                #expect(Float(sum / Double(rows)) == epoch.loss)
            }
        }
    }

    @Test("The recorded run equals a loop of plain steps, to the bit")
    func equalsPlainSteps() throws {
        let table = try Fixture.classes()
        let options = Fixture.options {
            ($0.optimizer, $0.weightDecay) = (.momentum, 0.01)
            Fixture.schedule(.exponential, &$0)
        }
        let plan = try TrainingPlan(table, options: options)
        try train(table, options, epochs: 4) { _, registry in
            let spec = plan.spec
            let rows = plan.split.training
            let samples = try Samples(
                inputs: spec.encoding.encodeInputs(table, rows: rows).values,
                targets: spec.encoding.encodeTargets(table, rows: rows), count: rows.count,
                inputWidth: spec.network.inputs, targetWidth: spec.network.outputs)
            let trainer = try Backpropagation(
                network: spec.network, loss: spec.loss, optimizer: spec.optimizer, weightDecay: 0.01,
                batchCapacity: 8,
                compute: Compute(threads: 1))
            try trainer.initialize(#require(spec.firstWeights.initializer), seed: 1)
            var losses: [Float] = []
            for (epoch, rate) in zip(1..., [0.01, 0.02, 0.03, 0.03 * 0.6]) {
                let order = permutation(of: rows.count, seed: 1, epoch: epoch)
                for start in stride(from: 0, to: rows.count, by: 8) {
                    let range = start..<min(start + 8, rows.count)
                    let step = order.withUnsafeBufferPointer {
                        trainer.step(
                            samples, rows: $0, range: range, optimizerStep: losses.count + 1,
                            learningRate: rate)
                    }
                    losses.append(step.loss)
                }
            }
            #expect(try registry.losses(ofRun: 1) == losses)
            #expect(try LoadedModel(Reference("1@last"), in: registry).model.parameters == trainer.parameters)
        }
    }

    @Test("Every iteration can be restored by replay")
    func everyIteration() throws {
        try withTemporaryDirectory { folder in
            let plan = try TrainingPlan(Fixture.classes(), options: Fixture.options())
            let registry = try Registry.open(at: "\(folder)/r.sqlite", for: .creating)
            _ = try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(3)).train()
            var hashes: Set<SHA256Digest> = []
            for iteration in 0...24 {
                let restored = try LoadedModel(Reference("1@iteration:\(iteration)"), in: registry)
                #expect(restored.iteration == iteration)
                hashes.insert(restored.weightsSHA256)
                if iteration > 0, iteration % 8 == 0 {
                    let epoch = try LoadedModel(Reference("1@epoch:\(iteration / 8)"), in: registry)
                    #expect(epoch.weightsSHA256 == restored.weightsSHA256)
                }
            }
            #expect(hashes.count == 25)
            // A run stopped at an iteration ended in the state that replay gives.
            let stopped = try Registry.open(at: "\(folder)/s.sqlite", for: .creating)
            let outcome = try ResumeTests.train(
                TrainingSession.start(plan, in: stopped, attempt: Fixture.attempt(3)), looks: 4)
            let same = try LoadedModel(Reference("1@iteration:\(outcome.iterations)"), in: registry)
            #expect(outcome.weightsSHA256 == same.weightsSHA256)
        }
    }

    @Test("A regression is scored in the target's own units")
    func regression() throws {
        var options = TrainingOptions()
        (options.target, options.hidden, options.learningRate) = ("y", [8], 0.02)
        try train(Fixture.numbers(), options, epochs: 200) { outcome, registry in
            guard case .regression(let r2?, let absolute, _)? = outcome.test?.scores else {
                Issue.record("it is a regression")
                return
            }
            #expect(r2 > 0.95)
            #expect(absolute < 2)
            let model = try LoadedModel(Reference("line"), in: registry).model
            let points = try Table(name: "p", columns: [Column(name: "x", values: .f64([2, 5]))])
            let predicted = try model.predict(points).numbers
            #expect(abs(predicted[0] - 106) < 3)
            #expect(abs(predicted[1] - 115) < 3)
        }
    }

    @Test("A run that diverges ends at the state before, without a version")
    func divergence() throws {
        var options = TrainingOptions()
        (options.target, options.hidden, options.optimizer, options.learningRate) = ("y", [8], .sgd, 1e18)
        (options.activation, options.batchSize) = (.identity, .rows(8))
        try train(Fixture.numbers(), options, epochs: 50) { outcome, registry in
            #expect(outcome.status == .diverged)
            #expect(outcome.version == nil)
            let run = try registry.run(1)
            #expect(run.status == .diverged)
            let losses = try registry.losses(ofRun: 1)
            #expect(losses.dropLast().allSatisfy { $0.isFinite })
            let keyframes = try registry.keyframes(ofRun: 1)
            let end = try #require(keyframes.last { $0.role == .end })
            #expect(end.iteration == losses.count - 1)
            #expect(
                try LoadedModel(Reference("1@iteration:\(end.iteration)"), in: registry).weightsSHA256
                    == outcome.weightsSHA256)
            do {
                _ = try TrainingSession.resume(1, in: registry)
                Issue.record("a run that diverged cannot go on")
            } catch TrainingError.notResumable(1, .diverged, _) {}
        }
    }

    @Test("The whole split as one batch: an iteration is an epoch, in order")
    func batchGradientDescent() throws {
        try train(Fixture.classes(), Fixture.options { $0.batchSize = .all }, epochs: 7) { outcome, registry in
            #expect(outcome.iterations == 7)
            let losses = try registry.losses(ofRun: 1)
            #expect(try registry.epochs(ofRun: 1).map(\.loss) == losses)
            #expect(try registry.settings(ofRun: 1).contains(Setting("shuffle", .bool(false))))
        }
    }

    @Test("Two classes on a sigmoid output need one output")
    func logisticOutput() throws {
        var options = Fixture.options { $0.outputActivation = .sigmoid }
        options.target = "shape"
        try train(Fixture.classes(), options) { _, registry in
            let model = try LoadedModel(Reference("points"), in: registry).model
            #expect(model.network.outputs == 1)
            #expect(try model.predict(Fixture.classes()).probabilities.count == 180)
        }
    }

    @Test("Threads change no bit, and recording changes none")
    func determinism() throws {
        let plan = try TrainingPlan(Fixture.classes(rows: 900), options: Fixture.options { $0.batchSize = .rows(64) })
        let unrecorded = try plan.trainUnrecorded(epochs: 3, threads: 1)
        var contents: [RunContent] = []
        for threads in 1...4 {
            try withTemporaryDirectory { folder in
                let registry = try Registry.open(at: "\(folder)/r.sqlite", for: .creating)
                _ = try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(3) { $0.threads = threads })
                    .train()
                contents.append(try RunContent(1, in: registry))
                let last = try LoadedModel(Reference("1@last"), in: registry).model
                #expect(last.parameters == unrecorded.model.parameters)
                #expect(try registry.epochs(ofRun: 1).map(\.loss) == unrecorded.epochs.map(\.loss))
            }
        }
        #expect(contents.allSatisfy { $0 == contents[0] })
    }
}
