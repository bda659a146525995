import BPJSON
import Foundation
import Testing

@Suite("Export and import as they are typed")
struct ExchangeTests {
    @Test("an export is imported with the same weights, and the version goes on")
    func roundTrip() throws {
        let bench = try Bench.trained("--epochs", "3")
        let own = try bench.run("show", "points", "--json").json["weights_sha256"]
        for file in ["net.safetensors", "net.npz"] {
            try bench.run("export", "points", "-o", file)
            let made = try bench.run("import", file, "--data", "points.csv", "--model", "copy", "--json")
            #expect(made.status == 0, "\(made.errors)")
            #expect(try made.json["weights_sha256"] == own)
            #expect(try made.json["imported"]?["file"] == .string(file))
        }
        let (first, second) = (
            try bench.run("predict", "points", "points.csv"), try bench.run("predict", "copy", "points.csv")
        )
        #expect(first.output == second.output && first.status == 0)
        #expect(try bench.run("train", "--from", "copy:1", "--epochs", "2").status == 0)
        #expect(try bench.run("train", "--resume", "2", "--epochs", "2").status == 0)
        for words in [
            ["verify"], ["audit", "2"], ["audit", "3"], ["audit", "4"], ["compare", "points:1", "copy:1"],
        ] {
            let result = try bench.run(words)
            #expect(result.status == 0, "\(words): \(result.errors)")
        }
        let log = try bench.run("log", "2").output
        #expect(log.contains("first weights imported from net.safetensors"))
    }

    @Test("which rows imported weights were trained on is not known, and nothing else is claimed")
    func unknownTraining() throws {
        let bench = try Bench.trained("--epochs", "3", "--split-seed", "7")
        try bench.run("export", "points", "-o", "net.npz")
        let made = try bench.run("import", "net.npz", "--data", "points.csv", "--model", "copy")
        #expect(made.status == 0 && made.errors.contains("rows that are held out here"), "\(made.errors)")
        let result = try bench.run("compare", "copy", "points", "--split", "test")
        #expect(result.status == 0 && !result.output.contains("no model was trained on these rows"), "\(result.output)")
        #expect(result.output.contains("were imported"), "\(result.output)")
        let scores = try bench.run("compare", "copy", "points", "--split", "test", "--json").json["scores"]?.array
        #expect(scores?[0]["trained_on"] == .null && scores?[1]["trained_on"]?.int != nil)
        #expect(try bench.run("compare", "copy", "points", "--split", "unseen").status != 0)
    }

    @Test("a file that is there is replaced only if that was said")
    func overwriting() throws {
        let bench = try Bench.trained("--epochs", "2")
        #expect(try bench.run("export", "points", "-o", "a.onnx").status == 0)
        let before = try Data(contentsOf: bench.folder.appending(path: "a.onnx"))
        let refused = try bench.run("export", "1@last", "-o", "a.onnx")
        #expect(refused.status == 64 && refused.errors.contains("--force"), "\(refused.errors)")
        #expect(try Data(contentsOf: bench.folder.appending(path: "a.onnx")) == before)
        #expect(try bench.run("export", "1@last", "-o", "a.onnx", "--force").status == 0)
        let left = try FileManager.default.contentsOfDirectory(atPath: bench.folder.path)
        #expect(!left.contains { $0.contains("unfinished") })
    }

    @Test("a name that ends in another format is refused, with the name to take")
    func contradictingName() throws {
        let bench = try Bench.trained("--epochs", "2")
        for (words, next) in [
            (["export", "1", "-o", "d4.npz", "--format", "onnx"], "bpreg export 1 -o d4.onnx"),
            (["export", "1", "-o", "d4.JSON", "--format", "npz"], "bpreg export 1 -o d4.npz"),
            (["archive", "1", "-o", "d4.npz"], "bpreg archive 1 -o d4.safetensors"),
        ] {
            let refused = try bench.run(words)
            #expect(refused.status == 64 && refused.errors.contains("next: \(next)"), "\(refused.errors)")
        }
        #expect(!bench.has("d4.npz") && !bench.has("d4.JSON"))
        #expect(try bench.run("export", "1", "-o", "d4.bin", "--format", "onnx").status == 0)
    }

    @Test("the state of a run that diverged is not exported if its predictions are not finite")
    func diverged() throws {
        let bench = try Bench()
        try bench.writeClasses()
        let words = [
            "train", "points.csv", "--target", "side", "--activation", "relu", "--optimizer", "sgd", "--hidden", "8,8",
        ]
        #expect(try bench.run(words + ["--learning-rate", "1e25"]).status == 2)
        #expect(try bench.run("predict", "1@last", "points.csv").status == 65)
        let refused = try bench.run("export", "1@last", "-o", "m.onnx")
        #expect(refused.status == 1, "\(refused.errors)")
        #expect(refused.errors.contains("the predictions of 1@last are not finite numbers (row 1"), "\(refused.errors)")
        #expect(!bench.has("m.onnx"))
        #expect(try bench.run("export", "1@iteration:0", "-o", "m.onnx").status == 0)
    }

    @Test("the same weights give the same file")
    func reproducible() throws {
        let bench = try Bench.trained("--epochs", "2")
        for format in ["safetensors", "npz", "onnx", "json"] {
            try bench.run("export", "points", "-o", "a", "--format", format, "--force")
            try bench.run("export", "points", "-o", "b", "--format", format, "--force")
            let files = try ["a", "b"].map { try Data(contentsOf: bench.folder.appending(path: $0)) }
            #expect(files[0] == files[1] && files[0].count > 100)
        }
    }

    @Test("what cannot be is refused with what to type")
    func refusals() throws {
        let bench = try Bench.trained("--epochs", "2")
        try bench.run("export", "points", "-o", "net.npz")
        try Data("no tensors".utf8).write(to: bench.folder.appending(path: "text.safetensors"))
        let cases: [([String], Int32, String)] = [
            (["export", "points", "-o", "net"], 64, "net.onnx"),
            (["export", "points", "-o", "no/net.onnx"], 15, "ls -ld no"),
            (["export", "points", "-o", "n.onnx", "--format", "pt"], 64, "--format"),
            (
                ["import", "net.npz", "--data", "points.csv", "--scaling", "none"], 64,
                "next: bpreg import net.npz --data points.csv\n"
            ),
            (["import", "net.npz", "--data", "points.csv", "--target", "x"], 64, "--target"),
            (["import", "net.npz", "--data", "points.csv", "--activation", "relu"], 64, "--activation"),
            (["import", "text.safetensors", "--data", "points.csv", "--target", "side"], 65, "no safetensors"),
            (["import", "nothing.npz", "--data", "points.csv"], 65, "nothing.npz"),
            (["import", "net.npz", "--data", "nothing.csv"], 65, "nothing.csv"), (["import", "net.npz"], 64, "--data"),
        ]
        for (words, status, expected) in cases {
            let result = try bench.run(words)
            #expect(result.status == status, "\(words): \(result.errors)")
            #expect(result.errors.contains(expected), "\(words): \(result.errors)")
        }
        #expect(try bench.run("runs", "--json").json.array?.count == 1)
    }
}

@Suite("Imports of exports that were changed")
struct ChangedImportTests {
    /// A trained model's export with one bit of its last weight flipped, or of an archive.
    private static func bench(_ command: [String], _ file: String) throws -> Bench {
        let bench = try Bench.trained("--epochs", "2")
        #expect(try bench.run(command).status == 0)
        let url = bench.folder.appending(path: file)
        var bytes = [UInt8](try Data(contentsOf: url))
        let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        let header = try JSONValue(parsing: Array(bytes[8..<8 + length]))
        let start = try #require(header["layer1.weight"]?["data_offsets"]?.array?.first?.int)
        bytes[8 + length + start] ^= 1
        try Data(bytes).write(to: url)
        return bench
    }

    @Test("a flipped bit is an error; --changed takes it as foreign weights")
    func flipped() throws {
        let bench = try ChangedImportTests.bench(["export", "points", "-o", "net.safetensors"], "net.safetensors")
        let words = ["import", "net.safetensors", "--data", "points.csv"]
        let refused = try bench.run(words)
        #expect(refused.status == 65, "\(refused.errors)")
        #expect(refused.errors.contains("SHA-256") && refused.errors.contains("points.csv --changed"))
        #expect(try bench.run("versions", "--json").json.array?.count == 1)
        let taken = try bench.run(words + ["--changed", "--json"])
        #expect(taken.status == 0, "\(taken.errors)")
        let own = try bench.run("show", "points", "--json").json["weights_sha256"]
        #expect(try taken.json["weights_sha256"] != own)
        for words in [["verify"], ["audit", "2"]] { #expect(try bench.run(words).status == 0) }
    }

    @Test("the same of an archive")
    func archive() throws {
        let bench = try ChangedImportTests.bench(["archive", "points", "-o", "a.bpreg"], "a.bpreg")
        let refused = try bench.run("import", "a.bpreg", "--data", "points.csv", "--model", "copy")
        #expect(refused.status == 65 && refused.errors.contains("SHA-256"), "\(refused.errors)")
    }

    @Test("--changed is not for a file that is as it was exported, nor for one of another program")
    func unneeded() throws {
        let bench = try Bench.trained("--epochs", "2")
        #expect(try bench.run("export", "points", "-o", "net.npz").status == 0)
        let result = try bench.run("import", "net.npz", "--data", "points.csv", "--changed")
        #expect(result.status == 0 && result.errors.contains("--changed is not needed"), "\(result.errors)")
    }
}
