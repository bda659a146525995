import BPJSON
import Foundation
import Testing

/// Every member that a command prints is in docs/json-output.md, and the other way round.
@Suite("JSON as docs/json-output.md has it")
struct JSONContractTests {
    @Test("members of every command")
    func members() throws {
        let bench = try Bench()
        try bench.writeClasses()
        try bench.writeNumbers()
        let trained = [
            try bench.run("train", "points.csv", "--target", "side", "--epochs", "3", "--json"),
            try bench.run("train", "--resume", "1", "--epochs", "3", "--json"),
            try bench.run("train", "line.csv", "--target", "y", "--epochs", "2", "--json"),
        ]
        try check("train", trained)
        for command in ["runs", "models", "versions", "datasets", "verify"] {
            try check(command, [try bench.run(command, "--json")])
        }
        try check("runs --group-by", [try bench.run("runs", "--group-by", "learning_rate", "--json")])
        try bench.run("version", "1@epoch:1")
        try check("rollback", try ["1@epoch:2", "points:1"].map { try bench.run("rollback", $0, "--json") })
        try check("pin", [try bench.run("pin", "1@iteration:3", "--json")])
        try check("alias", [try bench.run("alias", "points:1", "production", "--json")])
        for subject in ["1", "points:1"] {
            try check("tag", [try bench.run("tag", subject, "stage=trial", "--json")])
            try check("note", [try bench.run("note", subject, "a text", "--json")])
        }
        try check("log", [try bench.run("log", "--json")])
        try check("audit", [try bench.run("audit", "1", "--json")])
        try bench.run("train", "--from", "1@epoch:1", "--learning-rate", "0.01", "--epochs", "2")
        try check("diverge", [try bench.run("diverge", "1", "3", "--json")])
        try check("show", try ["1", "points", "1@epoch:1"].map { try bench.run("show", $0, "--json") })
        try check("history", [try bench.run("history", "1", "--json")])
        try check("history --iterations", [try bench.run("history", "1", "--iterations", "--json")])
        let plain = ["--output-activation", "identity", "--epochs", "2", "--model", "plain"]
        try bench.run(["train", "points.csv", "--target", "side"] + plain)
        let predictions = try [("points", "points.csv"), ("line", "line.csv"), ("plain", "points.csv")].map {
            try bench.run("predict", $0, $1, "--json")
        }
        try check("predict", predictions) { name in
            ["probability_", "output_"].first { name.hasPrefix($0) }.map { $0 + "CLASS" } ?? name
        }
        let evaluations = try [["points"], ["line", "line.csv"]].map { try bench.run(["evaluate"] + $0 + ["--json"]) }
        try check("evaluate", evaluations)
        let comparisons = try [["points:1", "1@epoch:1"], ["line:1", "2@epoch:1", "1"]].map {
            try bench.run(["compare"] + $0 + ["--json"])
        }
        try check("compare", comparisons)
        try check("archive", [try bench.run("archive", "3", "-o", "a.safetensors", "--json")])
        try check("inspect", [try bench.run("inspect", "a.safetensors", "--json")])
        try bench.write(
            "doubtful.csv", "id,x,y\n" + (0..<12).map { "\($0),\($0 * $0 % 5),\($0 / 3 % 2)\n" }.joined() + "12,,1\n")
        try check("inspect of a table", [try bench.run("inspect", "doubtful.csv", "--json")])
        try check("restore", [try bench.run("restore", "a.safetensors", "--registry", "other.sqlite", "--json")])
        try check(
            "export",
            [
                try bench.run("export", "points", "-o", "a.onnx", "--json"),
                try bench.run("export", "1@last", "-o", "b.json", "--json"),
            ])
        try check("gradcheck", [try bench.run("gradcheck", "points.csv", "--target", "side", "--json")])
        let deletions = try [["--cascade", "--yes"], ["--undo"]].map { try bench.run(["delete", "3", "--json"] + $0) }
        try check("delete", deletions)
        try bench.run("delete", "3", "--cascade", "--yes")
        try check("delete --list", [try bench.run("delete", "--list", "--json")])
        try check("gc", try [["--dry-run"], []].map { try bench.run(["gc", "--json"] + $0) })
        try check("backup", [try bench.run("backup", "copy.sqlite", "--json")])
        try check("doctor", [try bench.run("doctor", "--json")])
        try check("migrate", [try bench.run("migrate", "--json"), try bench.run("migrate", "--status", "--json")])
    }

    @Test("what a reading command prints is a function of the file")
    func function() throws {
        let bench = try Bench()
        try bench.writeClasses()
        try bench.run("train", "points.csv", "--target", "side", "--epochs", "2")
        for words in [["runs"], ["models"], ["versions"], ["datasets"], ["show", "1"], ["history", "1"], ["verify"]] {
            let once = try bench.run(words + ["--json"])
            let again = try bench.run(words + ["--json"])
            #expect(once.status == 0)
            #expect(once.output == again.output)
        }
    }

    private func check(
        _ command: String, _ results: [Bench.Result], renaming: (String) -> String = { $0 },
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let documented = try JSONContractTests.documented(command)
        let nested = Set(
            documented.compactMap { $0.split(separator: "[").count > 1 ? String($0.prefix { $0 != "[" }) : nil })
        var printed: Set<String> = []
        for result in results {
            #expect(result.status == 0, "bpreg \(command): \(result.errors)", sourceLocation: sourceLocation)
            let json = try result.json
            for object in json.array ?? [json] {
                for (key, value) in object.object ?? [:] {
                    guard nested.contains(key) else {
                        printed.insert(renaming(key))
                        continue
                    }
                    for element in value.array ?? [] {
                        printed.formUnion((element.object ?? [:]).keys.map { "\(key)[].\($0)" })
                    }
                }
            }
        }
        // A sound registry has no findings to print.
        let missing = documented.subtracting(printed).filter { !$0.hasPrefix("findings[]") }
        #expect(
            printed.subtracting(documented) == [], "printed by \(command), not documented",
            sourceLocation: sourceLocation)
        #expect(missing == [], "documented for \(command), not printed", sourceLocation: sourceLocation)
    }

    /// The members in the table under `## bpreg COMMAND`.
    private static func documented(_ command: String) throws -> Set<String> {
        let page = try String(contentsOf: HelpTests.docs.appending(path: "json-output.md"), encoding: .utf8)
        let parts = page.components(separatedBy: "\n## bpreg ")
        let part = try #require(parts.first { $0.hasPrefix(command + "\n") }, "no part about \(command)")
        var members: Set<String> = []
        for line in part.split(separator: "\n") where line.hasPrefix("| `") {
            let cell = line.dropFirst(2).prefix { $0 != "|" }
            members.formUnion(cell.split(separator: "`").map(String.init).filter { $0.first?.isLetter == true })
        }
        return members
    }
}
