import BPReg
import Foundation
import Synchronization
import TestSupport
import Testing

@Suite("A library to embed")
struct FacadeTests {
    /// Two rings, written as CSV.
    private static func rings(in folder: String) throws -> String {
        var text = "x,y,ring\n"
        for index in 0..<120 {
            let (radius, angle) = (index % 2 == 0 ? 1.0 : 2.0, Double(index) * 0.7)
            text += "\(radius * cos(angle)),\(radius * sin(angle)),\(index % 2 == 0 ? "inner" : "outer")\n"
        }
        let path = "\(folder)/rings.csv"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    /// Calls `body` with a registry that has a run of 20 epochs, and the table.
    private func withRun(_ body: (_ folder: String, Registry, Table, TrainedRun) throws -> Void) throws {
        try withTemporaryDirectory { folder in
            let registry = try Registry("\(folder)/r.sqlite", durability: .off)
            let table = try Table(csv: Self.rings(in: folder))
            let run = try registry.train(
                table, target: "ring", hidden: [8], learningRate: 0.02, epochs: 20,
                attempt: AttemptOptions(threads: 1))
            try body(folder, registry, table, run)
        }
    }

    @Test("Train, resume, fork, audit, roll back and predict in one line each")
    func program() throws {
        try withRun { folder, registry, table, run in
            #expect(run.status == .finished && run.number == 1 && run.model == "rings" && run.version == "rings:1")
            #expect(run.epochs == 20 && run.losses.count == 20 && run.validationLosses.count == 20)
            let resumed = try registry.resume(run.number, epochs: 30)
            #expect(resumed.epochs == 30 && Array(resumed.losses.prefix(20)) == run.losses)
            #expect(try registry.resume(run.number, epochs: 30).outcome == nil)
            let fork = try registry.fork("1@epoch:10", learningRate: 0.001)
            #expect(fork.record.parent?.iteration != nil && fork.epochs == 30 && fork.losses.count == 30)
            #expect(try registry.audit(fork.number).isReproduced)
            #expect(try registry.rollback("1@epoch:10").run == 1)
            #expect(try registry.run(1).epochs == 10)
            let labels = try registry.model("rings:1").predict(table).labels
            #expect(labels.count == 120 && Set(labels) == ["inner", "outer"])
        }
    }

    @Test("A named setting takes precedence over the same setting of the options")
    func precedence() throws {
        try withTemporaryDirectory { folder in
            let registry = try Registry("\(folder)/r.sqlite", durability: .off)
            let run = try registry.train(
                Table(csv: Self.rings(in: folder)), target: "ring", hidden: [3], epochs: 2, model: "mine",
                options: TrainingOptions(target: "x", hidden: [5], seed: 9), attempt: AttemptOptions(epochs: 7))
            #expect(run.epochs == 2 && run.model == "mine")
            let network = try registry.model("1").model.network
            #expect(network.layers.map(\.outputs) == [3, 2])
            #expect(try registry.settings(ofRun: 1).first { $0.name == "seed" }?.value == .integer(9))
        }
    }

    @Test("A rollback to anything but a point is refused")
    func rollback() throws {
        try withRun { _, registry, _, _ in
            for text in ["1", "rings", "rings:1"] {
                #expect(throws: RegistryError.self, "\(text)") { try registry.rollback(text) }
            }
        }
    }

    @Test("Points are pinned, and become versions")
    func points() throws {
        try withRun { _, registry, _, _ in
            #expect(try registry.pin("1@epoch:3", named: "early").name == "early")
            let made = try registry.makeVersion(of: "1@epoch:3", model: "early")
            #expect(made.name == "early:1" && made.epoch == 3)
            #expect(try registry.model("early").weightsSHA256 == registry.model("1@epoch:3").weightsSHA256)
        }
    }

    @Test("Rows of numbers are predicted as the table of the same values")
    func rows() throws {
        try withRun { _, registry, _, _ in
            let model = try registry.model("rings")
            #expect(model.model.features == ["x", "y"])
            let rows: [[Float]] = [[0.5, 0.25], [-2, 1]]
            let table = try Table(
                name: "rows",
                columns: [Column(name: "y", values: .f32([0.25, 1])), Column(name: "x", values: .f32([0.5, -2]))])
            #expect(try model.predict(rows).outputs == model.predict(table).outputs)
            #expect(throws: CoreError.self) { try model.predict([[1, 2], [1]]) }
            #expect(throws: DataError.self) { try model.predict([[1, .nan]]) }
        }
    }

    @Test("A model is exported, loaded without a registry, and never takes the place of a file")
    func files() throws {
        try withRun { folder, registry, table, _ in
            let loaded = try registry.model("rings")
            for format in ExportFormat.allCases { try loaded.export(to: "\(folder)/m.\(format.rawValue)") }
            for ending in ["safetensors", "npz"] {
                let model = try TrainedModel(contentsOf: "\(folder)/m.\(ending)")
                #expect(model.weightsSHA256 == loaded.weightsSHA256)
                #expect(try model.predict(table).labels == loaded.predict(table).labels)
                try model.export(to: "\(folder)/again.\(ending)")
                #expect(try TrainedModel(contentsOf: "\(folder)/again.\(ending)").parameters == model.parameters)
            }
            #expect(throws: FileError.self) { try loaded.export(to: "\(folder)/m.json") }
            #expect(throws: FormatError.self) { try loaded.export(to: "\(folder)/m.unknown") }
            #expect(throws: FormatError.self) { try TrainedModel(contentsOf: "\(folder)/m.json") }
        }
    }

    @Test("An archive restores the version in another registry")
    func archives() throws {
        try withRun { folder, registry, _, run in
            let archive = try registry.archive("rings", to: "\(folder)/a.safetensors")
            let other = try Registry("\(folder)/other.sqlite", durability: .off)
            #expect(try other.restore(archive.path).runs.count == 1)
            #expect(try other.model("rings").weightsSHA256 == run.outcome?.weightsSHA256)
            #expect(throws: RegistryError.self) { try registry.archive("1@epoch:3", to: "\(folder)/b.safetensors") }
        }
    }

    @Test("Training that is not recorded stops on request and reports progress")
    func unrecorded() throws {
        try withTemporaryDirectory { folder in
            let plan = try TrainingPlan(
                Table(csv: Self.rings(in: folder)), options: TrainingOptions(target: "ring", hidden: [8]))
            let newest = Mutex<TrainingProgress?>(nil)
            let outcome = try plan.trainUnrecorded(
                epochs: 10_000_000, threads: 1, stop: { newest.withLock { $0 == nil ? nil : .program } },
                progress: { progress in newest.withLock { $0 = progress } })
            #expect(outcome.stop == .program && outcome.divergedAt == nil && !outcome.epochs.isEmpty)
            let progress = try #require(newest.withLock { $0 })
            #expect(progress.epochs == 10_000_000 && progress.iteration > 0 && progress.loss != nil)
            #expect(progress.acknowledged == 0 && progress.growth == 0)
        }
    }

    @Test("Times are dates")
    func dates() throws {
        let before = Date.now
        try withRun { _, registry, _, run in
            let end = try #require(run.record.endDate)
            let range = before.addingTimeInterval(-1)...Date.now.addingTimeInterval(1)
            #expect(range.contains(run.record.creationDate) && range.contains(end) && run.record.creationDate <= end)
            #expect(try registry.events().allSatisfy { range.contains($0.date) })
        }
    }

    @Test("Errors describe themselves, and suggest a name that is spelled similarly")
    func errors() throws {
        try withRun { _, registry, _, _ in
            let error = try #require(throws: RegistryError.self) { try registry.model("ring") }
            #expect((error as any Error).localizedDescription == error.description)
            #expect(error.recoverySuggestion == "Did you mean rings?")
        }
    }
}
