import BPCore
import BPData
import BPRegistry
import TestSupport
import Testing

@testable import BPTraining

@Suite("Comparisons of trained models")
struct ComparisonTests {
    /// A registry, and a way to train further runs in it.
    private func withRegistry(_ body: (Registry, Trainer) throws -> Void) throws {
        try withTemporaryDirectory(inMemory: true) { folder in
            let registry = try Registry.open(at: "\(folder)/r.sqlite", for: .creating)
            try body(registry, Trainer(registry: registry))
        }
    }

    private struct Trainer {
        let registry: Registry

        @discardableResult
        func train(
            _ table: Table? = nil, epochs: Int = 3, _ change: (inout TrainingOptions) -> Void = { _ in }
        ) throws -> TrainingOutcome {
            // The model is named, so that it may have several targets.
            let plan = try TrainingPlan(table ?? Fixture.classes(), options: Fixture.options(change), model: "points")
            return try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(epochs)).train()
        }

        @discardableResult
        func fork(_ reference: String, _ change: (inout TrainingOptions) -> Void) throws -> TrainingOutcome {
            var options = TrainingOptions()
            change(&options)
            let plan = try TrainingPlan(forking: Reference(reference), in: registry, options: options)
            return try TrainingSession.start(plan, in: registry, attempt: Fixture.attempt(9)).train()
        }

        func compare(_ references: String..., on choice: RowChoice = .automatic) throws -> Comparison {
            let models = try references.map { try ComparedModel($0, in: registry) }
            return try Comparison(models, in: registry, on: choice)
        }
    }

    @Test("a model and itself: nothing differs, and the weights are the same bit for bit")
    func itself() throws {
        try withRegistry { _, trainer in
            try trainer.train()
            let found = try trainer.compare("points:1", "1@best")
            #expect(found.settings.allSatisfy { !$0.differs } && found.settings.count > 15)
            #expect(found.weights.count == 1 && found.weights[0].areIdentical)
            let behaviour = try #require(found.behaviour)
            #expect(behaviour.split == "test" && behaviour.trainedOn == [0, 0] && behaviour.warnings == [])
            #expect(behaviour.scores[0] == behaviour.scores[1])
            let pair = try #require(behaviour.pairs[0])
            #expect(pair.disagreements == 0 && pair.rows == [])
            guard case .mcNemar(let test, _, _) = pair.test else { return #expect(Bool(false)) }
            #expect(test.pValue == 1)
        }
    }

    @Test("what differs is marked, and the scores are those of evaluate")
    func differing() throws {
        try withRegistry { registry, trainer in
            try trainer.train()
            try trainer.train { ($0.learningRate, $0.optimizer) = (0.1, .sgd) }
            try trainer.train(epochs: 4)
            let found = try trainer.compare("1", "2", "3@last")
            let differing = found.settings.filter(\.differs).map(\.name)
            #expect(differing == ["beta1", "beta2", "epsilon", "learning_rate", "optimizer"])
            let rule = try #require(found.settings.first { $0.name == "optimizer" })
            #expect(rule.values == [.text("adam"), .text("sgd"), .text("adam")])
            #expect(found.settings.first { $0.name == "beta1" }?.values[1] == nil)
            let behaviour = try #require(found.behaviour)
            for (reference, score) in zip(["1", "2", "3@last"], behaviour.scores) {
                let own = try LoadedModel(Reference(reference), in: registry).evaluate(.test)
                #expect(score == own)
            }
            #expect(behaviour.rows == behaviour.scores[0]?.rows && behaviour.pairs.count == 2)
            #expect(found.weights.map(\.areIdentical) == [false, false])
        }
    }

    @Test("the epoch and the measures are those of the very state")
    func measures() throws {
        try withRegistry { registry, trainer in
            try trainer.train()
            let models = try ["points:1", "1@iteration:9", "1@epoch:2", "1@iteration:0"].map {
                try ComparedModel($0, in: registry)
            }
            #expect(models[0].test?["accuracy"]?.number != nil && models[0].epoch?.epoch == models[0].loaded.epoch)
            #expect(models[1].epoch == nil && models[1].test == nil)
            #expect(models[2].epoch?.iteration == 16 && models[3].epoch == nil)
        }
    }

    @Test("other seeds split otherwise: rows that neither was trained on, and a warning where there are none")
    func leakage() throws {
        try withRegistry { registry, trainer in
            try trainer.train()
            try trainer.train { $0.seed = 2 }
            let unseen = try #require(trainer.compare("1", "2").behaviour)
            #expect(unseen.split == "unseen" && unseen.trainedOn == [0, 0] && unseen.warnings == [])
            // By hand: the rows of the table that are in neither training split.
            let table = try Fixture.classes()
            let splits = try [1, 2].map { try RecordedRun.spec(registry, run: $0).split(table) }
            let training = splits.reduce(into: Set<Int>()) { $0.formUnion($1.training) }
            #expect(unseen.rows == table.rowCount - training.count)
            let test = try #require(trainer.compare("1", "2", on: .split(.test)).behaviour)
            let seen = Set(splits[0].test).intersection(splits[1].training).count
            #expect(seen > 0 && test.trainedOn == [0, seen])
            #expect(test.warnings.count == 1 && test.warnings[0].hasPrefix("\(seen) of the \(test.rows) rows were"))
            // First weights have seen nothing.
            let first = try #require(trainer.compare("1", "2@iteration:0", on: .split(.test)).behaviour)
            #expect(first.trainedOn == [0, 0])
        }
    }

    @Test("data that are given are compared by content: of a number only what a network sees of it counts")
    func givenData() throws {
        try withRegistry { registry, trainer in
            try trainer.train()
            try trainer.train { $0.seed = 2 }
            let table = try Fixture.classes()
            let found = try #require(trainer.compare("1", "2", on: .data(table)).behaviour)
            let training = try [1, 2].map { try RecordedRun.spec(registry, run: $0).split(table).training.count }
            #expect(found.split == nil && found.rows == 90 && found.trainedOn == training.map { $0 })
            #expect(found.warnings.count == 2)
            let other = try #require(trainer.compare("1", "2", on: .data(Fixture.classes(seed: 8))).behaviour)
            #expect(other.trainedOn == [0, 0] && other.warnings == [])
        }
    }

    @Test("what a fork's parent was trained on counts as the fork's")
    func forkedLeakage() throws {
        try withRegistry { registry, trainer in
            try trainer.train()
            try trainer.train { $0.seed = 5 }
            try trainer.fork("1@epoch:2") { $0.splitSeed = 5 }
            let found = try #require(trainer.compare("2", "3", on: .split(.test)).behaviour)
            let table = try Fixture.classes()
            let splits = try [1, 2].map { try RecordedRun.spec(registry, run: $0).split(table) }
            let seen = Set(splits[1].test).intersection(splits[0].training).count
            #expect(seen > 0 && found.trainedOn == [0, seen] && found.warnings.count == 1)
        }
    }

    @Test("without a test split the validation split, without either the training rows, said as such")
    func splits() throws {
        try withRegistry { _, trainer in
            try trainer.train { $0.test = 0 }
            try trainer.train { ($0.test, $0.learningRate) = (0, 0.1) }
            let validation = try #require(trainer.compare("1", "2").behaviour)
            #expect(validation.split == "validation" && validation.notes.first?.contains("no test split") == true)
            try trainer.train { ($0.test, $0.validation) = (0, 0) }
            try trainer.train { ($0.test, $0.validation, $0.seed) = (0, 0, 2) }
            let train = try #require(trainer.compare("3", "4").behaviour)
            #expect(train.split == "train" && train.rows == 90)
            // They are the same: no row is held out.
            #expect(train.notes == ["no rows are held out for validation or test: compared on the training rows"])
            let mixed = try #require(trainer.compare("1", "3").behaviour)
            #expect(mixed.notes.contains { $0.hasPrefix("the splits differ: compared on the validation split of 1") })
            try trainer.train(Fixture.classes(seed: 8)) { ($0.test, $0.validation) = (0, 0) }
            let data = try #require(trainer.compare("3", "5").behaviour)
            #expect(data.notes.contains { $0.hasPrefix("the data differ: compared on the train split of 3") })
            #expect(throws: TrainingError.self) { try trainer.compare("3", "4", on: .split(.test)) }
            #expect(throws: TrainingError.self) { try trainer.compare("3", "4", on: .unseen) }
        }
    }

    @Test("other classes, targets and tasks are refused with the reason; the rest is compared")
    func refusals() throws {
        try withRegistry { _, trainer in
            try trainer.train()
            let table = try Fixture.classes()
            let kinds = try table.columns[3].values(renaming: ["a": "a", "b": "b", "c": "d"])
            try trainer.train(Table(name: "points", columns: Array(table.columns.prefix(3)) + [kinds]))
            let classes = try trainer.compare("1", "2")
            #expect(classes.behaviour?.pairs[0] == nil && classes.behaviour?.scores[1] == nil)
            #expect(
                classes.behaviour?.notes.contains(
                    "the classes of 1 are a, b, c, those of 2 are a, b, d: their predictions are not compared") == true)
            #expect(classes.weights[0].layers.count == 2)
            try trainer.train { ($0.target, $0.ignored) = ("shape", ["kind"]) }
            let targets = try trainer.compare("1", "3")
            #expect(targets.behaviour?.notes.first?.contains("1 predicts kind, 3 predicts shape") == true)
            try trainer.train(Fixture.numbers()) { $0.target = "y" }
            let tasks = try trainer.compare("1", "4")
            #expect(tasks.behaviour?.notes.first?.contains("predicts y") == true)
            #expect(tasks.weights[0].notes.contains("layer 1 is 6×4 in 1, 6×1 in 4: not compared"))
        }
    }

    @Test("regressions have the paired test in the target's own units")
    func regression() throws {
        try withRegistry { registry, trainer in
            try trainer.train(Fixture.numbers()) { $0.target = "y" }
            try trainer.train(Fixture.numbers(), epochs: 9) { $0.target = "y" }
            let found = try #require(trainer.compare("1", "2").behaviour)
            guard case .pairedT(let test)? = found.pairs[0]?.test else { return #expect(Bool(false)) }
            // d̄ is the difference of the mean absolute errors.
            let errors = found.scores.map { score in
                if case .regression(_, let absolute, _)? = score?.scores { return absolute }
                return Double.nan
            }
            #expect(abs(test.mean - (errors[1] - errors[0])) < 1e-9 && test.count == found.rows)
        }
    }

    @Test("references that name nothing, or too few")
    func badReferences() throws {
        try withRegistry { registry, trainer in
            try trainer.train()
            #expect(throws: RegistryError.self) { try trainer.compare("1", "9") }
            #expect(throws: TrainingError.self) { try trainer.compare("1") }
            #expect(throws: RegistryError.self) { try trainer.compare("1", "points:7") }
        }
    }
}

extension Column {
    /// The column with its texts renamed.
    fileprivate func values(renaming names: [String: String]) throws -> Column {
        let texts = (0..<rowCount).map { names[text(at: $0)] ?? text(at: $0) }
        return Column(name: name, values: .text(try TextValues(texts)))
    }
}
