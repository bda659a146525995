import Foundation
import Testing

@testable import BPCommands

@Suite("Every command in an ASCII locale")
struct PlainTextCommandTests {
    /// Commands that read, in a folder with two classifications, a regression and a fork.
    static let commands = [
        "runs", "runs --tree", "runs --group-by optimizer", "models", "versions", "datasets", "show 1", "show points",
        "show 1@epoch:2", "show 3",
        "show line", "history 1", "history 1 --iterations", "history 4", "history 3", "log", "log 1", "log points",
        "plot 1", "plot 1 2 4", "plot points", "plot 3 --iterations --log", "compare 1 2", "compare 1 2 --all",
        "compare 1 5 --all", "compare 1 2 4 points:1 5", "compare 3 line:1 --all", "compare 1 3", "diverge 1 2",
        "diverge 1 5", "diverge 1 4", "evaluate points", "evaluate line", "predict points points.csv",
        "predict line line.csv", "inspect points.csv", "inspect line.csv", "inspect wide.csv", "inspect a.safetensors",
        "verify", "doctor", "alias", "tag 1", "note 1", "pin 1", "audit 1", "gc --dry-run", "migrate --status",
        "sql 'SELECT run, model, NULL FROM runs'",
        "gradcheck points.csv --target side --rows 4",
        "train points.csv --target side --epochs 2 --schedule step "
            + "--gamma 0.5 --step-epochs 1", "train --from 1@epoch:2 --learning-rate 0.02 --epochs 4",
        "rollback 1@epoch:2", "rollback points:1", "archive 2 -o b.safetensors",
        "restore a.safetensors --registry n.sqlite",
        "export points -o p.onnx", "backup c.sqlite", "delete 5 --yes",
    ]

    private func bench() throws -> Bench {
        let bench = try Bench()
        try bench.writeClasses()
        try bench.writeNumbers()
        let names = (0..<12).map { "p\($0)" }.joined(separator: ",")
        try bench.write(
            "wide.csv",
            names + ",y\n"
                + (0..<20).map { row in (0..<13).map { "\(row * $0 % 7)" }.joined(separator: ",") + "\n" }.joined())
        for words in [
            "train points.csv --target side --epochs 4", "train points.csv --target side --epochs 4 --optimizer sgd",
            "train line.csv --target y --epochs 4", "train --from 1@epoch:2 --optimizer sgd --epochs 6",
            "train points.csv --target side --epochs 4 --hidden 5", "archive 2 -o a.safetensors",
            "alias points:1 good", "alias points:2 good", "tag 1 a=b", "pin 1@iteration:3",
        ] {
            let result = try bench.run(words.split(separator: " ").map(String.init))
            #expect(result.status == 0, "\(words): \(result.errors)")
        }
        try bench.run("note", "1", "a note")
        return bench
    }

    @Test("prints ASCII alone, on standard output and on standard error, also on a narrow terminal")
    func ascii() throws {
        let bench = try bench()
        for command in PlainTextCommandTests.commands {
            for width in ["40", "200"] where width == "40" || !command.contains("-o ") {
                let result = try bench.run(
                    RecordedCommand.reads(command).words, environment: ["LC_ALL": "C", "COLUMNS": width])
                for (name, text) in [("output", result.output), ("errors", result.errors)] {
                    let strange = text.unicodeScalars.filter { !$0.isASCII }
                    #expect(strange.isEmpty, "\(name) of \(command): \(Set(strange.map(String.init))) \(text)")
                }
            }
        }
    }

    @Test("of help too", arguments: HelpTests.commands)
    func help(_ command: String) throws {
        let words = (command.isEmpty ? [] : [command]) + ["--help"]
        let result = try Bench().run(words, environment: ["LC_ALL": "C"])
        #expect(result.status == 0 && result.output.utf8.allSatisfy { $0 < 0x80 }, "\(result.output)")
    }

    @Test("names and values of people are printed as they are, and so are JSON and CSV")
    func data() throws {
        let bench = try Bench()
        let rows = (0..<40).map { "\($0),\($0 % 7),\($0 < 20 ? "5–10" : "naïve→x")\n" }.joined()
        try bench.write("größe.csv", "µm,β₁,klasse\n" + rows)
        let locale = ["LC_ALL": "C"]
        #expect(
            try bench.run(["train", "größe.csv", "--target", "klasse", "--epochs", "2"], environment: locale).status
                == 0)
        let shown = try bench.run(["show", "größe"], environment: locale).output
        #expect(shown.contains("größe:1") && shown.contains("2 -> 32 tanh -> 2 softmax"), "\(shown)")
        let inspected = try bench.run(["inspect", "größe.csv"], environment: locale).output
        for part in ["µm", "β₁ ", "5–10", "naïve→x", "0 ... 39"] {
            #expect(inspected.contains(part), "\(part): \(inspected)")
        }
        let evaluated = try bench.run(["evaluate", "größe", "--split", "all"], environment: locale).output
        #expect(evaluated.contains("naïve→x"), "\(evaluated)")
        for words in [["show", "1", "--json"], ["predict", "größe", "größe.csv", "--csv"], ["log", "--json"]] {
            #expect(try bench.run(words, environment: locale).output == bench.run(words).output, "\(words)")
        }
    }
}
