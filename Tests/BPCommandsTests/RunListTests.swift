import BPJSON
import Foundation
import Testing

@Suite("The lists by which people choose, with the built bpreg")
struct RunListTests {
    /// Trains run after run of points.csv, each with these options.
    private static func bench(_ runs: String...) throws -> Bench {
        let bench = try Bench()
        try bench.writeClasses()
        for options in runs {
            let words = ["train", "points.csv", "--target", "side", "--epochs", "3"]
            let result = try bench.run(words + options.split(separator: " ").map(String.init))
            #expect(result.status == 0, "\(options): \(result.errors)")
        }
        return bench
    }

    /// The words of a table: its titles, then its rows, where two spaces or more are between two columns.
    private static func table(_ text: String) -> [[String]] {
        text.split(separator: "\n").map { line in
            line.split(separator: "  ", omittingEmptySubsequences: true)
                .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        }
    }

    @Test("runs shows the settings in which they differ, and their results at the best epoch")
    func differing() throws {
        let bench = try RunListTests.bench(
            "--learning-rate 0.1 --optimizer sgd", "--learning-rate 0.2 --optimizer sgd", "--learning-rate 0.3")
        let result = try bench.run("runs")
        let table = RunListTests.table(result.output)
        #expect(
            table[0] == [
                "run", "model", "status", "learning_rate", "optimizer", "best val loss", "at epoch", "val accuracy",
                "epochs",
                "loss", "val loss", "time", "created",
            ], "\(result.output)")
        // beta1, beta2 and epsilon are missing in the runs with sgd, because of sgd.
        #expect(table[1].prefix(5) == ["3", "points", "finished", "0.3", "adam"], "\(result.output)")
        let json = try #require(try bench.run("runs", "--json").json.array)
        for (row, run) in zip(table.dropFirst(), json) {
            let loss = try #require(run["best_val_loss"]?.number)
            #expect(row[5].prefix { $0 != "*" } == String(format: "%.6f", loss)[...])
            #expect(row[6] == "\(run["best_epoch"]?.int ?? 0)")
            let score = try #require(run["best_val_score"]?.number)
            #expect(row[7] == String(format: "%.1f%%", 100 * score) && score <= 1, "\(row)")
            #expect(run["metrics"]?["val_score"]?["best"] == run["best_val_score"])
        }
    }

    @Test("at most six settings are shown, the most varied first, and the others are named")
    func many() throws {
        let bench = try RunListTests.bench(
            "--seed 1 --hidden 2 --activation relu --batch-size 8 --weight-decay 0.1 --beta1 0.8 --shuffle off",
            "--seed 2 --hidden 3 --epsilon 1e-7", "--seed 3 --hidden 3")
        let result = try bench.run("runs")
        let titles = RunListTests.table(result.output)[0]
        #expect(titles.dropFirst(3).first == "seed", "three values come before two: \(titles)")
        #expect(titles.contains("hidden") && !titles.contains("shuffle") && !titles.contains("parameters"), "\(titles)")
        #expect(titles.firstIndex(of: "best val loss") == 9, "\(titles)")
        #expect(result.errors.contains("the runs differ in more: "), "\(result.errors)")
        #expect(result.errors.contains("shuffle; --columns shows them"), "\(result.errors)")
    }

    @Test("what a list is sorted by is a column, and stays in a narrow terminal, which names what it leaves out")
    func sorted() throws {
        let bench = try RunListTests.bench("--batch-size 8", "--batch-size 16")
        try bench.run("tag", "1", "stage=trial")
        let text = try bench.run("runs", "--sort", "-test_loss,beta1,tag.stage").output
        #expect(RunListTests.table(text)[0].dropFirst(3).prefix(3) == ["test_loss", "beta1", "tag.stage"], "\(text)")
        let narrow = try bench.run(["runs", "--sort", "last_loss"], environment: ["COLUMNS": "60"])
        let titles = RunListTests.table(narrow.output)[0]
        #expect(titles.contains("last_loss") && titles.contains("best val loss"), "\(narrow.output)")
        #expect(narrow.output.split(separator: "\n").allSatisfy { $0.count <= 60 })
        #expect(narrow.errors.contains("left out because the terminal is too narrow: "), "\(narrow.errors)")
        #expect(narrow.errors.contains("created; --json prints all"), "\(narrow.errors)")
        // The score under its own name is the column that is there anyway.
        let scored = try bench.run("runs", "--sort", "-best.val_accuracy").output
        #expect(!scored.contains("best.val_accuracy") && scored.contains("accuracy"), "\(scored)")
        let history = try bench.run(["history", "1"], environment: ["COLUMNS": "30"])
        #expect(history.errors.contains("left out because the terminal is too narrow: "), "\(history.errors)")
    }

    @Test("--columns takes any name of a query, in text, JSON and CSV")
    func columns() throws {
        let bench = try RunListTests.bench("--batch-size 8", "--learning-rate 0.5 --hidden none")
        try bench.run("tag", "1", "stage=trial")
        let names = "run,learning-rate,hidden,shuffle,schedule,tag.stage,tag,best.val_loss,best.val_accuracy,created"
        let text = try bench.run("runs", "--columns", names)
        let table = RunListTests.table(text.output)
        #expect(table[0].joined(separator: ",") == names, "\(text.output)")
        #expect(table[1].prefix(7) == ["2", "0.5", "none", "on", "constant", "–", "–"], "\(text.output)")
        #expect(table[2].dropFirst(5).prefix(2) == ["trial", "stage"])
        #expect(table[1][8].hasSuffix("%"))
        let all = try #require(try bench.run("runs", "--json").json.array)
        let chosen = try #require(try bench.run("runs", "--columns", names, "--json").json.array)
        #expect(chosen[0].object?.count == 10)
        #expect(chosen[0]["best.val_loss"] == all[0]["best_val_loss"])
        #expect(chosen[0]["created"] == all[0]["created"])
        #expect(chosen[0]["shuffle"] == true && chosen[0]["tag"] == .null && chosen[1]["tag"] == ["stage"])
        #expect(chosen[0]["learning-rate"] == 0.5)
        let csv = try bench.run("runs", "--columns", "run,tag.stage,optimizer", "--csv").output
        #expect(csv == "run,tag.stage,optimizer\n2,,adam\n1,trial,adam\n")
        let sorted = try bench.run("runs", "--columns", "run", "--sort", "seed").output
        #expect(RunListTests.table(sorted)[0] == ["run", "seed"])
    }

    @Test("a name that nothing has is an error with its column and the nearest name, and so is a second one")
    func unknown() throws {
        let bench = try RunListTests.bench("--batch-size 8")
        for (option, place, words) in [
            ("--columns", "--columns, column 5", "there is no lerning_rate to show"),
            ("--group-by", "--group-by, column 5", "there is no lerning_rate to group by"),
        ] {
            let result = try bench.run("runs", option, "run,lerning_rate")
            #expect(result.status == 64 && result.errors.contains(words), "\(result.errors)")
            #expect(result.errors.contains("at: \(place)\n"), "\(result.errors)")
            #expect(result.errors.contains("next: bpreg runs \(option) run,learning_rate\n"), "\(result.errors)")
        }
        #expect(try bench.run("versions", "--columns", "name,test_acuracy").errors.contains("name,test_accuracy\n"))
        #expect(try bench.run("runs", "--columns", "run,run").errors.contains("run is named twice"))
        #expect(try bench.run("runs", "--columns", "run,,run").status == 64)
        #expect(try bench.run("runs", "--group-by", "tag").errors.contains("may have several values"))
        for words in [
            ["--tree", "--columns", "run"], ["--tree", "--group-by", "seed"],
            ["--group-by", "seed", "--columns", "run"],
        ] {
            let result = try bench.run(["runs"] + words)
            #expect(result.status == 64 && result.errors.contains("next: bpreg runs"), "\(words): \(result.errors)")
        }
    }

    @Test("JSON and CSV carry all settings and all metrics")
    func everything() throws {
        let bench = try RunListTests.bench("--batch-size 8", "--optimizer sgd --learning-rate 0.25")
        let run = try #require(try bench.run("runs", "--json").json.array?.first)
        let settings = try #require(run["settings"]?.object)
        #expect(settings["learning_rate"] == 0.25 && settings["hidden"]?.string != nil && settings["shuffle"] == true)
        #expect(settings["weight_decay"]?.number == 0 && settings["schedule"] == "constant", "left out of the spec")
        #expect(settings["beta1"] == nil)
        let metrics = try #require(run["metrics"]?.object)
        #expect(metrics["val_loss"]?["last"] == run["val_loss"] && metrics["val_loss"]?["best"] == run["best_val_loss"])
        #expect(metrics["test_accuracy"]?["last"]?.number != nil)
        for kind in ["min", "max"] { #expect(metrics["loss"]?[kind]?.number != nil) }
        let lines = try bench.run("runs", "--csv").output.split(separator: "\n").map { $0.components(separatedBy: ",") }
        let values = Dictionary(uniqueKeysWithValues: zip(lines[0], lines[1]))
        #expect(values["setting.learning_rate"] == "0.25" && values["setting.beta1"] == "")
        #expect(values["metric.val_loss"] == values["val_loss"] && values["best.val_loss"] == values["best_val_loss"])
        #expect(values["min.loss"]?.isEmpty == false && values["max.loss"]?.isEmpty == false)
        let version = try #require(try bench.run("versions", "--json").json.array?.first)
        #expect(version["settings"] == run["settings"] && version["val_score"]?.number != nil)
        let csv = try bench.run("versions", "--csv").output
        #expect(csv.split(separator: "\n")[0].contains(",setting.learning_rate,"), "\(csv)")
    }

    @Test("versions shows settings that differ, measures as people read them, and what it is sorted by")
    func versions() throws {
        let bench = try RunListTests.bench("--learning-rate 0.1", "--learning-rate 0.2")
        let result = try bench.run("versions", "--sort", "learning_rate")
        let table = RunListTests.table(result.output)
        #expect(
            table[0] == [
                "version", "current", "run", "epoch", "learning_rate", "val loss", "test accuracy", "loss", "weights",
                "created",
            ], "\(result.output)")
        #expect(table[1].prefix(3) == ["points:1", "no", "1"] && table[1][4] == "0.1")
        #expect(table[1][6].hasSuffix("%"))
        let chosen = try bench.run("versions", "points", "--columns", "name,test,setting.test,val_score,current")
        #expect(RunListTests.table(chosen.output)[1].dropFirst(2).first == "0.15", "\(chosen.output)")
        #expect(RunListTests.table(chosen.output)[1][3].hasSuffix("%"), "\(chosen.output)")
    }

    @Test("an accuracy is a percentage in text, and R² and losses are not")
    func faces() throws {
        let bench = try RunListTests.bench("--batch-size 8")
        let text = try bench.run("history", "1")
        let score = try #require(try bench.run("history", "1", "--json").json.array?.first?["val_score"]?.number)
        #expect(RunListTests.table(text.output)[0][4] == "val accuracy")
        #expect(RunListTests.table(text.output)[1][4] == String(format: "%.1f%%", 100 * score))
        try bench.writeNumbers()
        try bench.run("train", "line.csv", "--target", "y", "--epochs", "2")
        let history = try bench.run(["history", "2"], environment: ["LC_ALL": "C.UTF-8"])
        #expect(RunListTests.table(history.output)[0][4] == "val R²" && !history.output.contains("%"))
        let plain = try bench.run(["history", "2"], environment: ["LC_ALL": "C"]).output
        #expect(RunListTests.table(plain)[0][4] == "val R^2", "without Unicode")
        let mixed = RunListTests.table(try bench.run("runs").output)
        #expect(mixed[0].contains("val score") && mixed[2].contains { $0.hasSuffix("%") })
        #expect(!mixed[1].contains { $0.hasSuffix("%") })
    }
}
