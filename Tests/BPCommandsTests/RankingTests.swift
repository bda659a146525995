import BPJSON
import Foundation
import Testing

@Suite("Best only among what can be compared, with the built bpreg")
struct RankingTests {
    private static func bench(_ runs: String..., epochs: Int = 3) throws -> Bench {
        let bench = try Bench()
        try bench.writeClasses()
        for options in runs {
            let words = ["train", "points.csv", "--target", "side", "--epochs", "\(epochs)"]
            let result = try bench.run(words + options.split(separator: " ").map(String.init))
            #expect(result.status == 0, "\(options): \(result.errors)")
        }
        return bench
    }

    /// The runs with a mark.
    private static func marked(_ text: String) -> [String] {
        text.split(separator: "\n").filter { $0.contains("*") }.map { line in
            String(line.drop { $0 == " " }.prefix { $0 != " " })
        }
    }

    @Test("a best is marked only among two or more runs of the same rows and the same loss function")
    func marks() throws {
        let bench = try RankingTests.bench("--learning-rate 0.1", "--learning-rate 0.001", "--seed 2", "--seed 3")
        let runs = try #require(try bench.run("runs", "--json").json.array)
        func loss(_ number: Int) throws -> Double {
            try #require(runs.first { $0["run"]?.int == number }?["best_val_loss"]?.number)
        }
        let best = try loss(1) < loss(2) ? "1" : "2"
        let all = try bench.run("runs")
        #expect(RankingTests.marked(all.output) == [best], "\(all.output)")
        #expect(
            all.errors.contains("* marks the lowest validation loss among the runs shown that have the same data"))
        let alone = try bench.run("runs", "--where", "run != 2")
        #expect(RankingTests.marked(alone.output).isEmpty && !alone.errors.contains("*"), "\(alone.output)")
        // Another loss function on the same rows is another group, in which the lower one is marked.
        for rate in ["0.1", "0.001"] {
            try bench.run(
                "train", "points.csv", "--target", "side", "--epochs", "3", "--loss", "half-squared-error",
                "--learning-rate", rate)
        }
        #expect(RankingTests.marked(try bench.run("runs").output).count == 2)
        let versions = try bench.run("versions", "--where", "run in (1, 2)")
        #expect(RankingTests.marked(versions.output).count == 1, "\(versions.output)")
    }

    @Test("a list that is sorted by a measure says which rows it does not rank, and why")
    func note() throws {
        let bench = try RankingTests.bench("--seed 1", "--seed 2", "--seed 3", "--seed 1 --loss half-squared-error")
        let sorted = try bench.run("runs", "--sort", "val_loss", "--where", "run <= 3").errors
        #expect(sorted.contains("val_loss does not rank all of these runs. Unlike run "), "\(sorted)")
        #expect(sorted.contains("have another split (seed "), "\(sorted)")
        let losses = try bench.run("runs", "--sort", "best_val_loss", "--where", "run in (1, 4)").errors
        #expect(losses.contains("has another loss function (") && !losses.contains("split ("), "\(losses)")
        // An accuracy does not depend on the loss function, and an order by time is no ranking.
        let scores = try bench.run("runs", "--sort", "-val_accuracy", "--where", "run in (1, 4)").errors
        #expect(!scores.contains("does not rank"), "\(scores)")
        #expect(!(try bench.run("runs", "--sort", "-created").errors).contains("does not rank"))
        #expect(try bench.run("versions", "--sort", "val_loss").errors.contains("Unlike version points:"))
        try bench.writeClasses("others.csv", rows: 70)
        try bench.run("train", "others.csv", "--target", "side", "--epochs", "2", "--model", "points")
        try bench.run("train", "points.csv", "--target", "side", "--epochs", "2", "--validation", "0.3")
        let more = try bench.run("runs", "--sort", "val_loss", "--where", "run in (1, 5)").errors
        #expect(more.contains("has other data"), "\(more)")
        let shares = try bench.run("runs", "--sort", "val_loss", "--where", "run in (1, 6)").errors
        #expect(shares.contains("has another split (validation 0."), "\(shares)")
    }

    @Test("--group-by gives count, mean and standard deviation over the rest")
    func groups() throws {
        let bench = try RankingTests.bench(
            "--learning-rate 0.1 --seed 1", "--learning-rate 0.1 --seed 2", "--learning-rate 0.1 --seed 3",
            "--learning-rate 0.02 --seed 1", "--learning-rate 0.02 --seed 2", "--learning-rate 0.02 --seed 3")
        let runs = try #require(try bench.run("runs", "--json").json.array)
        let groups = try #require(try bench.run("runs", "--group-by", "learning_rate", "--json").json.array)
        #expect(groups.map { $0["learning_rate"]?.number } == [0.02, 0.1])
        for group in groups {
            let own = runs.filter { $0["settings"]?["learning_rate"] == group["learning_rate"] }
            for (key, values) in [
                ("best_val_loss", own.compactMap { $0["best_val_loss"]?.number }.map { Double(Float($0)) }),
                ("best_val_score", own.compactMap { $0["best_val_score"]?.number }.map { Double(Float($0)) }),
                ("test_score", own.compactMap { $0["metrics"]?["test_accuracy"]?["last"]?.number }),
            ] {
                let mean = values.reduce(0, +) / Double(values.count)
                let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
                let deviation = (squares / Double(values.count - 1)).squareRoot()
                #expect(group[key + "_count"]?.int == 3 && values.count == 3)
                #expect(abs((group[key + "_mean"]?.number ?? .nan) - mean) < 1e-12, "\(key)")
                #expect(abs((group[key + "_sd"]?.number ?? .nan) - deviation) < 1e-12, "\(key)")
            }
            #expect(group["runs"] == 3 && group["score_name"] == "accuracy")
        }
        let text = try bench.run("runs", "--group-by", "learning_rate")
        let best = (groups[0]["best_val_loss_mean"]?.number ?? 0) < (groups[1]["best_val_loss_mean"]?.number ?? 0)
        #expect(RankingTests.marked(text.output) == [best ? "0.02" : "0.1"], "\(text.output)")
        #expect(text.output.hasPrefix("learning_rate  runs  best val loss"), "\(text.output)")
        #expect(text.output.contains("%"))
        let sorted = try bench.run("runs", "--group-by", "learning_rate,optimizer", "--sort", "-best_val_loss", "--csv")
        let lines = sorted.output.split(separator: "\n")
        #expect(lines[0].hasPrefix("learning_rate,optimizer,runs,best_val_loss_count,best_val_loss_mean,"))
        #expect(lines[1].hasPrefix(best ? "0.1,adam,3,3," : "0.02,adam,3,3,"), "\(sorted.output)")
        #expect(try bench.run("runs", "--group-by", "seed", "--limit", "2", "--json").json.array?.count == 2)
        let wrong = try bench.run("runs", "--group-by", "seed", "--sort", "run")
        #expect(wrong.status == 64 && wrong.errors.contains("next: bpreg runs --group-by seed --sort runs\n"))
    }

    @Test("groups over other splits are not ranked, and a single run has no deviation")
    func unlikeGroups() throws {
        let bench = try RankingTests.bench("--learning-rate 0.1 --seed 1", "--learning-rate 0.02 --seed 2")
        let result = try bench.run("runs", "--group-by", "learning_rate")
        #expect(RankingTests.marked(result.output).isEmpty && result.output.contains("  –"), "\(result.output)")
        #expect(result.errors.contains("no group is marked as the best"), "\(result.errors)")
        let json = try #require(try bench.run("runs", "--group-by", "learning_rate", "--json").json.array?.first)
        #expect(json["best_val_loss_sd"] == .null && json["best_val_loss_mean"]?.number != nil)
        #expect(try bench.run("runs", "--group-by", "seed", "--where", "run > 9").output == "no run matches\n")
    }

    @Test("train says that a new version is worse than the one before, and the command goes back")
    func setback() throws {
        let bench = try RankingTests.bench("--learning-rate 0.05", epochs: 30)
        let worse = try bench.run(
            "train", "points.csv", "--target", "side", "--epochs", "1", "--learning-rate", "1e-6", "--json")
        let losses = try [1, 2].map { number in
            try #require(try bench.run("show", "points:\(number)", "--json").json["val_loss"]?.number)
        }
        #expect(losses[1] > losses[0])
        let sentence =
            "points:2 is now current and is worse than points:1, which was: validation loss "
            + String(format: "%.6f, not %.6f", losses[1], losses[0])
        #expect(worse.errors.contains("warning: " + sentence), "\(worse.errors)")
        #expect(try worse.json["warnings"]?.array?.contains { $0.string?.hasPrefix(sentence) == true } == true)
        let advice = PastedAdvice(worse)
        #expect(advice.next?.hasPrefix("bpreg rollback points:1") == true, "\(worse.errors)")
        let models = try #require(try bench.run("models", "--json").json.array?.first)
        #expect(models["current_version"] == 2 && models["best_version"] == 1 && models["ranked_by"] == "val_loss")
        #expect(models["comparable_versions"] == 2)
        let text = try bench.run("models").output
        #expect(text.contains("val loss") && text.contains(String(format: "%.6f", losses[0])), "\(text)")
        #expect(try bench.shell(try #require(advice.next)).status == 0)
        #expect(try bench.run("models", "--json").json.array?.first?["current_version"] == 1)
    }

    @Test("train compares neither a better version nor one that was validated on other rows")
    func noSetback() throws {
        let bench = try RankingTests.bench("--learning-rate 1e-6", "--learning-rate 0.05")
        let other = try bench.run(
            "train", "points.csv", "--target", "side", "--epochs", "1", "--learning-rate", "1e-6", "--seed", "2")
        #expect(other.status == 0 && !other.errors.contains("worse"), "\(other.errors)")
        let models = try bench.run("models")
        #expect(models.errors.contains("no best version of points"), "\(models.errors)")
        #expect(try bench.run("models", "--json").json.array?.first?["best_version"] == .null)
    }
}
