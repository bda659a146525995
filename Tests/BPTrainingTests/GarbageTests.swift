import BPCore
import BPData
import BPRegistry
import Foundation
import TestSupport
import Testing

@testable import BPTraining

@Suite("After gc")
struct GarbageTests {
    private func resumed(_ run: Int, in registry: Registry, epochs: Int? = nil) throws -> TrainingSession? {
        var attempt = AttemptOptions()
        (attempt.epochs, attempt.threads) = (epochs, 1)
        guard case .session(let session) = try TrainingSession.resume(run, in: registry, attempt: attempt) else {
            return nil
        }
        return session
    }

    /// The weights of every point that is kept: heads, pins, versions, and points on their lines.
    private func weights(_ registry: Registry, _ random: inout SplitMix64) throws -> [String: SHA256Digest] {
        var points: [String] = []
        for run in try registry.runs() where run.iterations > 0 {
            points += ["\(run.number)@last"] + (run.best == nil ? [] : ["\(run.number)@best"])
            points.append("\(run.number)@iteration:\(random.next() % UInt64(run.iterations))")
            for pin in try registry.pins(ofRun: run.number) {
                points.append("\(pin.run).\(pin.segment)@iteration:\(pin.iteration)")
                points.append("\(pin.run).\(pin.segment)@iteration:\(pin.iteration / 2)")
            }
        }
        for version in try registry.versions() {
            points += [version.name, "\(version.run).\(version.segment)@iteration:\(version.iteration)"]
        }
        return try Dictionary(
            points.map { ($0, try LoadedModel(Reference($0), in: registry).weightsSHA256) },
            uniquingKeysWith: { first, _ in first })
    }

    /// A move at random, made in all of `registries` alike.
    private func move(_ registries: [Registry], _ random: inout SplitMix64) throws {
        let runs = try registries[0].runs().map(\.number)
        let run = runs[Int(random.next() % UInt64(runs.count))]
        let record = try registries[0].run(run)
        let first = (record.parent?.iteration ?? 0)
        guard record.iterations > first else { return }
        let iteration = first + Int(random.next() % UInt64(record.iterations - first))
        let (kind, number) = (random.next() % 6, random.next())
        for registry in registries {
            do {
                switch kind {
                case 0, 1:
                    _ = try registry.rollback(to: registry.point(.iteration(iteration), ofRun: run))
                case 2:
                    let state = try PointState(Reference("\(run)@iteration:\(iteration)"), in: registry)
                    _ = try state.pin(named: nil, in: registry)
                case 3:
                    var options = TrainingOptions()
                    options.learningRate = 0.01 + Double(number % 5) / 100
                    let plan = try TrainingPlan(
                        forking: Reference("\(run)@iteration:\(iteration)"), in: registry, options: options)
                    _ = try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(9)).train()
                default:
                    _ = try resumed(run, in: registry, epochs: 6 + Int(number % 6))?.train()
                }
            } catch is RegistryError {} catch is TrainingError {}
        }
    }

    @Test("every kept point has the same weights, and what goes on from it is what it is where gc never was")
    func random() throws {
        let seed = testSeed()
        print("seed of the random histories: \(seed)")
        var random = SplitMix64(seed)
        try withTemporaryDirectory(inMemory: true) { folder in
            let plan = try TrainingPlan(Fixture.classes(), options: Fixture.options { $0.optimizer = .adam })
            let registries = try ["never", "gc"].map { name in
                let registry = try Registry.open(at: "\(folder)/\(name).sqlite", for: .creating, durability: .off)
                _ = try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(8)).train()
                return registry
            }
            for round in 0..<4 {
                for _ in 0..<5 { try move(registries, &random) }
                var (one, other) = (random, random)
                let before = try weights(registries[1], &one)
                let told = try registries[1].garbage()
                let report = try registries[1].collectGarbage()
                #expect(told.kinds == report.kinds, "seed \(seed), round \(round)")
                let after = try weights(registries[1], &other)
                #expect(after == before, "seed \(seed), round \(round)")
                let findings = try registries[1].verify().findings
                #expect(findings == [], "seed \(seed), round \(round)")
                #expect(try registries[1].collectGarbage().isEmpty, "seed \(seed), round \(round)")
            }
            for run in try registries[0].runs().map(\.number) {
                for registry in registries { _ = try? resumed(run, in: registry, epochs: 14)?.train() }
                let contents = try registries.map { try RunContent(run, in: $0) }
                #expect(contents[0] == contents[1], "seed \(seed), run \(run)")
                let audit = try Audit(run: run, in: registries[1]).run()
                #expect(audit.isReproduced, "seed \(seed), run \(run)")
            }
            #expect(try registries[1].verify().findings == [], "seed \(seed)")
        }
    }

    @Test("audit, divergence and models of what is freed tell that it is freed")
    func freed() throws {
        try withTemporaryDirectory(inMemory: true) { folder in
            let registry = try Registry.open(at: "\(folder)/r.sqlite", for: .creating, durability: .off)
            let plan = try TrainingPlan(Fixture.classes(), options: Fixture.options())
            _ = try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(5)).train()
            _ = try registry.rollback(to: registry.point(.epoch(2), ofRun: 1))
            _ = try resumed(1, in: registry, epochs: 4)?.train()
            _ = try registry.rollback(to: registry.point(.epoch(3), ofRun: 1))
            // The versions need their lines.
            #expect(try registry.garbage().runs.map(\.iterations).reduce(0, +) == 0)
            for number in [1, 2] { try registry.delete(.version(model: "points", number: number), cascade: true) }
            // Of segment 2, what segment 3 goes on from is in the same block as the rest.
            #expect(try registry.garbage().runs.map(\.iterations).reduce(0, +) == 0)
            _ = try registry.rollback(to: registry.point(.epoch(1), ofRun: 1))
            _ = try registry.collectGarbage()
            func isFreed(_ body: () throws -> Void) -> Bool {
                do { try body() } catch {
                    if case RegistryError.freed? = error as? RegistryError { return true }
                }
                return false
            }
            #expect(isFreed { _ = try Audit(run: 1, segment: 2, in: registry).run() })
            #expect(isFreed { _ = try LoadedModel(Reference("1.2@last"), in: registry) })
            #expect(isFreed { _ = try PointState(Reference("1.2@last"), in: registry) })
            #expect(isFreed { _ = try Divergence((1, 1), (1, 2), in: registry) })
            #expect(
                isFreed {
                    _ = try TrainingPlan(forking: Reference("1.2@last"), in: registry, options: TrainingOptions())
                })
            #expect(try Audit(run: 1, in: registry).run().isReproduced)
            #expect(try registry.verify().findings == [])
        }
    }
}
