import BPCore
import BPData
import BPRegistry
import TestSupport
import Testing

@testable import BPTraining

@Suite("Audit and divergence")
struct AuditTests {
    /// Run 1 is trained; run 2 has the same spec and data, and what `change` makes of the same record.
    private func withForgery(
        _ change: (inout Forgery) throws -> Void, _ body: (Registry) throws -> Void
    ) throws {
        try withTemporaryDirectory(inMemory: true) { folder in
            let registry = try Registry.open(at: "\(folder)/r.sqlite", for: .creating)
            let plan = try TrainingPlan(Fixture.classes(), options: Fixture.options())
            _ = try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(4)).train()
            var forgery = Forgery(
                losses: try registry.losses(ofRun: 1), epochs: try registry.epochs(ofRun: 1),
                weights: try LoadedModel(Reference("1@last"), in: registry).model.parameters)
            try change(&forgery)
            let session = try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(4))
            let keyframe = NewKeyframe(iteration: 32, epoch: 4, kind: .weights, role: .best, optimizerStep: 32)
            let staged = try session.writer.stage(
                keyframe, tensors: [NewTensor("parameters", floats: forgery.weights)])
            try session.writer.commit(
                RunCommit(
                    losses: forgery.losses, epochs: forgery.epochs, keyframes: [staged],
                    end: RunEnd(status: .stopped, reason: "made by hand")))
            try session.writer.close()
            let findings = try registry.verify().findings
            #expect(findings == [], "for verify it is sound")
            try body(registry)
        }
    }

    private struct Forgery {
        var losses: [Float]
        var epochs: [EpochRecord]
        var weights: [Float]
    }

    @Test("A true record is reproduced, and the counts say how much was compared")
    func reproduced() throws {
        try withForgery({ _ in }) { registry in
            for run in 1...2 {
                let report = try Audit(run: run, in: registry).run()
                #expect(report.isReproduced)
                #expect([report.iterations, report.lineIterations, report.epochs] == [32, 32, 4])
                #expect(report.keyframes >= 1)
            }
        }
    }

    @Test("A loss that is another in its last bit is found, with both values")
    func loss() throws {
        try withForgery({ $0.losses[16] = $0.losses[16].nextUp }) { registry in
            let difference = try #require(try Audit(run: 2, in: registry).run().difference)
            #expect(difference.iteration == 17)
            let losses = try [1, 2].map { try registry.losses(ofRun: $0)[16] }
            #expect(difference.subject == .loss(recorded: losses[1], recomputed: losses[0]))
            #expect(difference.cause.contains("computed otherwise"))
        }
    }

    @Test("A measure of an epoch that is another is found", arguments: ["loss", "val_loss", "val_score"])
    func epoch(measure: String) throws {
        try withForgery({ forgery in
            let old = forgery.epochs[2]
            forgery.epochs[2] = EpochRecord(
                epoch: old.epoch, iteration: old.iteration, loss: measure == "loss" ? old.loss.nextDown : old.loss,
                validationLoss: measure == "val_loss" ? old.validationLoss?.nextDown : old.validationLoss,
                validationScore: measure == "val_score" ? 0.123 : old.validationScore, seconds: old.seconds)
        }) { registry in
            let difference = try #require(try Audit(run: 2, in: registry).run().difference)
            #expect(difference.iteration == 24)
            guard case .epoch(3, measure, _, _) = difference.subject else {
                Issue.record("\(difference.subject)")
                return
            }
        }
    }

    @Test("Weights of a keyframe that are others are found, where no loss witnesses them")
    func keyframe() throws {
        try withForgery({ $0.weights[0] = $0.weights[0].nextUp }) { registry in
            let difference = try #require(try Audit(run: 2, in: registry).run().difference)
            #expect(difference.iteration == 32)
            guard case .keyframe(.best, tensor: "parameters", _, _) = difference.subject else {
                Issue.record("\(difference.subject)")
                return
            }
        }
    }

    @Test("The first of several differences is told, whichever thread is the first")
    func first() throws {
        try withForgery({ forgery in for index in [9, 20, 30] { forgery.losses[index] = 1 } }) { registry in
            for threads in [1, 2, 4] {
                let report = try Audit(run: 2, in: registry).run(threads: threads)
                #expect(report.difference?.iteration == 10)
            }
        }
    }

    @Test("A sample recomputes as many stretches as asked, the same for the same seed")
    func sample() throws {
        try withTemporaryDirectory(inMemory: true) { folder in
            let registry = try Registry.open(at: "\(folder)/r.sqlite", for: .creating)
            let plan = try TrainingPlan(Fixture.classes(), options: Fixture.options())
            // A keyframe wherever the trainer looks up.
            let attempt = Fixture.attempt(400) { $0.keyframeSeconds = 0 }
            _ = try TrainingSession.start(plan, in: registry, attempt: attempt).train()
            let whole = try Audit(run: 1, in: registry).run()
            #expect(whole.isReproduced)
            #expect(whole.iterations == 3_200)
            #expect(whole.audited == whole.stretches)
            let one = try Audit(run: 1, extent: .sample(1, seed: 3), in: registry).run()
            let again = try Audit(run: 1, extent: .sample(1, seed: 3), in: registry).run()
            #expect(one == again)
            #expect(one.audited == 1)
            for seed in 0..<20 as Range<UInt64> {
                let drawn = try Audit(run: 1, extent: .sample(1, seed: seed), in: registry).run()
                #expect(drawn.iterations > 0, "what begins the run without an iteration is not drawn")
            }
            #expect(throws: TrainingError.self) { try Audit(run: 1, extent: .sample(0, seed: 3), in: registry) }
        }
    }

    @Test("A run that diverged is reproduced, its last loss and all")
    func diverged() throws {
        try withTemporaryDirectory(inMemory: true) { folder in
            let registry = try Registry.open(at: "\(folder)/r.sqlite", for: .creating)
            let plan = try TrainingPlan(
                Fixture.numbers(),
                options: {
                    var options = TrainingOptions()
                    (options.target, options.optimizer, options.learningRate) = ("y", .sgd, 1e30)
                    options.activation = .identity
                    return options
                }())
            let outcome = try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(20)).train()
            #expect(outcome.status == .diverged)
            let report = try Audit(run: 1, in: registry).run()
            #expect(report.isReproduced, "\(String(describing: report.difference))")
            #expect(report.iterations == outcome.iterations)
            // Nothing goes on from an update that was refused.
            #expect(throws: TrainingError.self) {
                try TrainingPlan(forking: Reference("1@last"), in: registry, options: TrainingOptions())
            }
        }
    }

    // MARK: Divergence

    private func divergence(
        _ first: TrainingOptions, _ second: TrainingOptions, epochs: Int = 12
    ) throws -> Divergence {
        try withTemporaryDirectory(inMemory: true) { folder in
            let registry = try Registry.open(at: "\(folder)/r.sqlite", for: .creating)
            for options in [first, second] {
                let plan = try TrainingPlan(Fixture.classes(), options: options)
                _ = try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(epochs)).train()
            }
            return try Divergence((1, nil), (2, nil), in: registry)
        }
    }

    @Test("Equal runs part nowhere")
    func equal() throws {
        let divergence = try divergence(Fixture.options(), Fixture.options())
        #expect(divergence.isNone)
        #expect(divergence.settings == [])
    }

    @Test("Other first weights part at iteration 0, another rate with the first update")
    func beginnings() throws {
        let seeds = try divergence(Fixture.options(), Fixture.options { $0.initializer = .heUniform })
        #expect(seeds.firstState?.iteration == 0)
        #expect(seeds.firstLoss?.iteration == 1)
        let rates = try divergence(Fixture.options(), Fixture.options { $0.learningRate = 0.006 })
        #expect(rates.firstState?.iteration == 1)
        #expect(rates.firstState?.differing == [1, 2])
        #expect(rates.settings.map(\.name) == ["learning_rate"])
        let networks = try divergence(Fixture.options(), Fixture.options { $0.hidden = [5] })
        #expect(networks.incomparable != nil)
    }

    @Test("A fork parts with its own first update, wherever that is", arguments: [1, 50, 77])
    func fork(iteration: Int) throws {
        try withTemporaryDirectory(inMemory: true) { folder in
            let registry = try Registry.open(at: "\(folder)/r.sqlite", for: .creating)
            let plan = try TrainingPlan(Fixture.classes(), options: Fixture.options())
            _ = try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(12)).train()
            var options = TrainingOptions()
            options.learningRate = 0.006
            let forked = try TrainingPlan(
                forking: Reference("1@iteration:\(iteration)"), in: registry, options: options)
            _ = try TrainingSession.start(forked, in: registry, attempt: Fixture.attempt(12)).train()
            let divergence = try Divergence((1, nil), (2, nil), in: registry)
            #expect(divergence.firstState?.iteration == iteration + 1)
            #expect(divergence.firstLoss?.iteration == iteration + 2)
        }
    }
}
