import BPJSON
import BPRegistry
import Foundation
import Testing

@Suite("What runs, history and show tell of forks and rollbacks, with the built bpreg")
struct LineageTests {
    /// Run 1: 20 epochs of 2 iterations; rolled back to epoch 10 and gone on to epoch 12, then back to iteration 30 of
    /// its first line. Run 2: forked from 1.1 after epoch 5.
    private func bench() throws -> Bench {
        let bench = try Bench()
        try bench.writeClasses()
        try bench.run("train", "points.csv", "--target", "side", "--epochs", "20", "--keep", "last")
        let fork = try bench.run("train", "--from", "1@epoch:5", "--learning-rate", "0.01", "--epochs", "8")
        #expect(fork.status == 0, "\(fork.errors)")
        try bench.rollBack("1@epoch:10")
        let resumed = try bench.run("train", "--resume", "1", "--epochs", "12", "--keep", "last")
        #expect(resumed.status == 0, "\(resumed.errors)")
        try bench.rollBack("1.1@iteration:30")
        return bench
    }

    @Test("history of a fork tells the run that recorded each row, --own leaves the parent's part out")
    func historyOfFork() throws {
        let bench = try bench()
        let epochs = try #require(try bench.run("history", "2", "--json").json.array)
        #expect(epochs.map { $0["epoch"]?.int } == Array(1...8))
        #expect(epochs.map { $0["part_run"]?.int } == Array(repeating: 1, count: 5) + [2, 2, 2])
        #expect(epochs.allSatisfy { $0["run"] == 2 && $0["segment"] == 1 && $0["superseded"] == false })
        // The parent's rows are the parent's.
        let parent = try #require(try bench.run("history", "1.1", "--to", "5", "--json").json.array)
        #expect(parent.map { $0["loss_bits"] } == epochs.prefix(5).map { $0["loss_bits"] })
        let own = try #require(try bench.run("history", "2", "--own", "--json").json.array)
        #expect(own == Array(epochs.suffix(3)))
        let iterations = try #require(try bench.run("history", "2", "--iterations", "--json").json.array)
        #expect(
            iterations.map { $0["part_run"]?.int } == Array(repeating: 1, count: 10) + Array(repeating: 2, count: 6))
        let text = try bench.run("history", "2").output
        #expect(text.contains("seconds  run\n") && !text.contains("segment"), "\(text)")
        #expect(try !bench.run("history", "2", "--own").output.contains("run"))
        #expect(
            try bench.run("history", "2", "--own", "--from", "1", "--to", "5").output.contains("no epoch has ended"))
    }

    @Test("history of the head leaves out what was rolled back; --all and 1.1 mark it")
    func historyOfRolledBack() throws {
        let bench = try bench()
        func epochs(_ words: String...) throws -> [(epoch: Int, segment: Int, superseded: Bool)] {
            let rows = try #require(try bench.run(["history"] + words + ["--json"]).json.array)
            return try rows.map {
                let superseded = $0["superseded"] == true
                return (try #require($0["epoch"]?.int), try #require($0["segment"]?.int), superseded)
            }
        }
        let head = try epochs("1")
        #expect(head.map(\.epoch) == Array(1...15) && head.allSatisfy { $0.segment == 1 && !$0.superseded })
        let line = try epochs("1.1")
        #expect(line.map(\.epoch) == Array(1...20) && line.map(\.superseded) == (1...20).map { $0 > 15 })
        let all = try epochs("1", "--all")
        #expect(all.map(\.epoch) == Array(1...20) + [11, 12])
        #expect(all.map(\.segment) == Array(repeating: 1, count: 20) + [2, 2])
        #expect(all.map(\.superseded) == (1...20).map { $0 > 15 } + [true, true])
        let second = try epochs("1.2")
        #expect(second.map(\.epoch) == Array(1...12) && second.filter(\.superseded).map(\.epoch) == [11, 12])
        let iterations = try #require(
            try bench.run("history", "1", "--all", "--iterations", "--from", "21", "--json").json.array)
        #expect(iterations.map { $0["iteration"]?.int } == Array(21...40) + Array(21...24))
        #expect(iterations.map { $0["superseded"] == true } == (21...40).map { $0 > 30 } + [true, true, true, true])
        let text = try bench.run("history", "1", "--all").output
        #expect(text.contains("segment\n") && text.contains("        2  superseded\n"), "\(text)")
        #expect(try bench.run("history", "1.9").errors.contains("segments 1 to 3"))
    }

    @Test("runs --tree puts forks under their parents, with the fork's point and what was changed")
    func tree() throws {
        let bench = try bench()
        try bench.run("train", "--from", "2@epoch:7", "--seed", "9", "--model", "other", "--epochs", "9")
        try bench.run("train", "--from", "1@epoch:2", "--epochs", "4")
        func lines(_ words: String..., locale: String = "en_US.UTF-8") throws -> [String] {
            let result = try bench.run(["runs", "--tree"] + words, environment: ["LANG": locale])
            #expect(result.status == 0, "\(result.errors)")
            return result.output.split(separator: "\n").map(String.init)
        }
        let drawn = try lines()
        #expect(drawn.dropFirst().map { String($0.prefix(8)) } == ["1       ", "├─ 4    ", "└─ 2    ", "   └─ 3 "])
        #expect(drawn[2].contains("  4 of 1.1  ") && drawn[2].hasSuffix("nothing"), "\(drawn)")
        #expect(drawn[3].contains("  10 of 1.1  ") && drawn[3].hasSuffix("learning_rate 0.005 → 0.01"), "\(drawn)")
        #expect(
            drawn[4].contains("  14    ") && drawn[4].contains("other") && drawn[4].hasSuffix("seed 1 → 9"), "\(drawn)")
        let plain = try lines(locale: "C")
        #expect(plain.dropFirst().map { String($0.prefix(8)) } == ["1       ", "|- 4    ", "`- 2    ", "   `- 3 "])
        #expect(plain[3].hasSuffix("learning_rate 0.005 -> 0.01"), "\(plain)")
        let narrow = try bench.run(["runs", "--tree"], environment: ["LANG": "en_US.UTF-8", "COLUMNS": "80"]).output
        #expect(narrow.contains("learning_rate 0.005 → 0.01\n"), "\(narrow)")
        // LC_ALL comes before LANG, and an empty one is none.
        #expect(
            try bench.run(["runs", "--tree"], environment: ["LANG": "C", "LC_ALL": "C.utf8"]).output.contains("├─"))
        // A fork whose parent is not shown is a root, and still tells its parent.
        let some = try lines("--where", "run >= 2 and run <= 3")
        #expect(some.dropFirst().map { String($0.prefix(5)) } == ["2    ", "└─ 3 "], "\(some)")
        #expect(some[1].contains("  10 of 1.1  "))
        for format in ["--json", "--csv"] {
            let result = try bench.run("runs", "--tree", format)
            #expect(result.status == 64 && result.errors.contains("next: bpreg runs \(format)"), "\(result.errors)")
        }
    }

    @Test("a long note is broken between words where the terminal is narrow, and nowhere else")
    func longNote() throws {
        let bench = try bench()
        let text = Array(repeating: "words", count: 20).joined(separator: " ")
        _ = try bench.registry().addNote(text, to: .run(1))
        #expect(try bench.run("show", "1").output.contains("note 1       " + text + "\n"))
        let lines = try bench.run(["show", "1"], environment: ["COLUMNS": "60"]).output.split(separator: "\n")
        let note = try #require(lines.firstIndex { $0.hasPrefix("note 1") })
        #expect(lines[note + 1].hasPrefix("             words") && lines[note].count <= 60)
    }

    @Test("runs tells parent and segments in JSON")
    func runs() throws {
        let bench = try bench()
        let runs = try #require(try bench.run("runs", "--json").json.array)
        #expect(runs[0]["run"] == 2 && runs[0]["parent_run"] == 1 && runs[0]["parent_iteration"] == 10)
        #expect(runs[0]["segment"] == 1 && runs[0]["segment_count"] == 1)
        #expect(runs[1]["parent_run"] == .null && runs[1]["parent_iteration"] == .null)
        #expect(runs[1]["segment"] == 3 && runs[1]["segment_count"] == 3)
    }

    @Test("show tells where segments begin, what is superseded, and what people gave to a run")
    func showRun() throws {
        let bench = try bench()
        let registry = try bench.registry()
        _ = try registry.setTag("stage", to: "trial", of: .run(1))
        _ = try registry.addNote("looks good", to: .run(1))
        let text = try bench.run("show", "1").output
        for part in [
            "rolled back to iteration 30", "points:1 (superseded), points:3 (superseded)", "stage=trial",
            "note 1       looks good", "segment 1    iterations 1 to 40, superseded after 30\n",
            "segment 2    from 1.1@iteration:20, iterations 21 to 24, superseded\n",
            "segment 3    from 1.1@iteration:30, no iteration, the head\n",
        ] {
            #expect(text.contains(part), "\(part): \(text)")
        }
        let json = try bench.run("show", "1", "--json").json
        let segments = try #require(json["segments"]?.array)
        #expect(segments.map { $0["superseded_iterations"]?.int } == [10, 4, 0])
        #expect(segments.map { $0["head"] == true } == [false, false, true])
        #expect(segments.map { $0["first_epoch"]?.int } == [1, 11, 16])
        #expect(json["tags"] == ["stage": "trial"] && json["notes"]?.array?.first?["text"] == "looks good")
        #expect(json["pins"] == [])
        let fork = try bench.run("show", "2")
        #expect(fork.output.contains("parent       1.1@iteration:10\n"), "\(fork.output)")
        #expect(!fork.output.contains("Segments"))
        #expect(try bench.run("show", "2", "--json").json["parent_segment"] == 1)
    }

    @Test("the weights that a rolled back run stands for are those of its head's line")
    func weightsOfRolledBack() throws {
        let bench = try bench()
        try bench.rollBack("1.1@epoch:10")
        // Another line with a keyframe at iteration 40, which is superseded.
        try bench.run("train", "--resume", "1", "--epochs", "20", "--keep", "last")
        let json = try bench.run("show", "1", "--json").json
        let name = try #require(json["weights_of"]?.string)
        let weights = try #require(json["weights_sha256"])
        #expect(try bench.run("show", name, "--json").json["weights_sha256"] == weights || weights == .null)
    }

    @Test("show tells of a version its aliases, tags and notes, and whether its origin is superseded")
    func showVersion() throws {
        let bench = try bench()
        let registry = try bench.registry()
        let version = Subject.version(model: "points", number: 1)
        _ = try registry.setAlias("production", to: 1, ofModel: "points")
        _ = try registry.setTag("owner", to: "ann", of: version)
        _ = try registry.addNote("in use", to: version)
        let text = try bench.run("show", "points:1").output
        for part in [
            "aliases     points@production\n", "superseded  run 1 was rolled back since\n", "owner=ann", "in use",
        ] {
            #expect(text.contains(part), "\(part): \(text)")
        }
        let json = try bench.run("show", "points@production", "--json").json
        #expect(json["superseded"] == true && json["aliases"] == ["production"] && json["attempt"] == 1)
        #expect(json["tags"] == ["owner": "ann"] && json["notes"]?.array?.count == 1)
        #expect(try bench.run("show", "points:2", "--json").json["superseded"] == false)
    }
}
