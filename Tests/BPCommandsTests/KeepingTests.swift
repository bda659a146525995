import BPJSON
import Foundation
import Testing

/// `pin`, `version`, `alias`, `tag`, `note`: what is kept, named and noted, listed, changed and taken away.
@Suite("Keeping and naming from the command line")
struct KeepingTests {
    private func bench() throws -> Bench {
        let bench = try Bench()
        try bench.writeClasses()
        let trained = try bench.run("train", "points.csv", "--target", "side", "--epochs", "8", "--batch-size", "10")
        #expect(trained.status == 0, "\(trained.errors)")
        return bench
    }

    @Test("a pin keeps the state that show recomputes, is listed, and is taken away with its keyframe")
    func pin() throws {
        let bench = try bench()
        let hash = try bench.run("show", "1@iteration:12", "--json").json["weights_sha256"]
        let made = try #require(
            try bench.run("pin", "1@iteration:12", "--name", "half way", "--json").json.array?.first)
        #expect(made["weights_sha256"] == hash && made["replayed"] == 12 && made["pin"] == "1.1@iteration:12")
        let keyframes = try #require(try bench.run("show", "1", "--json").json["keyframes"]?.array)
        let pinned = keyframes.filter { $0["role"] == "pinned" }
        #expect(pinned.count == 1 && pinned[0]["iteration"] == 12 && pinned[0]["weights_sha256"] == hash)
        #expect(pinned[0]["kind"] == "full")
        let list = try bench.run("pin", "1").output
        #expect(list.contains("1.1@iteration:12  half way"), "\(list)")
        // What goes on from there starts there.
        #expect(try bench.run("pin", "1@iteration:13", "--json").json.array?.first?["replayed"] == 1)
        #expect(
            try bench.run("pin", "1@iteration:12", "--remove").output.contains("unpinned  1.1@iteration:12, half way"))
        #expect(try bench.run("pin", "1", "--json").json.array?.count == 1)
        #expect(try bench.run("verify").status == 0)
    }

    @Test("a pin before a fork is the parent's")
    func pinOfFork() throws {
        let bench = try bench()
        try bench.run("train", "--from", "1@iteration:20", "--optimizer", "sgd", "--epochs", "6")
        for iteration in [11, 20, 27] {
            let made = try bench.run("pin", "2@iteration:\(iteration)", "--json")
            #expect(try made.json.array?.first?["run"]?.int == (iteration > 20 ? 2 : 1), "\(made.errors)")
        }
        let version = try bench.run("version", "2@iteration:20", "--json")
        #expect(try version.json["run"] == 1, "\(version.errors)")
        #expect(try bench.run("verify").status == 0)
    }

    @Test("a version of a point has the weights, losses and test measures that were to be had there")
    func version() throws {
        let bench = try bench()
        let hash = try bench.run("show", "1@epoch:5", "--json").json["weights_sha256"]
        let epoch = try #require(try bench.run("history", "1", "--from", "5", "--to", "5", "--json").json.array?.first)
        let measured = try bench.run("evaluate", "1@epoch:5", "--json").json
        let made = try bench.run("version", "1@epoch:5", "--json").json
        #expect(made["name"] == "points:2" && made["current"] == true && made["previous_version"] == 1)
        #expect(made["weights_sha256"] == hash && made["epoch"] == 5 && made["iteration"] == 25)
        #expect(made["loss"] == epoch["loss"] && made["val_loss"] == epoch["val_loss"])
        #expect(made["test"]?["accuracy"] == measured["accuracy"] && made["test"]?["loss"] == measured["loss"])
        let predictions = try ["points", "1@epoch:5"].map { try bench.run("predict", $0, "points.csv").output }
        #expect(predictions[0] == predictions[1])
        // Inside an epoch there is no epoch's loss; the validation split is measured all the same.
        let inside = try bench.run("version", "1@iteration:12", "--model", "early", "--json").json
        let validation = try bench.run("evaluate", "early", "--split", "validation", "--json").json
        #expect(inside["loss"] == .null && inside["val_loss"] == validation["loss"])
        let text = try bench.run("version", "1@epoch:6").output
        #expect(text.contains("go back    bpreg rollback points:2"), "\(text)")
        #expect(try bench.run("train", "--resume", "1", "--epochs", "9", "--json").json["version"] == "points:4")
        #expect(try bench.run("verify").status == 0)
    }

    @Test("a version of a version has its weights and its origin, in another model")
    func copy() throws {
        let bench = try bench()
        let copy = try bench.run("version", "points:1", "--model", "served", "--json").json
        let original = try bench.run("show", "points:1", "--json").json
        for member in ["weights_sha256", "run", "iteration", "epoch", "loss", "val_loss", "test"] {
            #expect(copy[member] == original[member], "\(member)")
        }
        #expect(copy["name"] == "served:1")
        #expect(try bench.run("log", "served").output.contains("made, a copy of points:1"))
    }

    @Test("an alias is set, moved, listed and removed, and means its version everywhere")
    func alias() throws {
        let bench = try bench()
        try bench.run("version", "1@epoch:2")
        #expect(try bench.run("alias", "points:1", "prod").output == "points@prod names points:1\n")
        #expect(try bench.run("show", "points@prod", "--json").json["version"] == 1)
        #expect(try bench.run("alias", "points", "prod").output == "points@prod names points:2; it named points:1\n")
        #expect(try bench.run("alias", "points", "prod").output == "points@prod names points:2 already\n")
        #expect(try bench.run("alias").output.contains("points@prod  points:2"))
        #expect(try bench.run("alias", "points:1", "--json").output == "[]\n")
        #expect(try bench.run("alias", "points@prod", "--remove").output == "points@prod removed; it named points:2\n")
        let log = try bench.run("log", "points").output
        for words in ["alias prod → points:1", "alias prod → points:2; it was points:1", "alias prod removed"] {
            #expect(log.contains(words), "\(log)")
        }
    }

    @Test("tags and notes are set, changed, listed and removed, of runs and versions, and the log has all of it")
    func annotations() throws {
        let bench = try bench()
        #expect(try bench.run("tag", "1", "draft=yes", "rate=a=b").status == 0)
        #expect(try bench.run("tag", "1", "draft=no", "--json").json.array?.first?["before"] == "yes")
        let tags = try #require(try bench.run("tag", "1", "--json").json.array)
        #expect(tags.map { $0["tag"]?.string } == ["draft", "rate"] && tags[1]["value"] == "a=b")
        #expect(try bench.run("tag", "1", "--remove", "draft", "--remove", "rate").status == 0)
        #expect(try bench.run("tag", "1", "--json").output == "[]\n")
        #expect(try bench.run("tag", "points:1", "good=yes").status == 0)

        #expect(try bench.run("note", "1", "first").output.contains("   1  first"))
        #expect(try bench.run("note", "points", "of the model's version").status == 0)
        #expect(try bench.run("note", "1", "--edit", "1", "better").output.contains("   1  better"))
        #expect(try bench.run("note", "1", "--json").json.array?.count == 1)
        #expect(try bench.run("note", "1", "--remove", "1").output == "removed note 1: better\n")
        #expect(try bench.run("note", "1", "third", "--json").json.array?.first?["note"] == 3)
        let log = try bench.run("log").output
        for words in [
            "tag draft = no; it was yes", "tag draft removed; it was no", "note 1: better; it was first",
            "note 1 removed; it was better", "points:1",
        ] { #expect(log.contains(words), "\(log)") }
        #expect(try bench.run("verify").status == 0)
    }

    @Test("what cannot be kept or named is refused with what can, and nothing changes")
    func refusals() throws {
        let bench = try bench()
        try bench.run("pin", "1@epoch:2", "--name", "early")
        try bench.run("note", "1", "a remark")
        let before = try bench.run("log", "--json").output
        for (words, status, text) in [
            (["pin", "1@epoch:2"], 1, "pinned already as early"), (["pin", "1", "--name", "x"], 64, "1@best --name x"),
            (["pin", "1", "--remove"], 64, "bpreg pin 1"),
            (["pin", "1@epoch:3", "--remove"], 1, "run 1 is pinned at 10"),
            (["pin", "1@epoch:2", "--remove", "--name", "x"], 64, "--name"), (["pin", "1@iteration:41"], 1, "0 to 40"),
            (["pin", "9"], 1, "no such run"), (["pin", "pints"], 1, "points"),
            (["version", "points:1"], 64, "--model NAME"), (["version", "points"], 64, "a version already"),
            (["version", "1@epoch:9"], 1, "epochs 0 to 8"), (["version", "1", "--model", "9x"], 64, "_9x"),
            (["alias", "points:1", "best"], 64, "next: a name such as _best"),
            (["alias", "points:9", "a"], 1, "bpreg versions points"),
            (["alias", "1@best", "a"], 64, "next: bpreg version 1@best"), (["alias", "1"], 64, "bpreg alias"),
            (["alias", "points", "--remove"], 64, "MODEL@NAME"), (["alias", "points@a", "--remove"], 1, "no alias"),
            (["tag", "1", "draft"], 64, "next: draft=yes"), (["tag", "1", "9=x"], 64, "_9"),
            (["tag", "1@last", "a=b"], 64, "bpreg version 1@last"), (["tag", "1", "a=b", "c"], 64, "NAME=VALUE"),
            (["tag", "1", "--remove", "a"], 1, "it has no tag"), (["note", "1", "  "], 1, "it has no text"),
            (["note", "1", "--edit", "1"], 64, "--edit 1 \"text\""),
            (["note", "1", "--edit", "7", "x"], 1, "it has 1"),
            (["note", "points", "--remove", "1"], 1, "it has none"),
            (["note", "1", "x", "--remove", "1"], 64, "--remove 1"),
            (["note", "1", "x", "--remove", "1", "--edit", "1"], 64, "exclude each other"),
        ] as [([String], Int32, String)] {
            let result = try bench.run(words)
            #expect(result.status == status, "\(words): \(result.errors)")
            #expect(result.errors.contains(text), "\(words): \(result.errors)")
            #expect(result.errors.contains("  next: "), "\(words): \(result.errors)")
        }
        #expect(try bench.run("log", "--json").output == before)
    }
}
