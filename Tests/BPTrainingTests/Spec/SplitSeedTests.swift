import BPCore
import BPJSON
import BPRegistry
import TestSupport
import Testing

@testable import BPTraining

@Suite("The seed of the split alone")
struct SplitSeedTests {
    private func spec(_ change: (inout TrainingOptions) -> Void = { _ in }) throws -> TrainingSpec {
        try TrainingPlan(Fixture.classes(), options: Fixture.options(change)).spec
    }

    @Test("it is in the spec only if it differs from the seed, so that every hash stays")
    func absent() throws {
        let plain = try spec().json
        #expect(plain["split_seed"] == nil)
        #expect(try spec { $0.splitSeed = 1 }.json.serialized == plain.serialized)
        let other = try spec { $0.splitSeed = 3 }
        #expect(other.json["split_seed"] == 3 && other.settings.contains { $0.name == "split_seed" })
        #expect(try TrainingSpec(json: JSONValue(parsing: other.json.serialized), run: 1) == other)
        #expect(try spec { ($0.seed, $0.splitSeed) = (3, 3) }.json["split_seed"] == nil)
        // One spec has one text.
        var members = try #require(plain.object)
        for wrong: JSONValue in [1, -1, "3", 3.5, .null] {
            members["split_seed"] = wrong
            #expect(throws: TrainingError.self, "\(wrong)") { try TrainingSpec(json: .object(members), run: 1) }
        }
    }

    @Test("without rows that are held out it is refused, and a fork has none to keep")
    func withoutSplit() throws {
        let error = #expect(throws: TrainingError.self) {
            try spec { ($0.validation, $0.test, $0.splitSeed) = (0, 0, 3) }
        }
        #expect(
            error?.description
                == "split seed is 3, but no rows are held out for validation or test")
        let plain = try spec { ($0.validation, $0.test) = (0, 0) }
        let table = try Fixture.classes()
        func forked(_ spec: TrainingSpec, _ change: (inout TrainingOptions) -> Void) throws -> TrainingSpec {
            var options = TrainingOptions()
            change(&options)
            return try spec.forked(options, run: 1, after: 1, table: table).spec
        }
        #expect(try forked(plain) { $0.seed = 4 }.json["split_seed"] == nil)
        let own = try spec { $0.splitSeed = 3 }
        #expect(try forked(own) { _ in }.json["split_seed"] == 3)
        #expect(try forked(own) { ($0.validation, $0.test) = (0, 0) }.json["split_seed"] == nil)
        #expect(try forked(own) { $0.seed = 3 }.json["split_seed"] == nil, "it is the seed now")
    }

    @Test("it draws the split, and the seed everything else")
    func parts() throws {
        let table = try Fixture.classes()
        let own = try spec { $0.splitSeed = 2 }
        #expect(try own.split(table) == spec { $0.seed = 2 }.split(table))
        #expect(try own.split(table) != spec().split(table))
        try withTemporaryDirectory(inMemory: true) { folder in
            let registry = try Registry.open(at: "\(folder)/r.sqlite", for: .creating)
            for (seed, splitSeed) in [(1, nil), (1, 2), (2, 2)] as [(Int, Int?)] {
                let options = Fixture.options { ($0.seed, $0.splitSeed) = (seed, splitSeed) }
                let plan = try TrainingPlan(table, options: options)
                _ = try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(2)).train()
            }
            let first = try (1...3).map { try LoadedModel(Reference("\($0)@iteration:0"), in: registry).weightsSHA256 }
            #expect(first[0] == first[1] && first[1] != first[2])
            for run in 1...3 { #expect(try Audit(run: run, in: registry).run().isReproduced) }
        }
    }

    @Test("a fork keeps its parent's split, also with another seed; another split begins where an epoch ends")
    func forks() throws {
        try withTemporaryDirectory(inMemory: true) { folder in
            let registry = try Registry.open(at: "\(folder)/r.sqlite", for: .creating)
            let plan = try TrainingPlan(Fixture.classes(), options: Fixture.options())
            _ = try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(3)).train()
            func fork(_ point: String, _ change: (inout TrainingOptions) -> Void) throws -> TrainingPlan {
                var options = TrainingOptions()
                change(&options)
                return try TrainingPlan(forking: Reference(point), in: registry, options: options)
            }
            #expect(try fork("1@epoch:2") { _ in }.spec.json["split_seed"] == nil)
            let seeded = try fork("1@epoch:2") { $0.seed = 4 }
            #expect(seeded.split == plan.split && seeded.spec.json["split_seed"] == 1 && seeded.warnings == [])
            _ = try TrainingSession.start(seeded, in: registry, attempt: Fixture.attempt(5)).train()
            #expect(try Audit(run: 2, in: registry).run().isReproduced)
            // Only the seed is another one, and a fork of the fork has the same split.
            #expect(try Divergence.settings(1, 2, in: registry).map(\.name) == ["seed"])
            #expect(try fork("2@epoch:4") { $0.seed = 1 }.spec.json["split_seed"] == nil)
            let other = try fork("1@epoch:2") { $0.splitSeed = 4 }
            #expect(other.split != plan.split)
            #expect(other.warnings.contains { $0.hasPrefix("split seed changed") })
            guard
                case .notAtEpochEnd(_, ["split seed"], 1)? = #expect(
                    throws: TrainingError.self, performing: { try fork("1@iteration:12") { $0.splitSeed = 4 } })
            else {
                Issue.record("another split inside an epoch")
                return
            }
            guard
                case .specChanged(1, let changes)? = #expect(
                    throws: TrainingError.self,
                    performing: {
                        try TrainingSession.resume(1, in: registry, options: TrainingOptions(splitSeed: 2))
                    })
            else {
                Issue.record("a resume with another split")
                return
            }
            #expect(changes.map(\.name) == ["split seed"] && changes.first?.recorded == "1")
        }
    }
}
