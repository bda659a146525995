import BPCore
import BPRegistry
import BPTransfer
import TestSupport
import Testing

@testable import BPTraining

/// Two people train one run in turn, and hand it to each other.
@Suite("A run that goes from one registry to another and comes back")
struct ExtendTests {
    private struct Missing: Error {}

    /// Goes on to `epochs`, or until the `looks`-th look at the stop request.
    private func goOn(in registry: Registry, to epochs: Int, looks: Int = .max) throws {
        // Not less than the epoch that is begun.
        let run = try registry.run(1)
        let begun = (run.iterations + run.iterationsPerEpoch - 1) / run.iterationsPerEpoch
        switch try TrainingSession.resume(1, in: registry, attempt: Fixture.attempt(max(epochs, begun))) {
        case .session(let session): _ = try ResumeTests.train(session, looks: looks)
        case .nothingToDo: break
        }
    }

    private func hand(_ from: Registry, _ to: Registry) throws -> RestoreReport {
        try from.withTransferSource(of: .all) { try to.restore(from: $0) }
    }

    /// The run equals the one that was trained without a break, and all is proven.
    private func check(_ registry: Registry, equals straight: RunContent, _ seed: UInt64) throws {
        var content = try RunContent(1, in: registry)
        #expect(content.versions.contains(straight.versions[0]), "seed \(seed)")
        content.versions = straight.versions
        #expect(content == straight, "seed \(seed)")
        #expect(try registry.verify().findings == [], "seed \(seed)")
        #expect(try Audit(run: 1, in: registry).run().isReproduced, "seed \(seed)")
    }

    @Test(
        "is at its end the run that was trained without a break, whoever went on and however far",
        arguments: [Optimizer.Name.sgd, .momentum, .adam])
    func ping(rule: Optimizer.Name) throws {
        let seed = testSeed()
        var random = SplitMix64(seed ^ UInt64(rule.rawValue.utf8.reduce(0) { $0 * 31 + Int($1) }))
        let plan = try TrainingPlan(Fixture.classes(), options: Fixture.options { $0.optimizer = rule })
        try withTemporaryDirectory(inMemory: true) { folder in
            let whole = try Registry.open(at: "\(folder)/whole.sqlite", for: .creating)
            _ = try TrainingSession.start(plan, in: whole, attempt: Fixture.attempt(14)).train()
            let straight = try RunContent(1, in: whole)
            for round in 0..<6 {
                let registries = try ["a", "b"].map {
                    try Registry.open(at: "\(folder)/\($0)\(round).sqlite", for: .creating)
                }
                let looks = Int.random(in: 2...9, using: &random)
                _ = try ResumeTests.train(
                    TrainingSession.start(plan, in: registries[0], attempt: Fixture.attempt(3)), looks: looks)
                _ = try hand(registries[0], registries[1])
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    let ahead = Int.random(in: 0...1, using: &random)
                    // Sometimes both go on; the one who is ahead hands it over.
                    if Bool.random(using: &random) {
                        try goOn(
                            in: registries[1 - ahead], to: Int.random(in: 3...12, using: &random),
                            looks: Int.random(in: 1...6, using: &random))
                    }
                    try goOn(
                        in: registries[ahead], to: Int.random(in: 3...13, using: &random),
                        looks: Int.random(in: 2...9, using: &random))
                    let lengths = try registries.map { try $0.run(1).iterations }
                    let longer = lengths[0] >= lengths[1] ? 0 : 1
                    let report = try hand(registries[longer], registries[1 - longer])
                    if lengths[0] != lengths[1] { #expect(report.runs.map(\.outcome) == [.extended], "seed \(seed)") }
                    #expect(report.runs.map(\.iterations) == [lengths[longer]], "seed \(seed)")
                    // The other way there is nothing to extend, but versions that only the other one made.
                    let back = try hand(registries[1 - longer], registries[longer])
                    #expect(back.runs.allSatisfy { $0.iterations == lengths[longer] }, "seed \(seed)")
                    for registry in registries { #expect(try registry.verify().findings == [], "seed \(seed)") }
                    #expect(try hand(registries[longer], registries[1 - longer]).changedNothing, "seed \(seed)")
                }
                let last = Int.random(in: 0...1, using: &random)
                try goOn(in: registries[last], to: 14)
                #expect(try hand(registries[last], registries[1 - last]).runs.map(\.outcome) == [.extended])
                for registry in registries { try check(registry, equals: straight, seed) }
            }
        }
    }

    @Test("with a rollback and a fork in its past, which grow too")
    func lineage() throws {
        try withTemporaryDirectory(inMemory: true) { folder in
            let home = try Registry.open(at: "\(folder)/home.sqlite", for: .creating)
            let there = try Registry.open(at: "\(folder)/there.sqlite", for: .creating)
            let plan = try TrainingPlan(Fixture.classes(), options: Fixture.options { $0.optimizer = .adam })
            _ = try TrainingSession.start(plan, in: home, attempt: Fixture.attempt(5)).train()
            guard case .point(let point) = try home.resolve(Reference("1@iteration:20")) else { throw Missing() }
            _ = try home.rollback(to: point)
            let fork = try TrainingPlan(
                forking: Reference("1.1@iteration:27"), in: home, options: TrainingOptions(), table: nil)
            _ = try TrainingSession.start(fork, in: home, attempt: Fixture.attempt(6)).train()
            _ = try hand(home, there)
            for registry in [there, home] { try goOn(in: registry, to: registry === home ? 9 : 7) }
            guard
                case .session(let session) = try TrainingSession.resume(
                    2, in: home, attempt: Fixture.attempt(10))
            else { throw Missing() }
            _ = try session.train()
            #expect(try hand(home, there).runs.map(\.outcome) == [.extended, .extended])
            for run in 1...2 {
                var contents = try [home, there].map { try RunContent(run, in: $0) }
                #expect(Set(contents[1].versions).isSuperset(of: contents[0].versions))
                contents[1].versions = contents[0].versions
                #expect(contents[0] == contents[1])
                #expect(try Audit(run: run, in: there).run().isReproduced)
            }
            #expect(try there.verify().findings == [])
            #expect(try there.undoRollback(ofRun: 1).to.segment == 1)
        }
    }
}
