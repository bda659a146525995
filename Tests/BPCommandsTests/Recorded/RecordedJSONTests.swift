import Foundation
import Testing

/// Tests/Fixtures/json holds the output of each command on the registry of schema 4, migrated. `BPREG_RECORD_SNAPSHOTS=1` records
/// it anew; members may be added, so look at the difference.
@Suite("JSON of every command, as recorded")
struct RecordedJSONTests {
    /// Commands that look at the registry, and those that compute from it.
    static let reading: [RecordedCommand] =
        [
            .reads("runs"), .reads("runs --sort -val_loss,run --limit 3"),
            .reads("runs --where 'optimizer = \"adam\" and val_loss < 0.6 or tag.stage = \"trial\"'"),
            .reads("models"), .reads("versions"), .reads("versions iris --where 'epoch >= 7' --sort val_loss"),
            .reads("datasets"), .reads("verify"), .reads("alias"), .reads("alias iris"),
            .reads("pin 1"), .reads("pin 2"), .reads("tag 1"), .reads("tag iris:2"), .reads("note 1"),
            .reads("note iris:1"),
            .reads("log"), .reads("log 1"), .reads("log iris"), .reads("log iris:1"), .reads("log away"),
            .reads("log --limit 5"),
            .reads("history 1"), .reads("history 1.1"), .reads("history 1 --all"), .reads("history 7"),
            .reads("history 7 --own"), .reads("history 4 --iterations"), .reads("history 6 --from 2 --to 3"),
            .reads("history 1 --iterations --all --from 15 --to 25"), .reads("history 11 --all"),
            .reads("show iris"), .reads("show iris:1"), .reads("show iris@production"), .reads("show flowers:2"),
            .reads("show imported"), .reads("show away"), .reads("show 1@epoch:3"), .reads("show 1.1@iteration:30"),
            .reads("show 7@iteration:5"), .reads("show 7@last"), .reads("show 3@epoch:0"),
            .reads("predict iris iris.csv"), .reads("predict square square.csv"), .reads("predict 3 iris.csv"),
            .reads("evaluate iris"), .reads("evaluate iris:1 iris.csv"), .reads("evaluate square --split train"),
            .reads("evaluate 3 --split all"), .reads("evaluate 7@epoch:4 --split validation"),
            .computes("compare iris:1 iris:2 7@epoch:5"), .computes("compare square:1 2@epoch:2"),
            .computes("compare 7@epoch:2 1@last --split unseen"),
            .computes("compare iris flowers:1 --data iris.csv --rows 2"),
            .computes("compare square imported"),
            .computes("gradcheck iris.csv --target species --hidden 4,3 --activation sigmoid", digits: 5),
            .computes("gradcheck square.csv --target y --hidden 5 --rows 8 --parameters 6", digits: 5),
            .reads("audit 1"), .reads("audit 1.1"), .reads("audit 2 --sample 2 --seed 3"), .reads("audit 4"),
            .reads("audit 5"), .reads("audit 6"), .reads("audit 7"), .reads("audit 10"), .reads("audit 11"),
            .reads("diverge 1 7"), .reads("diverge 1.1 1"), .reads("diverge 1 3"), .reads("diverge 5 6"),
            .reads("sql 'SELECT * FROM runs ORDER BY run'"), .reads("sql 'SELECT * FROM epochs WHERE run = 7'"),
            .reads("sql 'SELECT * FROM all_iterations WHERE run = 1'"),
            .reads("sql 'SELECT * FROM metric ORDER BY 1, 2'"),
            .reads("sql 'SELECT * FROM setting ORDER BY 1, 2'"),
            .reads("sql 'SELECT 1 AS a, 0.5 AS a, NULL AS b, zeroblob(2) AS c'"),
            .reads("gc --dry-run"), .reads("migrate --status"), .reads("migrate"),
            .reads("inspect run.safetensors"), .reads("inspect version-without-data.safetensors"),
            .reads("inspect model.safetensors"), .reads("inspect schema-4-away.safetensors"),
        ] + (1...12).filter { $0 != 8 }.map { .reads("show \($0)") }

    /// Commands that change the registry or write a file; each finds the registry as it was recorded.
    static let writing: [RecordedCommand] =
        [
            .writes("train iris.csv --target species --hidden 5 --epochs 3"),
            .writes("train square.csv --target y --validation 0 --optimizer sgd --epochs 3 --tolerance 0.5"),
            .writes(
                "train square.csv --target y --model broken --optimizer sgd --learning-rate 1e6 --epochs 9", status: 2),
            .writes("train --resume 5 --epochs 40"), .writes("train --resume 2 --epochs 10"),
            .writes("train --from 1@epoch:4 --learning-rate 0.02 --epochs 6"),
            .writes("train --from imported:1 --epochs 2"),
            .writes("rollback 1@epoch:2"), .writes("rollback 1.1@iteration:30"), .writes("rollback 1 --undo"),
            .writes("rollback iris:2"), .writes("rollback flowers --undo"),
            .writes("pin 1@iteration:3 --name three"), .writes("pin 1.1@iteration:7 --remove"),
            .writes("version 7@iteration:5"), .writes("version iris:2 --model other"),
            .writes("alias iris:2 trial"), .writes("alias iris@production --remove"),
            .writes("tag 1 stage=done a=b"), .writes("tag 1 --remove stage"),
            .writes("note 7 'a fork'"), .writes("note 1 'another text' --edit 1"), .writes("note 1 --remove 2"),
            .writes("archive iris -o iris.safetensors"), .writes("archive 2 -o 2.safetensors --remove"),
            .writes("restore run.safetensors --registry new.sqlite"), .writes("restore model.safetensors"),
            .writes("restore schema-4-away.safetensors"),
            .writes("restore bpreg.sqlite --registry new.sqlite", after: "delete away --cascade --yes"),
            .writes("import 1.safetensors --data iris.csv --model again", after: "export iris:1 -o 1.safetensors"),
            .writes("delete 7 --cascade --yes"), .writes("delete iris:4 --cascade --yes"), .writes("delete cut --yes"),
            .writes("backup copy.sqlite"),
        ] + exports

    private static let exports: [RecordedCommand] = ["safetensors", "npz", "onnx", "json"].map {
        .writes("export iris:1 -o 1.\($0)")
    }

    /// A folder with the recorded registry, the archives and an exported model.
    private func bench() throws -> Bench {
        let bench = try Bench.recorded()
        for name in ["archives/run", "archives/version-without-data", "archives/model", "registries/schema-4-away"] {
            try bench.copyFixture(name + ".safetensors")
        }
        return bench
    }

    private func expect(_ command: RecordedCommand, in bench: Bench) throws {
        let result = try bench.run(command.words + ["--json"])
        #expect(result.status == command.status, "\(result.errors)")
        try Fixtures.expect(command.normalised(result.output), recordedAs: "json/\(command.name).json")
    }

    @Test("of commands that read", arguments: reading)
    func read(_ command: RecordedCommand) throws { try expect(command, in: bench()) }

    @Test("of commands that write", arguments: writing)
    func write(_ command: RecordedCommand) throws {
        let bench = try bench()
        if let words = command.after { #expect(try bench.run(words).status == 0) }
        try expect(command, in: bench)
        #expect(try bench.run("verify").status == 0)
    }

    @Test("of doctor, without its remarks about this machine and its random choice")
    func doctor() throws {
        let result = try bench().run("doctor", "--json")
        #expect(result.status == 0, "\(result.errors)")
        let lines = result.output.split(separator: "\n").filter { line in
            !["sqlite", "file", "file system"].contains { line.hasPrefix("{\"check\":\"\($0)\"") }
        }
        let kept = lines.map { line in
            line.replacing(/"(seals|audit)","status":"ok","what":".*?"/) {
                "\"\($0.1)\",\"status\":\"ok\",\"what\":\"\""
            }
        }
        try Fixtures.expect(kept.joined(separator: "\n") + "\n", recordedAs: "json/doctor.json")
    }

    @Test("exported files, byte for byte", arguments: ["safetensors", "npz", "onnx", "json"])
    func exported(_ format: String) throws {
        for (model, file) in [("iris:1", "iris"), ("square", "square")] {
            let bench = try bench()
            #expect(try bench.run("export", model, "-o", "\(file).\(format)").status == 0)
            try Fixtures.expect(#require(bench.bytes("\(file).\(format)")), recordedAs: "exports/\(file).\(format)")
        }
    }

    @Test("curves as SVG", arguments: [["1"], ["1", "7", "--metric", "val_loss", "--log"], ["6", "--iterations"]])
    func plot(_ words: [String]) throws {
        let bench = try bench()
        #expect(try bench.run(["plot"] + words + ["-o", "plot.svg"]).status == 0)
        try Fixtures.expect(
            #require(bench.bytes("plot.svg")),
            recordedAs: "plots/" + words.joined(separator: "_").replacing("--", with: "") + ".svg")
    }

    @Test(
        "lists as CSV",
        arguments: [
            "runs", "models", "versions", "datasets", "history 7", "history 4 --iterations", "log 1", "alias", "tag 1",
            "note 1", "pin 1", "predict iris iris.csv", "sql 'SELECT * FROM runs ORDER BY run'",
        ].map(RecordedCommand.reads))
    func csv(_ command: RecordedCommand) throws {
        let result = try bench().run(command.words + ["--csv"])
        #expect(result.status == 0, "\(result.errors)")
        try Fixtures.expect(result.output, recordedAs: "csv/\(command.name).csv")
    }

    @Test("every command that prints JSON is recorded, and nothing else lies in the folder")
    func complete() throws {
        let files = FileManager.default
        let help = Fixtures.folder.appending(path: "help")
        let commands = try files.contentsOfDirectory(atPath: help.path).filter { name in
            try name != "bpreg.txt"
                && String(contentsOf: help.appending(path: name), encoding: .utf8).contains("--json")
        }
        let recorded = RecordedJSONTests.reading + RecordedJSONTests.writing
        let missing = commands.map { $0.dropFirst(6).dropLast(4) }.filter { command in
            command != "doctor" && !recorded.contains { $0.words[0] == command }
        }
        #expect(missing == [])
        let names = Set(recorded.map { $0.name + ".json" } + ["doctor.json"])
        #expect(names.count == recorded.count + 1)
        let found = try Set(files.contentsOfDirectory(atPath: Fixtures.folder.appending(path: "json").path))
        #expect(found == names)
    }
}
