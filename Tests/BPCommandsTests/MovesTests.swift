import BPJSON
import Foundation
import Testing

@Suite("Rollback, log, pins, versions, aliases, tags and notes with the built bpreg")
struct MovesTests {
    /// Run 1 of model points: 20 epochs of 2 iterations, finished as points:1.
    private func trained() throws -> Bench { try Bench.trained("--epochs", "20") }

    @Test("a run is rolled back, goes on, and each rollback is undone")
    func rollback() throws {
        let bench = try trained()
        let best = try bench.run("show", "1", "--json").json["weights_sha256"]
        let back = try bench.run("rollback", "1@epoch:8")
        #expect(back.status == 0, "\(back.errors)")
        #expect(back.output.contains("now         segment 2, iteration 16, epoch 8"), "\(back.output)")
        let left = "superseded  24 iterations, still there as 1.1@last"
        #expect(back.output.contains(left), "\(back.output)")
        #expect(back.errors.contains("next: bpreg train --resume 1"), "\(back.errors)")
        #expect(try bench.run("history", "1", "--json").json.array?.count == 8)
        #expect(try bench.run("history", "1.1", "--json").json.array?.count == 20)
        #expect(try bench.run("train", "--resume", "1").status == 0)
        #expect(try bench.run("show", "1", "--json").json["weights_sha256"] == best)
        let undone = try bench.run("rollback", "1", "--undo", "--json").json
        let log = try bench.run("log", "1").output
        #expect(log.contains("rolled back from 1.1@iteration:40 to 1.2@iteration:16"), "\(log)")
        #expect(log.contains("rollback undone: from 1.2@iteration:40 to 1.1@iteration:40"), "\(log)")
        #expect(undone["undone"] == true && undone["to"]?["segment"] == 1 && undone["from"]?["segment"] == 2)
        #expect(undone["superseded"] == 24 && undone["superseded_at"] == "1.2@last")
        let nothing = try bench.run("rollback", "1", "--undo")
        #expect(nothing.status == 1 && nothing.errors.contains("each rollback of it is undone"), "\(nothing.errors)")
        #expect(try bench.run("verify").status == 0)
    }

    @Test("a model's current version is moved back, and that is undone")
    func current() throws {
        let bench = try trained()
        let made = try bench.run("version", "1@epoch:3").errors
        #expect(made.contains("points:2 is the current version"), "\(made)")
        #expect(made.contains("next: bpreg rollback points:1 "), "\(made)")
        let back = try bench.run("rollback", "points:1", "--json").json
        #expect(back["model"] == "points" && back["from"] == 2 && back["to"] == 1)
        #expect(try bench.run("show", "points", "--json").json["version"] == 1)
        #expect(try bench.run("rollback", "points", "--undo").output.contains("current  points:2"))
        let again = try bench.run("rollback", "points:2")
        #expect(again.status == 1 && again.errors.contains("is current already"), "\(again.errors)")
    }

    @Test("what cannot be moved is refused with what could be typed, and changes nothing")
    func refused() throws {
        let bench = try trained()
        let before = try bench.run("log", "--json").output
        let cases: [([String], Int32, [String])] = [
            (["rollback", "1"], 64, ["point", "1@epoch:1"]),
            (["rollback", "points"], 64, ["next: bpreg versions points   #", "points:1"]),
            (["rollback", "pointz:1"], 1, ["no model", "next: bpreg rollback points:1\n"]),
            (["rollback", "1.7@last"], 1, ["no such segment", "next: bpreg log 1   #"]),
            (["rollback", "1@iteration:41"], 1, ["no such iteration", "0 to 40"]),
            (["rollback", "1@last"], 1, ["already"]),
            (["rollback", "2@last"], 1, ["no such run", "there is run 1", "next: bpreg runs\n"]),
            (["rollback", "1@epoch:3", "--undo"], 64, ["--undo takes a run or a model"]),
            (["rollback", "points:7"], 1, ["no such version", "points:1", "next: bpreg versions points\n"]),
            (["pin", "1@iteration:99"], 1, ["no such iteration"]),
            (["pin", "1", "--name", "x"], 64, ["no point of run 1 is specified"]),
            (["pin", "1@iteration:3", "--remove"], 1, ["not pinned"]),
            (["version", "points:1"], 64, ["next: bpreg rollback points:1   #", "another one"]),
            (["version", "1@last", "--model", "9x"], 64, ["cannot be a name"]),
            (["alias", "1", "x"], 64, ["an alias names a version"]),
            (["alias", "points:1", "best"], 64, ["cannot be a name", "my-best"]),
            (["alias", "points@nothing", "--remove"], 1, ["no such alias"]),
            (["tag", "1", "draft"], 64, ["name=value"]),
            (["tag", "1", "good=yes", "9bad=no"], 64, ["cannot be a name"]),
            (["tag", "1", "--remove", "draft"], 1, ["no such tag"]),
            (["tag", "1@last", "a=b"], 64, ["not to points"]),
            (["note", "1", "--remove", "3"], 1, ["has no note 3"]),
            (["note", "1", "--edit", "3"], 64, ["--edit takes the new text"]),
            (["note", "1", "  "], 64, ["no text"]),
            (["tag", "9", "a=b"], 1, ["no such run", "next: bpreg runs\n"]),
            (["log", "7"], 1, ["no such run"]),
            (["train", "--from", "1@epoch:3", "--resume"], 64, ["--from 1@epoch:3 --resume"]),
            (["train", "--from", "1@epoch:3", "--resume", "1", "--epochs", "30"], 64, ["--from begins a new run"]),
        ]
        for (words, status, texts) in cases {
            let result = try bench.run(words)
            #expect(result.status == status, "\(words): \(result.errors)")
            for text in texts { #expect(result.errors.contains(text), "\(words): \(result.errors)") }
            #expect(
                result.errors.contains("  next: ") || result.errors.contains("  hint: "),
                "\(words): \(result.errors)")
        }
        #expect(try bench.run("log", "--json").output == before)
    }

    @Test("a pin keeps the state, is listed, and is taken away; a version stands for its point")
    func pins() throws {
        let bench = try trained()
        let pin = try bench.run("pin", "1@iteration:7", "--name", "knee", "--json").json.array?.first
        #expect(pin?["run"] == 1 && pin?["segment"] == 1 && pin?["iteration"] == 7 && pin?["name"] == "knee")
        let keyframes = try bench.run("show", "1", "--json").json["keyframes"]?.array ?? []
        #expect(keyframes.contains { $0["iteration"] == 7 && $0["role"] == "pinned" && $0["kind"] == "full" })
        #expect(try bench.run("pin", "points:1").status == 0)
        #expect(try bench.run("pin", "1", "--json").json.array?.count == 2)
        #expect(try bench.run("pin", "1@iteration:7").status == 1)
        let named = try bench.run("pin", "1@iteration:9", "--name", "knee")
        #expect(
            named.status == 1 && named.errors.contains("its pin at 1.1@iteration:7 has the name knee already"),
            "\(named.errors)")
        #expect(try bench.run("pin", "1@iteration:7", "--remove").status == 0)
        #expect(try bench.run("pin", "1", "--json").json.array?.count == 1)
        #expect(try bench.run("verify").status == 0)
    }

    @Test("any point becomes a version with the point's weights and measures; a version one of another model")
    func versions() throws {
        let bench = try trained()
        let made = try bench.run("version", "1@epoch:4", "--model", "early", "--json").json
        let point = try bench.run("show", "1@epoch:4", "--json").json
        #expect(made["weights_sha256"] == point["weights_sha256"])
        #expect(made["version"] == 1 && made["epoch"] == 4)
        let epoch = try bench.run("history", "1", "--from", "4", "--to", "4", "--json").json.array?.first
        #expect(made["loss"] == epoch?["loss"] && made["val_loss"] == epoch?["val_loss"])
        #expect(made["test"]?["accuracy"] != nil)
        let inside = try bench.run("version", "1@iteration:7", "--model", "early", "--json").json
        #expect(inside["loss"] == .null)
        try bench.writeNumbers()
        try bench.run("train", "line.csv", "--target", "y", "--epochs", "2")
        let other = try bench.run("version", "2@last", "--model", "early")
        #expect(
            other.errors.contains(
                "warning: early:3 differs from early:2, which was current: other columns: \"y\", without \"height\", \"side\"; "
                    + "target y, not side; regression, not classification"),
            "\(other.errors)")
        let copy = try bench.run("version", "points:1", "--model", "live", "--json").json
        #expect(try copy["weights_sha256"] == bench.run("show", "points:1", "--json").json["weights_sha256"])
        #expect(
            try bench.run("predict", "live", "points.csv").output == bench.run("predict", "points", "points.csv").output
        )
        #expect(try bench.run("verify").status == 0)
    }

    @Test("aliases, tags and notes are set, changed, listed and removed, and the log tells all of it")
    func names() throws {
        let bench = try trained()
        try bench.run("version", "1@epoch:3")
        try bench.run("alias", "points:1", "production")
        let moved = try bench.run("alias", "points:2", "production")
        #expect(moved.errors.contains("points@production was points:1"), "\(moved.errors)")
        #expect(try bench.run("show", "points@production", "--json").json["version"] == 2)
        for name in ["points", "points:2", "points@production"] {
            #expect(try bench.run("alias", name, "--json").json.array?.first?["alias"] == "production", "\(name)")
        }
        #expect(try bench.run("alias", "points:1").output == "no aliases\n")
        try bench.run("tag", "1", "draft=yes", "owner=ann")
        try bench.run("tag", "1", "draft=no")
        let tags = try bench.run("tag", "1", "--json").json.array
        #expect(tags?.map { $0["value"] } == ["no", "ann"])
        try bench.run("note", "points@production", "good on rain")
        try bench.run("note", "points:2", "--edit", "1", "good on rain and snow")
        #expect(try bench.run("note", "points:2", "--json").json.array?.first?["text"] == "good on rain and snow")
        try bench.run("note", "points:2", "--remove", "1")
        try bench.run("tag", "1", "--remove", "draft")
        try bench.run("alias", "points@production", "--remove")
        let log = try bench.run("log").output
        for text in [
            "alias production → points:2, it was points:1", "alias production removed", "tag draft = no, it was yes",
            "tag draft removed", "note 1: good on rain and snow, it was good on rain", "note 1 removed",
        ] { #expect(log.contains(text), "\(text) in \(log)") }
        let events = try #require(try bench.run("log", "points", "--json").json.array)
        #expect(events.allSatisfy { $0["model"] == "points" })
        #expect(try bench.run("log", "--limit", "2", "--json").json.array?.count == 2)
        #expect(try bench.run("log", "--limit", "0").status == 64)
        #expect(try bench.run("verify").status == 0)
    }
}
