import BPJSON
import Foundation
import Testing

@Suite("Comparisons and plots with the built bpreg")
struct CompareTests {
    /// Runs 1 and 2 differ in their rate, run 3 in its layers, run 4 is a regression, run 5 a fork of run 1.
    private func trained() throws -> Bench {
        let bench = try Bench()
        try bench.writeClasses()
        try bench.writeNumbers()
        for words in [
            ["points.csv", "--target", "side", "--epochs", "6"],
            ["points.csv", "--target", "side", "--epochs", "6", "--learning-rate", "0.1"],
            ["points.csv", "--target", "side", "--epochs", "6", "--hidden", "5"],
            ["line.csv", "--target", "y", "--epochs", "4", "--validation", "0"],
            ["--from", "1@epoch:3", "--learning-rate", "0.01", "--epochs", "8"],
        ] {
            let result = try bench.run(["train"] + words)
            #expect(result.status == 0, "\(result.errors)")
        }
        return bench
    }

    @Test("compare marks differing settings, tells equal weights, and where predictions differ")
    func compare() throws {
        let bench = try trained()
        let differing = try bench.run("compare", "1", "2")
        #expect(differing.status == 0, "\(differing.errors)")
        for part in [
            "1 of 22 settings differ; --all shows all", "\nlearning_rate", "0.005", "0.1", "Weights against 1",
            "Predictions on the test split", "no model was trained on these rows", "McNemar", "disagree",
            "* the better value of a measure",
        ] {
            #expect(differing.output.contains(part), "\(part): \(differing.output)")
        }
        // What is the same is shown only if it is asked for.
        for part in ["optimizer", "seed", "dataset", "32×2", "SHA-256", "≠"] {
            #expect(!differing.output.contains(part), "\(part): \(differing.output)")
        }
        let whole = try bench.run("compare", "1", "2", "--all").output
        for part in [
            "Settings: 1 of 22 differ (≠)", "≠ learning_rate", "\n  optimizer", "Weights of 2 against 1", "1 W 32×2",
            "2 b 2", "SHA-256", "2 → 32 tanh → 2 softmax",
        ] {
            #expect(whole.contains(part), "\(part): \(whole)")
        }
        let same = try bench.run("compare", "1@last", "1@epoch:6")
        #expect(same.output.contains("the same weights, bit for bit"), "\(same.output)")
        #expect(same.output.contains("all 22 settings are the same") && !same.output.contains(" *"), "\(same.output)")
        let shapes = try bench.run("compare", "1", "3")
        #expect(shapes.output.contains("layer 1 is 32×2 in 1, 5×2 in 3: not compared"), "\(shapes.output)")
        let tasks = try bench.run("compare", "1", "4")
        #expect(tasks.status == 0, "\(tasks.errors)")
        #expect(tasks.output.contains("1 predicts side, 4 predicts y: their predictions are not compared"))
        let given = try bench.run("compare", "1", "2", "--data", "points.csv", "--rows", "0")
        #expect(given.output.contains("Predictions on points.csv, 60 rows"), "\(given.output)")
        #expect(given.errors.contains("42 of the 60 rows were training rows of 1"), "\(given.errors)")
    }

    @Test("the better value of each measure is marked, and only among runs that can be ranked")
    func best() throws {
        let bench = try trained()
        let (json, text) = (
            try bench.run("compare", "1", "2", "--json").json, try bench.run("compare", "1", "2").output
        )
        let losses = json["models"]?.array?.compactMap { $0["val_loss"]?.number } ?? []
        #expect(losses.count == 2 && losses[0] != losses[1])
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("val loss") })
        let marked = line.split(separator: "  ").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        #expect(marked.count == 3, "\(text)")
        #expect(marked[1].hasSuffix(" *") == (losses[0] < losses[1]), "\(text)")
        #expect(marked[2].hasSuffix(" *") == (losses[1] < losses[0]), "\(text)")
        #expect(json["comparable"] == true && json["comparable_losses"] == true && json["differing"] == [])
        // Another loss function: accuracies can be ranked, losses cannot. Another share: nothing can.
        for words in [["--loss", "half-squared-error"], ["--validation", "0.3"]] {
            let run = try bench.run(["train", "points.csv", "--target", "side", "--epochs", "6"] + words)
            #expect(run.status == 0, "\(run.errors)")
        }
        let functions = try bench.run("compare", "1", "6").output
        #expect(functions.contains("losses are not ranked, because the loss functions differ"), "\(functions)")
        #expect(functions.contains("\nsetting.loss"), "\(functions)")
        for line in functions.split(separator: "\n") where line.contains("loss ") {
            #expect(!line.contains(" *"), "\(line)")
        }
        let shares = try bench.run("compare", "1", "7", "5").output
        let table = shares.components(separatedBy: "\n\n")[0]
        #expect(!table.contains(" *"), "\(shares)")
        let sentence =
            "no value is marked as the best: these models cannot be ranked, because they differ in validation"
        #expect(shares.components(separatedBy: sentence).count == 2, "\(shares)")
    }

    @Test("versions without splits have the same split, and p = 1 claims nothing")
    func withoutSplits() throws {
        let bench = try Bench()
        try bench.writeClasses()
        for rate in ["0.005", "0.006"] {
            try bench.run(
                "train", "points.csv", "--target", "side", "--epochs", "2", "--validation", "0", "--test", "0",
                "--learning-rate", rate)
        }
        let text = try bench.run("compare", "points:1", "points:2").output
        #expect(!text.contains("the splits differ"), "\(text)")
        #expect(text.contains("no rows are held out for validation or test: compared on the training rows"), "\(text)")
        let same = try bench.run("compare", "points:1", "1").output
        #expect(same.contains("p = 1: no significant difference"), "\(same)")
        #expect(!same.contains("1.000:") && !same.contains("chance"), "\(same)")
    }

    @Test("diverge of two networks does not speak of weights that it did not compare")
    func shapes() throws {
        let text = try trained().run("diverge", "1", "3").output
        #expect(text.contains("the losses differ from iteration 1 on\n"), "\(text)")
        #expect(!text.contains("the same"), "\(text)")
        #expect(text.contains("not compared: the networks differ"), "\(text)")
    }

    @Test("few models have a column each, twelve a row each; no line is wider than 80, 100 or 140 columns")
    func widths() throws {
        let bench = try trained()
        let twelve = ["1", "2", "3", "5", "points:1", "points:2", "1@epoch:1", "1@epoch:2", "2@epoch:1", "2@epoch:3"]
        for width in [80, 100, 140] {
            for (words, isRows) in [
                (["1", "2"], false), (["1", "2", "5"], false), (twelve + ["3@last", "5@last"], true),
            ] {
                for more in [[], ["--all"]] {
                    let result = try bench.run(["compare"] + words + more, environment: ["COLUMNS": "\(width)"])
                    #expect(result.status == 0, "\(result.errors)")
                    let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
                    for line in lines { #expect(line.count <= width, "\(width): \(line)") }
                    guard more.isEmpty else { continue }
                    // Every model has its column, or a row in each table.
                    if isRows {
                        let table = lines.prefix { !$0.isEmpty }.dropFirst().prefix(words.count)
                        #expect(table.map { $0.prefix { $0 != " " } } == words.map { $0[...] }, "\(result.output)")
                    } else {
                        let header = lines[0].split(separator: " ").dropFirst()
                        #expect(header.map(String.init) == words, "\(result.output)")
                    }
                    for fact in ["learning_rate", "val loss", "val accuracy", "Predictions on the test split"] {
                        #expect(result.output.contains(fact), "\(fact): \(result.output)")
                    }
                }
            }
        }
    }

    @Test("what compare refuses, with the exit code and what to type")
    func refused() throws {
        let bench = try trained()
        try bench.write("other.csv", "a,b\n1,2\n")
        for (words, status, text) in [
            (["1"], Int32(64), "one model alone"), (["1", "9"], 1, "no such run"), (["1", "points:7"], 1, "points:1"),
            (["1", "nope"], 1, "nope"), (["1", "2", "--split", "tst"], 64, "next: bpreg compare 1 2 --split test"),
            (["1", "2", "--data", "points.csv", "--split", "test"], 64, "next: bpreg compare 1 2 --data points.csv\n"),
            (["1", "2", "--data", "none.csv"], 65, "none.csv"), (["1", "2", "--data", "other.csv"], 65, "column"),
            (["4", "4@last", "--split", "validation"], 64, "no validation split"),
            (["1", "2", "--json", "--all"], 64, "next: bpreg compare 1 2 --json\n"),
            (["1", "2", "--rows", "-1"], 64, "at least 0"), (["1", "2@iteration:999"], 1, "no such iteration"),
        ] {
            let result = try bench.run(["compare"] + words)
            #expect(result.status == status, "\(words): \(result.errors)")
            #expect(
                result.errors.contains(text)
                    && (result.errors.contains("  next: ") || result.errors.contains("  hint: ")),
                "\(words): \(result.errors)")
        }
    }

    @Test("compare --json is the same each time, with the figures of evaluate")
    func json() throws {
        let bench = try trained()
        let once = try bench.run("compare", "points:1", "2", "--json")
        #expect(once.status == 0, "\(once.errors)")
        #expect(try once.output == bench.run("compare", "points:1", "2", "--json").output)
        let json = try once.json
        let evaluated = try bench.run("evaluate", "2", "--json").json
        #expect(json["scores"]?.array?[1]["loss"] == evaluated["loss"])
        #expect(json["scores"]?.array?[1]["accuracy"] == evaluated["accuracy"])
        let differing = json["settings"]?.array?.filter { $0["differs"] == true } ?? []
        #expect(differing.map { $0["name"]?.string } == ["learning_rate"])
        #expect(differing.first?["values"] == [0.005, 0.1])
        #expect(json["pairs"]?.array?[0]["mcnemar"]?["p"]?.number != nil)
    }

    @Test(
        "plot draws runs and forks with their parent's part; of a version the run to its end, with the version marked")
    func plot() throws {
        let bench = try trained()
        let locale = ["LANG": "C.UTF-8"]
        let one = try bench.run(["plot", "1"], environment: locale)
        #expect(one.status == 0, "\(one.errors)")
        #expect(one.output.contains("loss, val loss by epoch") && one.output.contains("val accuracy by epoch"))
        let fork = try bench.run(["plot", "1", "5", "--metric", "loss", "--log"], environment: locale)
        #expect(fork.output.contains("loss by epoch, logarithmic"), "\(fork.output)")
        #expect(fork.output.contains("┊ run 1 up to epoch 3, then run 5"), "\(fork.output)")
        let inside = try bench.run(["plot", "1@epoch:2", "--iterations"], environment: locale)
        #expect(inside.output.contains("batch loss, val loss by iteration"), "\(inside.output)")
        let ascii = try bench.run(["plot", "1", "2"], environment: ["LC_ALL": "C"])
        #expect(ascii.output.utf8.allSatisfy { $0 < 0x80 }, "\(ascii.output)")
        #expect(ascii.output.contains("a run 1 - learning_rate 0.005 - best: epoch "), "\(ascii.output)")
        #expect(ascii.output.contains("b run 2 - learning_rate 0.1"), "\(ascii.output)")
        #expect(ascii.output.contains("* the best epoch of a run"), "\(ascii.output)")
        let labels = try bench.run(["plot", "1", "2", "3"], environment: locale).output
        #expect(labels.contains("c run 3 · hidden 5, learning_rate 0.005 · best: epoch"), "\(labels)")
        let best = try bench.run("show", "1", "--json").json["best_epoch"]?.int ?? 0
        #expect(one.output.contains("● best: epoch \(best)"), "\(one.output)")
        // A model and a version: to the end of the run, which is epoch 8 of run 5, the version's epoch marked.
        let version = try bench.run("show", "points", "--json").json["epoch"]?.int ?? 0
        for reference in ["points", "points:4"] {
            let drawn = try bench.run(["plot", reference, "--metric", "loss"], environment: locale).output
            #expect(drawn.contains("┊ points:4, epoch \(version)"), "\(drawn)")
            let axis = try #require(drawn.split(separator: "\n").first { $0.contains("0 ") && !$0.contains("┤") })
            #expect(axis.hasSuffix("8"), "\(drawn)")
        }
        for line in ascii.output.split(separator: "\n") { #expect(line.count <= 80) }
        // Forks that begin at one place share a mark.
        try bench.run("train", "--from", "1@epoch:3", "--learning-rate", "0.02", "--epochs", "6")
        let runs = try bench.run("runs", "--json").json.array?.count ?? 0
        let both = try bench.run(["plot", "5", "\(runs)", "--metric", "loss"], environment: locale)
        #expect(both.output.contains("┊ run 1 up to epoch 3, then run 5, run \(runs)"), "\(both.output)")
        // A fork that ends before its parent's part does has no fork to mark.
        #expect(try !bench.run(["plot", "5@epoch:2"], environment: locale).output.contains("then run 5"))
    }

    @Test("a version that a rollback left is drawn to the end that its line had")
    func superseded() throws {
        let bench = try Bench.trained("--epochs", "6", "--keep", "last")
        #expect(try bench.run("rollback", "1@epoch:2").status == 0)
        for (reference, mark, end) in [("points:1", "┊ points:1, epoch 6", "6"), ("1", "best: epoch", "2")] {
            let drawn = try bench.run("plot", reference, "--metric", "loss").output
            #expect(drawn.contains(mark), "\(drawn)")
            let axis = try #require(drawn.split(separator: "\n").first { $0.hasPrefix("  ") && $0.contains("0  ") })
            #expect(axis.hasSuffix(end), "\(drawn)")
        }
    }

    @Test("plot -o writes an SVG file, the same bytes each time")
    func svg() throws {
        let bench = try trained()
        for name in ["a.svg", "b.svg"] {
            let result = try bench.run("plot", "1", "4", "5", "-o", name, "--log")
            #expect(result.status == 0 && result.output.isEmpty, "\(result.errors)")
            #expect(result.errors.contains("to \(name)"))
        }
        let bytes = try #require(bench.bytes("a.svg"))
        #expect(bytes == bench.bytes("b.svg"))
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.hasPrefix("<?xml") && text.contains("run 1 up to epoch 3, then run 5"))
    }

    @Test("what plot refuses, with the exit code and what to type")
    func refusedPlots() throws {
        let bench = try trained()
        for (words, status, text) in [
            (["9"], Int32(1), "no such run"), (["1", "--metric", "acc"], 64, "supported: loss, val_loss, val_score"),
            (["4", "--metric", "val_loss"], 1, "has no val_loss, for it has no validation split; it has: loss"),
            (["1@iteration:0"], 1, "nothing to draw"), (["1@iteration:1"], 1, "--iterations"),
            (["1", "-o", "a.png"], 64, "next: bpreg plot 1 -o a.svg"),
            (["1", "-o", "no/such/a.svg"], 15, "cannot be written"),
            ([], 64, "plot"),
        ] {
            let result = try bench.run(["plot"] + words)
            #expect(result.status == status, "\(words): \(result.errors)")
            #expect(
                result.errors.contains(text)
                    && (result.errors.contains("  next: ") || result.errors.contains("  hint: ")),
                "\(words): \(result.errors)")
        }
        #expect(try bench.run("plot", "1@iteration:1", "--iterations").status == 0)
    }

    @Test("losses that are not finite are a gap, and told")
    func gap() throws {
        let bench = try Bench()
        try bench.writeNumbers()
        let words = ["--optimizer", "sgd", "--learning-rate", "1e20", "--epochs", "9", "--hidden", "none"]
        let run = try bench.run(["train", "line.csv", "--target", "y"] + words)
        #expect(run.status == 2, "\(run.errors)")
        let plot = try bench.run("plot", "1", "--iterations")
        #expect(plot.status == 0, "\(plot.errors)")
        #expect(plot.output.contains("not finite, a gap; the first at iteration"), "\(plot.output)")
    }
}
