import BPData
import BPRegistry
import BPTransfer
import Foundation
import TestSupport
import Testing

@testable import BPTraining

/// A run whose data the registry keeps by hash alone remembers how they were read.
@Suite("Data that are kept by their hash")
struct ReadingTests {
    private struct Missing: Error {}

    /// Rows of two numbers and a category with spaces around it, and their labels in another file.
    private func writeFiles(_ folder: String) throws -> (rows: String, labels: String) {
        var (rows, labels) = ("x,y,shape\n", "kind\n")
        let table = try Fixture.classes()
        for row in 0..<table.rowCount {
            let text = table.columns.map { $0.text(at: row) }
            rows += "\(text[0]),\(text[1]), \(text[2]) \n"
            labels += text[3] + "\n"
        }
        try rows.write(toFile: "\(folder)/rows.csv", atomically: true, encoding: .utf8)
        try labels.write(toFile: "\(folder)/kinds.csv", atomically: true, encoding: .utf8)
        return ("\(folder)/rows.csv", "\(folder)/kinds.csv")
    }

    private func train(
        _ table: Table, in registry: Registry, looks: Int = .max, rate: Double = 0.05
    ) throws -> TrainingOutcome {
        let options = Fixture.options { ($0.target, $0.learningRate) = ("label", rate) }
        let session = try TrainingSession.start(
            TrainingPlan(table, options: options), in: registry, attempt: Fixture.attempt(4), datasetLimit: 10)
        return try ResumeTests.train(session, looks: looks)
    }

    private func read(_ folder: String, _ rules: ReadingRules) throws -> Table {
        let files = try writeFiles(folder)
        return try TableReader(choices: TableChoices(labels: files.labels), rules: rules).read(path: files.rows)
    }

    @Test("are read again with the labels and by the rules of their run", arguments: [1, 2])
    func resumed(version: Int) throws {
        let rules = try #require(ReadingRules(version: version))
        try withTemporaryDirectory { folder in
            let registry = try Registry.open(at: "\(folder)/r.sqlite", for: .creating)
            #expect(try train(read(folder, rules), in: registry, looks: 3).status == .stopped)
            #expect(try registry.datasets().map(\.isStored) == [false])
            let run = try registry.run(1)
            #expect(try RunReading(of: run, in: registry).rules == rules)
            #expect(try RunReading(of: run, in: registry).choices.labels?.hasSuffix("/kinds.csv") == true)
            guard case .session(let session) = try TrainingSession.resume(1, in: registry) else { throw Missing() }
            #expect(try session.train().status == .finished)
            #expect(try Audit(run: 1, in: registry).run().isReproduced)
            // New data for the model are read by the rules of its own, also where it was restored.
            let there = try Registry.open(at: "\(folder)/there.sqlite", for: .creating)
            _ = try registry.withTransferSource(of: .all) { try there.restore(from: $0) }
            #expect(try there.verify().findings == [])
            for registry in [registry, there] {
                for reference in ["rows", "rows:1", "1@iteration:3", "1"] {
                    #expect(try LoadedModel(Reference(reference), in: registry).readingRules == rules)
                    #expect(try registry.readingRules(of: Reference(reference)) == rules)
                }
                let loaded = try LoadedModel(Reference("rows"), in: registry)
                let table = try TableReader(
                    only: loaded.model.encoding.columnTypes(withTarget: false), target: nil,
                    rules: loaded.readingRules
                ).read(path: "\(folder)/rows.csv")
                #expect(try loaded.predict(table).classes.count == table.rowCount)
                #expect(try loaded.evaluate(.test).rows > 0)
            }
            // By the other rules it is another table.
            let other = try #require(ReadingRules(version: 3 - version))
            #expect(try NewDataset(read(folder, other), limit: 0).hash != run.dataset)
        }
    }

    @Test("a fork of a run goes on by the rules of its data; another file is read as it is said")
    func forked() throws {
        try withTemporaryDirectory { folder in
            let registry = try Registry.open(at: "\(folder)/r.sqlite", for: .creating)
            _ = try train(read(folder, .first), in: registry)
            let plan = try TrainingPlan(
                forking: Reference("1@epoch:2"), in: registry, options: TrainingOptions(), table: nil)
            _ = try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(4), datasetLimit: 10).train()
            #expect(try registry.readingRules(of: Reference("2")) == .first)
            // Moved, the labels too.
            let files = FileManager.default
            try files.createDirectory(atPath: "\(folder)/moved", withIntermediateDirectories: false)
            for name in ["rows.csv", "kinds.csv"] {
                try files.moveItem(atPath: "\(folder)/\(name)", toPath: "\(folder)/moved/\(name)")
            }
            do {
                _ = try Audit(run: 2, in: registry).run()
                Issue.record("there is no such file")
            } catch TrainingError.dataUnavailable(_, let path, _, _) { #expect(path.hasSuffix("/rows.csv")) }
            let moved = DataFile(
                path: "\(folder)/moved/rows.csv", choices: TableChoices(labels: "\(folder)/moved/kinds.csv"))
            #expect(try Audit(run: 2, in: registry, file: moved).run().isReproduced)
            #expect(try LoadedModel(Reference("2@iteration:30"), in: registry, file: moved).replayed > 0)
        }
    }

    @Test("are given to evaluate, diverge and compare as a file; of two runs each takes its own")
    func files() throws {
        try withTemporaryDirectory { folder in
            let registry = try Registry.open(at: "\(folder)/r.sqlite", for: .creating)
            let table = try read(folder, .newest)
            _ = try train(table, in: registry)
            _ = try train(table, in: registry, rate: 0.06)
            try FileManager.default.moveItem(atPath: "\(folder)/rows.csv", toPath: "\(folder)/moved.csv")
            let file = DataFile(path: "\(folder)/moved.csv")
            let loaded = try LoadedModel(Reference("1"), in: registry)
            #expect(throws: TrainingError.self) { try loaded.evaluate(.test) }
            #expect(try loaded.evaluate(.test, file: file).rows > 0)
            #expect(throws: TrainingError.self) { try Divergence((1, nil), (2, nil), in: registry) }
            #expect(try Divergence((1, nil), (2, nil), in: registry, file: file).firstState?.iteration == 1)
            let alone = try ["1", "2"].map { try ComparedModel($0, in: registry) }
            #expect(try Comparison(alone, in: registry).noBehaviour != nil)
            let models = try ["1", "2"].map { try ComparedModel($0, in: registry, file: file) }
            #expect(models.map(\.hasOwnData) == [true, true])
            #expect(try Comparison(models, in: registry).behaviour != nil)
            // Data of one run alone.
            try "x,y,shape,label\n1,2,round,a\n2,1,square,b\n1,1,round,a\n2,2,square,b\n3,1,round,b\n3,3,square,a\n"
                .write(toFile: "\(folder)/other.csv", atomically: true, encoding: .utf8)
            let options = Fixture.options {
                ($0.target, $0.batchSize, $0.validation, $0.test) = ("label", .rows(2), 0, 0)
            }
            let other = try TableReader().read(path: "\(folder)/other.csv")
            _ = try TrainingSession.start(
                TrainingPlan(other, options: options), in: registry, attempt: Fixture.attempt(3), datasetLimit: 10
            ).train()
            _ = try Divergence((1, nil), (3, nil), in: registry, file: file)
            let pair = try ["1", "3"].map { try ComparedModel($0, in: registry, file: file) }
            #expect(pair.map(\.hasOwnData) == [true, false])
        }
    }
}
