import BPCore
import BPRegistry
import BPTransfer
import TestSupport
import Testing

@testable import BPTraining

/// A run that left its registry goes on elsewhere as the one that stayed.
@Suite("A restored run")
struct TransferTests {
    private struct Missing: Error {}

    private func point(_ text: String, in registry: Registry) throws -> Point {
        guard case .point(let point) = try registry.resolve(Reference(text)) else { throw Missing() }
        return point
    }

    @discardableResult
    private func goOn(_ run: Int, to epochs: Int, in registry: Registry) throws -> TrainingOutcome {
        let resumed = try TrainingSession.resume(run, in: registry, attempt: Fixture.attempt(epochs))
        guard case .session(let session) = resumed else { throw Missing() }
        return try session.train()
    }

    /// Run 1 with a rollback in its past, run 2 forked from what was rolled back, rolled back itself.
    private func train(_ rule: Optimizer.Name, in registry: Registry) throws {
        let plan = try TrainingPlan(Fixture.classes(), options: Fixture.options { $0.optimizer = rule })
        _ = try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(6)).train()
        _ = try registry.rollback(to: point("1@iteration:29", in: registry))
        try goOn(1, to: 7, in: registry)
        let fork = try TrainingPlan(
            forking: Reference("1.1@iteration:37"), in: registry, options: TrainingOptions(), table: nil)
        _ = try TrainingSession.start(fork, in: registry, attempt: Fixture.attempt(7)).train()
        _ = try registry.rollback(to: point("2@iteration:44", in: registry))
    }

    @Test(
        "resumed by 10 epochs is the run that never left, with a rollback and a fork in its past, and the audit holds",
        arguments: [Optimizer.Name.sgd, .momentum, .adam])
    func resumed(rule: Optimizer.Name) throws {
        try withTemporaryDirectory(inMemory: true) { folder in
            let home = try Registry.open(at: "\(folder)/home.sqlite", for: .creating)
            try train(rule, in: home)
            let there = try Registry.open(at: "\(folder)/there.sqlite", for: .creating)
            let report = try home.withTransferSource(of: .run(2)) { try there.restore(from: $0) }
            #expect(report.runs.map(\.number) == [1, 2])
            #expect(try there.verify().findings == [])
            for run in 1...2 {
                #expect(try RunContent(run, in: there) == RunContent(run, in: home))
                #expect(try Audit(run: run, in: there).run().isReproduced)
                for registry in [home, there] { try goOn(run, to: 17, in: registry) }
                #expect(try RunContent(run, in: there) == RunContent(run, in: home))
                #expect(try RunContent(run, in: there).epochs.count == 17)
                #expect(try Audit(run: run, in: there).run().isReproduced)
            }
            #expect(try there.verify().findings == [])
            // What was superseded can be read there too.
            for reference in ["1.1@iteration:40", "2@iteration:20", "1@epoch:5"] {
                let weights = try [home, there].map { try LoadedModel(Reference(reference), in: $0).weightsSHA256 }
                #expect(weights[0] == weights[1])
            }
        }
    }

    @Test("that went on here and elsewhere: what was made there comes home, though attempts have the same numbers")
    func both() throws {
        try withTemporaryDirectory(inMemory: true) { folder in
            let home = try Registry.open(at: "\(folder)/home.sqlite", for: .creating)
            let plan = try TrainingPlan(Fixture.classes(), options: Fixture.options { $0.optimizer = .adam })
            _ = try TrainingSession.start(plan, in: home, attempt: Fixture.attempt(4)).train()
            let there = try Registry.open(at: "\(folder)/there.sqlite", for: .creating)
            _ = try home.withTransferSource(of: .all) { try there.restore(from: $0) }
            try goOn(1, to: 6, in: there)
            try goOn(1, to: 9, in: home)
            let report = try there.withTransferSource(of: .all) { try home.restore(from: $0) }
            #expect(report.runs.map(\.outcome) == [.alreadyThere])
            #expect(report.versions.map(\.outcome).filter { $0 == .added }.count == 1)
            let versions = try home.versions(ofRun: 1)
            #expect(versions.map(\.attempt) == [1, 2, nil])
            #expect(try home.verify().findings == [])
            #expect(try there.withTransferSource(of: .all) { try home.restore(from: $0) }.changedNothing)
            let forth = try home.withTransferSource(of: .all) { try there.restore(from: $0) }
            #expect(forth.runs.map(\.outcome) == [.extended])
            #expect(try there.versions(ofRun: 1).map(\.attempt) == [1, 2, 3])
            #expect(try RunContent(1, in: there).losses == RunContent(1, in: home).losses)
            #expect(try there.verify().findings == [])
        }
    }

    @Test("an interrupted run is resumed there, a rolled back one undone, and a fork of it is the fork made at home")
    func moves() throws {
        try withTemporaryDirectory(inMemory: true) { folder in
            let home = try Registry.open(at: "\(folder)/home.sqlite", for: .creating)
            let plan = try TrainingPlan(Fixture.classes(), options: Fixture.options { $0.optimizer = .adam })
            let stopped = try ResumeTests.train(
                TrainingSession.start(plan, in: home, attempt: Fixture.attempt(9)), looks: 3)
            #expect(stopped.status == .stopped)
            let there = try Registry.open(at: "\(folder)/there.sqlite", for: .creating)
            _ = try home.withTransferSource(of: .all) { try there.restore(from: $0) }
            for registry in [home, there] {
                #expect(try ResumeTests.resume(registry)?.status == .finished)
                _ = try registry.rollback(to: point("1@iteration:21", in: registry))
                _ = try registry.undoRollback(ofRun: 1)
                let fork = try TrainingPlan(
                    forking: Reference("1@epoch:4"), in: registry, options: TrainingOptions(), table: nil)
                _ = try TrainingSession.start(fork, in: registry, attempt: Fixture.attempt(8)).train()
            }
            for run in 1...2 { #expect(try RunContent(run, in: there) == RunContent(run, in: home)) }
            #expect(try there.verify().findings == [])
        }
    }

    @Test("weights that went to an archive are not trained from until they are back, and then as if they had stayed")
    func freeWeights() throws {
        try withTemporaryDirectory(inMemory: true) { folder in
            let home = try Registry.open(at: "\(folder)/home.sqlite", for: .creating)
            try train(.adam, in: home)
            let there = try Registry.open(at: "\(folder)/there.sqlite", for: .creating)
            _ = try home.withTransferSource(of: .all) { try there.restore(from: $0) }
            let contents = try home.withTransferSource(of: .all) { source in
                Set(
                    source.parts.compactMap { part -> SHA256Digest? in
                        if case .content(let digest) = part.name { digest } else { nil }
                    })
            }
            let archive = ArchiveName(path: "a.safetensors", digest: SHA256.hash("a"), bytes: 1)
            #expect(try home.freeWeights(of: .all, archivedIn: archive, holding: contents).tensors > 4)
            #expect(throws: RegistryError.self) { try LoadedModel(Reference("1@best"), in: home) }
            #expect(throws: RegistryError.self) { try self.goOn(1, to: 9, in: home) }
            #expect(try home.verify().findings == [])
            _ = try there.withTransferSource(of: .all) { try home.restore(from: $0) }
            for registry in [home, there] { try goOn(1, to: 9, in: registry) }
            #expect(try RunContent(1, in: home) == RunContent(1, in: there))
            #expect(try home.verify().findings == [])
        }
    }
}
