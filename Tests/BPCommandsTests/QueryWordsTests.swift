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
        "test": [["0.125"], ["0"]], "split seed": [["3"]],
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

    @Test("every option of a setting, every column of a list and every label of show is a word of a query")
    func words() throws {
        let bench = try Bench.trained("--epochs", "2")
        try bench.run("tag", "1", "try=9")
        try bench.run("note", "1", "a note")
        try bench.run("alias", "points:1", "good")
        let registry = try bench.registry()
        func check(_ word: String, _ isVersion: Bool, sort: Bool = true) throws {
            let query = ListQuery(where: "\(word) is null or \(word) is not null", sort: sort ? word : nil)
            do {
                let count = try isVersion ? registry.versions(query).next().count : registry.runs(query).next().count
                #expect(count == 1, "\(word) of \(isVersion ? "versions" : "runs")")
            } catch {
                Issue.record("\(word) of \(isVersion ? "versions" : "runs"): \(error)")
            }
        }
        // Keyframes are kept by the budget and the interval of an attempt, which lists do not show.
        let unrecorded = ["keyframe budget", "keyframe interval"]
        for setting in SettingCatalogue.training.settings where !unrecorded.contains(setting.name) {
            let words = [setting.row, setting.option.map { String($0.dropFirst(2)) }].compactMap { $0 }
            for word in Set(words + words.map { $0.replacing("-", with: "_") }) {
                try check(word, false, sort: word != "ignore")
                try check(word, true, sort: word != "ignore")
            }
        }
        func columns(_ columns: [TableColumn], _ isVersion: Bool) throws {
            // `changed` sums a fork's settings up, which are words of their own.
            for column in columns where column.key != "changed" {
                try check(column.key, isVersion)
                if let title = column.title { try check(title.replacing(" ", with: "_"), isVersion) }
            }
        }
        try columns(RunList.columns.columns, false)
        try columns(RunTree.columns, false)
        try columns(VersionList.columns.columns, true)
        // What show works out: the network, the replay and the speed; what it sums up: split, weights of and their hash in a run.
        let derived = [
            "network", "replay", "split", "weights of", "SHA-256", "test", "validation", "segment 1", "note 1",
            "origin", "speed",
        ]
        for (reference, isVersion) in [("1", false), ("points:1", true)] {
            let shown = try bench.run("show", reference).output.split(separator: "\n").filter { $0.contains("  ") }
            let labels = shown.compactMap { $0.split(separator: "  ").first }.map {
                String($0).trimmingCharacters(in: .whitespaces)
            }
            #expect(labels.count > 5, "\(shown)")
            for label in labels where !derived.contains(label) {
                try check(label.replacing(" ", with: "_"), isVersion, sort: false)
            }
        }
        #expect(try registry.versions(ListQuery(where: "SHA-256 is not null")).next().count == 1)
    }

    @Test("the settings that a query knows without a run are those of the catalogue, with their kinds")
    func kinds() throws {
        let bench = try Bench()
        try bench.writeClasses()
        for query in ["tolerance > 0", "min-rate = 0", "optimizer = \"adam\"", "shuffle", "hidden > 3"] {
            #expect(try bench.run("runs", "--where", query).status != 64 || !bench.has("bpreg.sqlite"), "\(query)")
        }
        try bench.run("train", "points.csv", "--target", "side", "--epochs", "1")
        for setting in SettingCatalogue.training.settings {
            guard let row = setting.row else { continue }
            let isText = [
                "target", "task", "hidden", "activation", "output_activation", "loss", "initializer",
                "optimizer", "schedule",
            ].contains(row)
            let query = row == "shuffle" ? "shuffle" : "setting.\(row) \(isText ? "!= \"x\"" : ">= 0")"
            let result = try bench.run("runs", "--where", query)
            #expect(result.status == 0, "\(query): \(result.errors)")
        }
    }

    @Test("what lists print of a version's test and a run's best is what they are sorted by")
    func listed() throws {
        let bench = try Bench()
        try bench.writeClasses()
        for epochs in ["1", "40"] {
            try bench.run("train", "points.csv", "--target", "side", "--epochs", epochs, "--tolerance", "1e-9")
        }
        let versions = try bench.run("versions", "--sort", "-test,name", "--json").json.array ?? []
        let scores = versions.compactMap { $0["test"]?["accuracy"]?.number }
        #expect(scores.count == 2 && scores == scores.sorted(by: >))
        let best = try #require(scores.first)
        #expect(try bench.run("versions", "--where", "test >= \(best)", "--json").json.array?.isEmpty == false)
        #expect(try bench.run("versions", "--where", "test > 1", "--json").json.array?.isEmpty == true)
        #expect(try bench.run("versions", "--where", "setting.test = 0.15", "--json").json.array?.count == 2)
        let runs = try bench.run("runs", "--sort", "best", "--json").json.array ?? []
        let epochs = runs.compactMap { $0["best_epoch"]?.int }
        #expect(epochs.count == 2 && epochs == epochs.sorted())
        #expect(try bench.run("runs", "--where", "best = \(epochs[0])", "--json").json.array?.isEmpty == false)
        for query in ["tolerance = 1e-9 and durability = \"full\"", "keep = \"best\" and epoch_limit <= 40"] {
            #expect(try bench.run("runs", "--where", query, "--json").json.array?.count == 2, "\(query)")
        }
    }

    @Test("whole numbers above 2^53 are compared exactly: seeds, tags, and in --sort")
    func exact() throws {
        let bench = try Bench()
        try bench.writeClasses()
        let numbers = ["9007199254740993", "9007199254740992", "9007199254740994", "9223372036854775807"]
        for (index, number) in numbers.enumerated() {
            try bench.run("train", "points.csv", "--target", "side", "--epochs", "1", "--seed", number)
            try bench.run("tag", "\(index + 1)", "id=\(number)")
        }
        let registry = try bench.registry()
        for name in ["seed", "tag.id"] {
            func runs(_ filter: String?) throws -> [Int] {
                try registry.runs(ListQuery(where: filter, sort: name)).next().map(\.number)
            }
            #expect(try runs(nil) == [2, 1, 3, 4])
            #expect(try runs("\(name) = 9007199254740993") == [1])
            #expect(try runs("\(name) != 9007199254740993") == [2, 3, 4])
            #expect(try runs("\(name) > 9007199254740992") == [1, 3, 4])
            #expect(try runs("\(name) >= 9007199254740993 and \(name) < 9223372036854775807") == [1, 3])
            #expect(try runs("\(name) between 9007199254740993 and 9007199254740993") == [1])
            #expect(try runs("\(name) in (9007199254740993, 9223372036854775807)") == [1, 4])
            #expect(try runs("\(name) not in (9007199254740993)") == [2, 3, 4])
            #expect(try runs("\(name) = 9223372036854775806").isEmpty)
        }
        #expect(try registry.runs(ListQuery(where: "tag.id = seed")).next().count == 4)
        #expect(try registry.runs(ListQuery(where: "tag.id > \"9007199254740993\"")).next().map(\.number) == [4, 3])
        // The pages of a list sorted by such numbers leave nothing out.
        let listing = registry.runs(ListQuery(sort: "seed"))
        #expect(try listing.next().map(\.number) == [2, 1, 3, 4])
    }

    @Test("the 12 digits that lists print of a hash find it; fewer, or no hash, are refused with advice")
    func hashes() throws {
        let bench = try Bench.trained("--epochs", "1")
        let run = try #require(try bench.run("runs", "--json").json.array?.first)
        let version = try #require(try bench.run("versions", "--json").json.array?.first)
        let list = try bench.run("datasets").output
        for (command, name, value) in [
            ("runs", "dataset", run["dataset_sha256"]), ("runs", "dataset_sha256", run["dataset_sha256"]),
            ("runs", "spec", run["spec_sha256"]), ("versions", "weights", version["weights_sha256"]),
            ("versions", "weights_sha256", version["weights_sha256"]),
            ("versions", "run.dataset", run["dataset_sha256"]),
        ] {
            let hash = try #require(value?.string)
            let short = String(hash.prefix(12))
            if name == "dataset" { #expect(list.contains(short)) }
            func count(_ condition: String) throws -> Int? {
                let result = try bench.run(command, "--where", "\(name) \(condition)", "--json")
                #expect(result.status == 0, "\(condition): \(result.errors)")
                return try result.json.array?.count
            }
            let other = (hash.hasPrefix("0") ? "1" : "0") + short.dropFirst()
            for found in [short, hash, short.uppercased(), String(hash.prefix(13))] {
                #expect(try count("= \"\(found)\"") == 1, "\(name) \(found)")
                #expect(try count("!= \"\(found)\"") == 0)
                #expect(try count("in (\"\(found)\", \"\(other)\")") == 1)
                #expect(try count("not in (\"\(other)\")") == 1)
            }
            #expect(try count("= \"\(other)\"") == 0)
            #expect(try count("like \"\(hash.prefix(3))%\"") == 1)
            // Without quotes the command with quotes is proposed.
            let bare = try bench.run(command, "--where", "\(name) = \(short)")
            #expect(bare.status == 64)
            #expect(bare.errors.contains("next: bpreg \(command) --where '\(name) = \"\(short)\"'"), "\(bare.errors)")
            for wrong in [String(hash.prefix(11)), "xyz", hash + "0"] {
                let refused = try bench.run(command, "--where", "\(name) = \"\(wrong)\"")
                #expect(refused.status == 64 && refused.errors.contains("like finds a shorter"), "\(refused.errors)")
            }
        }
    }
}
