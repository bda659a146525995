import BPRegistry
import Foundation
import Testing

@testable import BPReport
@testable import BPTraining

@Suite("The words of the command line and of lists are the words of a query")
struct QueryWordsTests {
    /// Of each setting that a run records: words that its option takes, each with the other options that it needs.
    private static let typed: [String: [[String]]] = [
        "target": [["height"]], "task": [["regression"], ["classification"]],
        "hidden": [["none"], ["16"], ["8"], ["8,4"], ["16,4"]],
        "activation": [["relu"]], "output activation": [["sigmoid"]], "loss": [["half-squared-error"]],
        "initializer": [["he-uniform"]], "optimizer": [["sgd"], ["adamw"]], "learning rate": [["0.125"], ["1e-3"]],
        "momentum": [["0.5", "--optimizer", "momentum"]], "beta1": [["0.75"]], "beta2": [["0.875"]],
        "epsilon": [["1e-7"]], "weight decay": [["0"], ["0.25"]],
        "schedule": [["constant"], ["exponential", "--gamma", "0.5"]],
        "schedule epochs": [["4", "--schedule", "cosine"]], "gamma": [["0.5", "--schedule", "exponential"]],
        "step epochs": [["2", "--schedule", "step", "--gamma", "0.5"]],
        "min rate": [["0.001", "--schedule", "cosine", "--schedule-epochs", "4"]],
        "warmup": [["0"], ["1", "--schedule", "exponential", "--gamma", "0.5"]], "batch size": [["all"], ["8"]],
        "shuffle": [["on"], ["off"]], "seed": [["7"]], "tolerance": [["0.5"]], "validation": [["0.25"]],
        "test": [["0.125"], ["0"]],
    ]

    @Test("each value is found as it was typed, and as compare and show print it")
    func catalogue() throws {
        let settings = SettingCatalogue.training.settings.filter { $0.row != nil && $0.option != nil }
        let bench = try Bench()
        try bench.writeClasses()
        var number = 0
        var runs: [(row: String, typed: String, run: Int)] = []
        for setting in settings {
            let (option, row) = (try #require(setting.option), try #require(setting.row))
            for words in try #require(QueryWordsTests.typed[setting.name], "a new setting needs a line here") {
                let target = setting.name == "target" || words[0] == "regression" ? "height" : "side"
                var command = ["train", "points.csv", "--model", "m", "--epochs", "1", option] + words
                if setting.name != "target" { command += ["--target", target] }
                let result = try bench.run(command)
                #expect(result.status == 0, "\(command): \(result.errors)")
                number += 1
                runs.append((row, words[0], number))
            }
        }
        let registry = try bench.registry()
        for (row, typed, run) in runs {
            let value = try registry.settings(ofRun: run).first { $0.name == row }?.value
            let stored = row == "schedule" || row == "warmup" || row == "weight_decay" ? typed : SettingText.of(value)
            for word in Set([typed, stored]) {
                // Numbers are written without quotes, unless the setting has words too.
                let isWord = row == "hidden" || Double(word) == nil
                let value = isWord ? "\"\(word)\"" : word
                let query = "run = \(run) and setting.\(row) = \(value)"
                let found = try registry.runs(ListQuery(where: query)).next()
                #expect(found.map(\.number) == [run], "\(query)")
                let other = try registry.runs(ListQuery(where: "run = \(run) and setting.\(row) != \(value)")).next()
                #expect(other.isEmpty, "\(query)")
            }
        }
    }

    @Test("units of layers and tags are compared and sorted as numbers")
    func numbers() throws {
        let bench = try Bench()
        try bench.writeClasses()
        let (hidden, tries) = (
            ["16", "8", "8,4", "none", "16,32", "16,4", "32"], ["9", "10", "1e1", "ten", "-2", "9.5"]
        )
        for (index, units) in hidden.enumerated() {
            try bench.run("train", "points.csv", "--target", "side", "--epochs", "1", "--hidden", units)
            if index < tries.count { try bench.run("tag", "\(index + 1)", "try=\(tries[index])") }
        }
        let registry = try bench.registry()
        func runs(_ filter: String?, sort: String? = nil) throws -> [Int] {
            try registry.runs(ListQuery(where: filter, sort: sort)).next().map(\.number)
        }
        #expect(try runs("hidden > 16") == [7])
        #expect(try runs("hidden >= 16", sort: "run") == [1, 7])
        #expect(try runs("hidden = 8 or hidden = \"8,4\"", sort: "run") == [2, 3])
        #expect(try runs("hidden in (8, \"none\")", sort: "run") == [2, 4])
        #expect(try runs("hidden between 8 and 16", sort: "run") == [1, 2])
        #expect(try runs("hidden = \"none\"") == [4])
        #expect(
            try runs(nil, sort: "hidden").map { hidden[$0 - 1] } == ["none", "8", "8,4", "16", "16,4", "16,32", "32"])
        #expect(try runs(nil, sort: "-hidden").first == 7)
        #expect(try runs("tag.try > 9", sort: "run") == [2, 3, 6])
        #expect(try runs("tag.try > \"9\"", sort: "run") == [2, 3, 4, 6], "ten is text, and comes after 9")
        #expect(try runs("tag.try = 10", sort: "run") == [2, 3])
        #expect(try runs("tag.try = \"10\"") == [2])
        #expect(try runs("tag.try != 10", sort: "run") == [1, 4, 5, 6])
        #expect(try runs("tag.try not in (9, \"ten\")", sort: "run") == [2, 3, 5, 6])
        #expect(try runs("tag.try < run", sort: "run") == [5])
        #expect(try runs("tag.try < epochs") == [5])
        #expect(try runs("tag.try = \"ten\"") == [4])
        #expect(try runs(nil, sort: "tag.try") == [5, 2, 3, 1, 6, 4, 7], "one is no number, so all are texts")
        // The same of versions, by a tag, by the setting of the run, and by their names.
        for number in 1...7 { try bench.run("tag", "points:\(number)", "rank=\(11 - number)") }
        for _ in 0..<4 { try bench.run("train", "points.csv", "--target", "side", "--epochs", "1") }
        func versions(_ filter: String?, sort: String) throws -> [Int] {
            try registry.versions(ListQuery(where: filter, sort: sort)).next().map(\.number)
        }
        #expect(try versions("hidden > 16 and run.hidden < 33", sort: "name") == [7, 8, 9, 10, 11])
        #expect(try versions("tag.rank > 8", sort: "tag.rank") == [2, 1])
        #expect(try versions("tag.rank >= 4", sort: "-tag.rank") == [1, 2, 3, 4, 5, 6, 7])
        #expect(try versions("current = \"yes\"", sort: "name") == [11])
        #expect(try versions("shuffle = \"on\" and batch_size != \"all\"", sort: "name").count == 11)
    }

    @Test("a text that is no word of the setting is refused")
    func refused() throws {
        let bench = try Bench.trained("--epochs", "1")
        for query in ["shuffle = \"maybe\"", "batch_size = \"none\"", "epochs = \"many\"", "optimizer > 3"] {
            let result = try bench.run("runs", "--where", query)
            #expect(result.status == 64, "\(query): \(result.errors)")
        }
    }
}
