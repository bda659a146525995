import BPJSON
import Foundation
import TestSupport
import Testing

/// What is measured and printed of a model, from the command line. The tables in Tests/Fixtures/cases have the shapes of
/// inputs that people reported about other programs.
@Suite("Measures")
struct MeasuresTests {
    /// A folder with the table `name` of the cases.
    private static func bench(_ name: String) throws -> Bench {
        let bench = try Bench()
        try bench.copy(Project.file("Tests/Fixtures/cases/\(name)"))
        return bench
    }

    private static func train(_ bench: Bench, _ words: String...) throws -> Bench.Result {
        let result = try bench.run(["train"] + words)
        #expect(result.status == 0, "\(result.errors)")
        return result
    }

    @Test("an infinite validation loss is never the best, and the line of the row is named")
    func validationSpike() throws {
        let bench = try MeasuresTests.bench("validation_spike.csv")
        let result = try MeasuresTests.train(bench, "validation_spike.csv", "--target", "y", "--epochs", "40", "--json")
        let json = try result.json
        #expect(json["best_epoch"] == .null && json["best_val_loss"] == .null && json["version_epoch"] == 40)
        #expect(try #require(json["test"]?["r2"]?.number) > 0.9)
        let warning = try #require(json["warnings"]?.array?.first?.string)
        for words in ["no epoch has a finite validation loss", "validation_spike.csv, line 7, column 3 (y)", "1e+20"] {
            #expect(warning.contains(words) && result.errors.contains(words), "\(result.errors)")
        }
        #expect(try bench.run("predict", "1", "validation_spike.csv").status == 0)
        let made = try bench.run("version", "1@epoch:3", "--model", "hand")
        #expect(made.errors.contains("the validation loss of hand:1 is not finite"), "\(made.errors)")
        let evaluated = try bench.run("evaluate", "1", "--split", "validation")
        #expect(evaluated.status == 0 && evaluated.errors.contains("column 3 (y)"), "\(evaluated.errors)")
        #expect(try bench.run("verify").status == 0)
    }

    @Test("a registry with an infinite best epoch and undefined scores, as earlier versions wrote them, stays sound")
    func recordedInfiniteBest() throws {
        let bench = try Bench()
        try Fixtures.unpacked("registries/infinite-best.sqlite.gz").write(
            to: bench.folder.appending(path: "bpreg.sqlite"))
        #expect(try bench.run("migrate").status == 0)
        let verified = try bench.run("verify")
        #expect(verified.status == 0, "\(verified.errors)")
        for run in ["1", "2"] {
            let audit = try bench.run("audit", run)
            #expect(audit.status == 0, "\(audit.output) \(audit.errors)")
        }
        let runs = try bench.run("runs", "--json").json.array ?? []
        #expect(runs.map { $0["best_epoch"] } == [3, .null] && runs.first?["val_score"] == .null)
        // Queries and views agree with the list, and `runs` has the columns of the schema's own view.
        let infinite = try bench.run("runs", "--where", "best_epoch is null", "--json").json.array ?? []
        #expect(infinite.map { $0["run"] } == [1])
        #expect(try bench.run("runs", "--where", "best_val_loss > 5", "--json").json.array?.isEmpty == true)
        let sql = try bench.run(
            "sql", "SELECT best_epoch, best_iteration, best_val_loss FROM runs ORDER BY run", "--json")
        #expect(sql.output.contains("null") && !sql.output.contains("Inf"), "\(sql.output)")
        let views = try ["runs", "main.runs"].map {
            try bench.run("sql", "SELECT * FROM \($0) WHERE run = 2", "--csv").output
        }
        #expect(views[0] == views[1] && !views[0].isEmpty)
        #expect(try bench.run("show", "1", "--json").json["weights_of"] == "1@last")
        let resumed = try bench.run("train", "--resume", "1", "--epochs", "5", "--json")
        #expect(try resumed.json["version_epoch"] == 5, "\(resumed.errors)")
        #expect(resumed.errors.contains("no epoch has a finite validation loss"))
        #expect(try bench.run("verify").status == 0 && bench.run("audit", "1").status == 0)
    }

    @Test("cross-entropy or a bounded output on a number is refused with a command that works")
    func unitTarget() throws {
        let bench = try MeasuresTests.bench("unit_target.csv")
        let data = ["train", "unit_target.csv", "--target", "y", "--epochs", "200"]
        for (options, words) in [
            (["--output-activation", "sigmoid", "--loss", "cross-entropy"], "cross-entropy is a loss of classes"),
            (["--loss=cross-entropy"], "cross-entropy is a loss of classes"),
            (["--output-activation", "sigmoid"], "sigmoid outputs are between 0 and 1"),
            (["--output-activation", "tanh"], "tanh outputs are between -1 and 1"),
            (["--output-activation", "relu"], "relu outputs are at least 0"),
            (["--output-activation", "softmax"], "softmax divides 1 among at least 2 outputs"),
        ] {
            let refused = try bench.run(data + options)
            #expect(refused.status == 64 && refused.errors.contains(words), "\(refused.errors)")
            #expect(!bench.has("bpreg.sqlite"))
            let lines = refused.errors.split(separator: "\n")
            let next = try #require(lines.first { $0.hasPrefix("  next: bpreg ") })
            let command = next.dropFirst("  next: bpreg ".count).split(separator: " ").map(String.init)
            let result = try bench.run(command + ["--json", "--registry", "next.sqlite"])
            #expect(try #require(result.json["test"]?["r2"]?.number) > 0.98, "\(result.errors)")
        }
    }

    @Test("R² of fewer than two rows is - in text and null in JSON, everywhere")
    func fiveRows() throws {
        let bench = try MeasuresTests.bench("five_rows.csv")
        let result = try MeasuresTests.train(bench, "five_rows.csv", "--target", "y", "--epochs", "40")
        #expect(result.output.contains("R² -, mean absolute error"))
        #expect(try bench.run("evaluate", "1").output.contains("R²                       -\n"))
        #expect(try bench.run("evaluate", "1", "--json").json["r2"] == .null)
        #expect(try bench.run("show", "five_rows:1").output.contains("R² -\n"))
        #expect(try bench.run("show", "five_rows:1", "--json").json["test"]?["r2"] == .null)
        #expect(try bench.run("runs", "--json").json.array?.first?["val_score"] == .null)
        let history = try bench.run("history", "1", "--json").json.array ?? []
        #expect(history.count == 40 && history.allSatisfy { $0["val_score"] == .null })
        let texts = try [
            ["show", "1"], ["versions"], ["history", "1"], ["compare", "1", "1@last"], ["plot", "1"],
            ["compare", "1", "1@last", "--json"], ["history", "1", "--csv"],
        ].map { try bench.run($0) }
        #expect(texts.allSatisfy { $0.status == 0 && !$0.output.contains("inf") && !$0.output.contains("NaN") })
        #expect(try bench.run("audit", "1").status == 0 && bench.run("verify").status == 0)
    }

    @Test("the share of the most frequent class is beside the accuracy, with a warning if that is not above it")
    func rareClass() throws {
        let bench = try MeasuresTests.bench("rare_class.csv")
        let result = try MeasuresTests.train(bench, "rare_class.csv", "--target", "c", "--epochs", "30")
        #expect(result.output.contains("accuracy 99.0% (majority 99.0%)"))
        let warning = "not above that of always predicting \"0\", which 297 rows of 300 have"
        #expect(result.errors.contains(warning))
        let evaluated = try bench.run("evaluate", "1")
        #expect(evaluated.output.contains("99.0% (majority 99.0%)") && evaluated.errors.contains(warning))
        #expect(try bench.run("evaluate", "1", "--json").json["majority_share"] == 0.99)
        #expect(try bench.run("show", "rare_class:1").output.contains("accuracy 99.0% (majority 99.0%)"))
        #expect(try bench.run("version", "1@epoch:1", "--model", "hand").errors.contains(warning))
        #expect(
            try bench.run("compare", "1", "hand").output.contains("always predicting 0 is right on 297 rows (99.0%)\n"))
        // A model that is better than its majority gets no warning.
        try bench.copy("iris.csv")
        let good = try MeasuresTests.train(bench, "iris.csv", "--target", "species", "--epochs", "30", "--json")
        #expect(try good.json["warnings"] == [] && !good.errors.contains("warning"))
        #expect(try #require(good.json["test"]?["majority_share"]?.number) < 0.4)
    }

    @Test("a target, or any other option with one value, that is given twice is refused")
    func twoTargets() throws {
        let bench = try MeasuresTests.bench("two_targets.csv")
        let result = try bench.run("train", "two_targets.csv", "--target", "y1", "--target", "y2")
        #expect(result.status == 64 && result.errors.contains("--target takes one value and is given twice"))
        #expect(result.errors.contains("next: bpreg train two_targets.csv --target y1\n"))
        #expect(!bench.has("bpreg.sqlite"))
    }

    @Test("a prediction that is not finite names line and value, exits with 65, and prints nothing")
    func farOutside() throws {
        let bench = try Bench()
        let rows = (0..<60).map { "\($0),\(($0 * 7) % 11),\(Double($0) * 1.5 + 0.25)\n" }.joined()
        try bench.write("near.csv", "a,b,y\n" + rows)
        try bench.write("far.csv", "a,b,y\n1,2,3\n4,1e39,6\n2,2,3\n")
        _ = try MeasuresTests.train(
            bench, "near.csv", "--target", "y", "--activation", "relu", "--hidden", "64,64,64", "--epochs", "5")
        for words in [
            ["predict", "1", "far.csv"], ["predict", "1", "far.csv", "--json"], ["evaluate", "1", "far.csv"],
        ] {
            let result = try bench.run(words)
            #expect(result.status == 65 && result.output.isEmpty, "\(result.output)")
            #expect(result.errors.contains("far.csv, line 3, column 2 (b), value \"1e+39\""), "\(result.errors)")
        }
        #expect(try bench.run("predict", "1", "far.csv", "-o", "out.csv").status == 65)
        #expect(!bench.has("out.csv"))
        let compared = try bench.run("compare", "1", "1@last", "--data", "far.csv")
        #expect(compared.status == 0 && compared.errors.contains("far.csv, line 3"), "\(compared.errors)")
        #expect(!compared.output.contains("paired t"))
    }

    @Test(
        "outputs that are no probabilities are not printed as such",
        arguments: [
            ("softmax", "iris.csv", "probability_"), ("sigmoid", "iris.csv", "output_"),
            ("identity", "iris.csv", "output_"), ("relu", "iris.csv", "output_"), ("tanh", "iris.csv", "output_"),
            ("sigmoid", "two.csv", "probability_"), ("identity", "two.csv", "output_"),
        ])
    func names(_ output: String, _ data: String, _ prefix: String) throws {
        let bench = try Bench()
        try bench.copy("iris.csv")
        let two = (0..<60).map { "\($0),\(($0 * 7) % 11),\($0 < 30 ? "no" : "yes")\n" }.joined()
        try bench.write("two.csv", "a,b,species\n" + two)
        let result = try bench.run(
            "train", data, "--target", "species", "--output-activation", output, "--epochs", "3")
        #expect(result.status == 0, "\(result.errors)")
        let header = try bench.run("predict", "1", data).output.prefix { $0 != "\n" }
        let names = header.split(separator: ",").dropFirst(2)
        #expect(names.count == (data == "two.csv" ? 2 : 3) && names.allSatisfy { $0.hasPrefix(prefix) }, "\(header)")
        let json = try bench.run("predict", "1", data, "--json").json.array?.first?.object ?? [:]
        #expect(json.keys.filter { $0.hasPrefix(prefix) }.count == names.count)
        let pair = try bench.run("compare", "1@epoch:1", "1@epoch:3", "--json").json["pairs"]?.array?.first
        let row = try #require(pair?["furthest"]?.array?.first?.object)
        #expect((row["base_" + prefix.dropLast()] != nil) && (row["other_" + prefix.dropLast()] != nil), "\(row.keys)")
    }
}
