import BPJSON
import Foundation
import Testing

/// `rollback` and `log`: what moves, what is told of it, what is refused.
@Suite("Rolling back from the command line")
struct MovesTests {
    /// A run of eight epochs with five iterations each.
    private func bench() throws -> Bench {
        let bench = try Bench()
        try bench.writeClasses()
        let trained = try bench.run("train", "points.csv", "--target", "side", "--epochs", "8", "--batch-size", "10")
        #expect(trained.status == 0, "\(trained.errors)")
        return bench
    }

    @Test("a run goes back to any point, says what is superseded and where it is, and goes on from there")
    func run() throws {
        let bench = try bench()
        let moved = try bench.run("rollback", "1@epoch:3")
        #expect(moved.status == 0, "\(moved.errors)")
        for words in [
            "from        iteration 40, epoch 8, segment 1", "to          iteration 15, epoch 3, segment 2",
            "superseded  25 iterations, still there as 1.1@last", "go on       bpreg train --resume 1",
            "undo        bpreg rollback 1 --undo",
        ] { #expect(moved.output.contains(words), "\(moved.output)") }
        let record = try #require(try bench.run("runs", "--json").json.array?.first)
        #expect(record["status"] == "stopped" && record["iteration"] == 15)
        #expect(try bench.run("show", "1.1@last", "--json").json["iteration"] == 40)
        let resumed = try bench.run("train", "--resume", "1", "--json")
        #expect(try resumed.json["iteration"] == 40, "\(resumed.errors)")
        // The same run is the same run: what was rolled back and trained anew ends in the same bits.
        let weights = try ["1@last", "1.1@last"].map { try bench.run("show", $0, "--json").json["weights_sha256"] }
        #expect(weights[0] == weights[1])
        let sound = try bench.run("verify")
        #expect(sound.status == 0, "\(sound.output)")
    }

    @Test("undo walks back, rollback by rollback, and then says that there is none left")
    func undo() throws {
        let bench = try bench()
        try bench.run("rollback", "1@epoch:6")
        try bench.run("rollback", "1.1@iteration:12")
        let first = try bench.run("rollback", "1", "--undo", "--json").json
        #expect(first["to_iteration"] == 30 && first["to_segment"] == 2 && first["undone"] == true)
        let second = try bench.run("rollback", "1", "--undo", "--json").json
        #expect(second["to_iteration"] == 40 && second["superseded"] == 0 && second["superseded_at"] == .null)
        #expect(try bench.run("runs", "--json").json.array?.first?["status"] == "finished")
        let third = try bench.run("rollback", "1", "--undo")
        #expect(third.status == 1 && third.errors.contains("each rollback of it is undone"), "\(third.errors)")
        #expect(third.errors.contains("next: bpreg log 1 "), "\(third.errors)")
    }

    @Test("a model's current version goes back and forth")
    func model() throws {
        let bench = try bench()
        try bench.run("train", "--resume", "1", "--epochs", "9")
        let moved = try bench.run("rollback", "points:1")
        #expect(moved.output.contains("current  points:1; it was points:2"), "\(moved.output)\(moved.errors)")
        #expect(try bench.run("show", "points", "--json").json["version"] == 1)
        let again = try bench.run("rollback", "points:1")
        #expect(again.status == 1 && again.errors.contains("current already"), "\(again.errors)")
        let undone = try bench.run("rollback", "points", "--undo")
        #expect(undone.output.contains("current  points:2; it was points:1"), "\(undone.output)\(undone.errors)")
        let log = try bench.run("log", "points").output
        #expect(log.contains("current: points:1, moved back from points:2"), "\(log)")
        #expect(log.contains("current: points:2, moved by undo from points:1"), "\(log)")
    }

    @Test("what cannot be rolled back to is refused with what can, and nothing changes")
    func refusals() throws {
        let bench = try bench()
        try bench.run(
            "train", "--from", "1@epoch:4", "--learning-rate", "0.01", "--epochs", "6", "--model", "other")
        let before = try bench.run("log", "--json").output
        for (words, status, text) in [
            (["1"], 64, "next: bpreg rollback 1@epoch:"), (["1.1"], 64, "1.1@last"),
            (["points"], 64, "a version of points is wanted"), (["1@last"], 1, "already"),
            (["1@iteration:99"], 1, "recorded are iterations 0 to 40"), (["1.3@last"], 1, "run 1 has segment 1"),
            (["1@epoch:99"], 1, "next: bpreg log 1"), (["7@last"], 1, "next: bpreg runs"),
            (["points:9"], 1, "next: bpreg versions points"), (["pints:1"], 1, "points"),
            (["2@iteration:12"], 1, "next: bpreg train --from 1.1@iteration:12"),
            (["1@epoch:2", "--undo"], 64, "next: bpreg rollback 1 --undo"),
            (["points:1", "--undo"], 64, "next: bpreg rollback points --undo"),
            (["points", "--undo"], 1, "it was never rolled back"), (["9", "--undo"], 1, "no such run"),
            (["1@nowhere"], 64, "@nowhere"),
        ] as [([String], Int32, String)] {
            let result = try bench.run(["rollback"] + words)
            #expect(result.status == status, "\(words): \(result.errors)")
            #expect(result.errors.contains(text), "\(words): \(result.errors)")
            #expect(result.errors.contains("  next: "), "\(words): \(result.errors)")
        }
        #expect(try bench.run("log", "--json").output == before)
    }

    @Test("a run that is alive is left alone; one that was killed can be rolled back and goes on")
    func alive() throws {
        let bench = try Bench()
        try bench.writeClasses()
        let (process, output, errors) = try bench.start([
            "train", "points.csv", "--target", "side", "--epochs", "100000000", "--threads", "1",
        ])
        defer { if process.isRunning { process.terminate() } }
        var iterations = 0
        for _ in 0..<600 where iterations < 50 {
            usleep(50_000)
            iterations = (try? bench.run("runs", "--json").json.array?.first?["iteration"]?.int) ?? 0
        }
        try #require(iterations >= 50, "\(Bench.result(process, output, errors).errors)")
        let refused = try bench.run("rollback", "1@iteration:10")
        #expect(refused.status == 11 && refused.errors.contains("kill -INT"), "\(refused.errors)")
        // What is kept does not disturb it.
        let pinned = try bench.run("pin", "1@iteration:21", "--name", "live", "--json")
        #expect(try pinned.json.array?.first?["iteration"] == 21, "\(pinned.errors)")
        let version = try bench.run("version", "1@iteration:21", "--json")
        #expect(try version.json["name"] == "points:1", "\(version.errors)")
        #expect(try bench.run("runs", "--json").json.array?.first?["status"] == "running")
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(try bench.run("runs", "--json").json.array?.first?["status"] == "interrupted")
        let moved = try bench.run("rollback", "1@iteration:10")
        #expect(moved.status == 0, "\(moved.errors)")
        let resumed = try bench.run("train", "--resume", "1", "--epochs", "20", "--json")
        #expect(try resumed.json["epoch"] == 20, "\(resumed.errors)")
        let sound = try bench.run("verify")
        #expect(sound.status == 0, "\(sound.output)")
    }

    @Test("log has every event in order, of all, of a run with its segments, of a model, of a version")
    func log() throws {
        let bench = try bench()
        try bench.run("rollback", "1@epoch:3")
        try bench.run("train", "--resume", "1", "--epochs", "4")
        let all = try #require(try bench.run("log", "--json").json.array)
        #expect(all.map { $0["event"]?.int } == Array(1...all.count))
        let run = try bench.run("log", "1")
        for words in [
            "head  segment 2: iteration 20, epoch 4", "1.1@iteration:15", "superseded after iteration 15",
            "rolled back from iteration 40 to 15; the head is segment 2, it was 1",
            "resumed after iteration 15, attempt 2",
        ] { #expect(run.output.contains(words), "\(run.output)\(run.errors)") }
        let kinds = try #require(try bench.run("log", "1", "--json").json.array).map { $0["kind"]?.string }
        #expect(kinds == ["created", "ended", "created", "rolled-back", "resumed", "ended", "created"])
        #expect(try bench.run("log", "points:1", "--json").json.array?.count == 1)
        let last = try #require(try bench.run("log", "--limit", "2", "--json").json.array)
        #expect(last.map { $0["event"]?.int } == [all.count - 1, all.count])
        #expect(try bench.run("log", "--csv").output.hasPrefix("at,about,what,kind,event,run,model,version,detail\n"))
        for (words, status) in [(["1@last"], 64), (["9"], 1), (["pints"], 1), (["--limit", "0"], 64)]
            as [([String], Int32)]
        {
            let result = try bench.run(["log"] + words)
            #expect(result.status == status && result.errors.contains("  next: "), "\(words): \(result.errors)")
        }
    }
}
