import BPJSON
import Foundation
import Testing

@Suite("Forks, audits and divergences with the built bpreg")
struct ProofTests {
    /// Run 1: 20 epochs of 2 iterations.
    private func trained() throws -> Bench { try Bench.trained("--epochs", "20") }

    @Test("a fork goes on from any point, and what it does with the optimizer's memory is said")
    func fork() throws {
        let bench = try trained()
        let same = try bench.run("train", "--from", "1@epoch:10", "--learning-rate", "0.01", "--epochs", "15", "--json")
        #expect(same.status == 0, "\(same.errors)")
        #expect(same.errors.contains("from run 1 after iteration 20"), "\(same.errors)")
        #expect(!same.errors.contains("without memory"))
        #expect(try same.json["run"] == 2)
        #expect(try same.json["epoch"] == 15)
        let other = try bench.run("train", "--from", "1@iteration:7", "--optimizer", "sgd", "--epochs", "6")
        #expect(other.status == 0, "\(other.errors)")
        #expect(other.errors.contains("sgd begins without memory, its steps counted from 1"), "\(other.errors)")
        let version = try bench.run("train", "--from", "points:1", "--model", "tuned", "--epochs", "30")
        #expect(version.output.contains("tuned:1"), "\(version.output) \(version.errors)")
    }

    @Test("a fork that cannot be says why and what could be typed, and makes no run")
    func refusedForks() throws {
        let bench = try trained()
        try bench.write("other.csv", "x,width,side\n1,2,left\n2,3,right\n")
        try bench.write("text.csv", "x,height,side\n1,tall,left\n2,small,right\n")
        let cases: [([String], Int32, [String])] = [
            (["--from", "1@epoch:5", "--hidden", "9"], 64, ["hidden is 32, not 9", "train a new run"]),
            (
                ["--from", "1@iteration:7", "--batch-size", "4"], 64,
                ["batch size", "inside epoch 4", "--from 1.1@epoch:3"]
            ),
            (["--from", "1@epoch:5", "other.csv"], 65, ["missing: \"height\"", "not in the run's: \"width\""]),
            (["--from", "1@epoch:5", "text.csv"], 65, ["height", "numbers"]),
            (["--from", "1@iteration:41"], 1, ["no such iteration", "0 to 40"]),
            (["--from", "1@epoch:5", "--epochs", "5"], 64, ["more than the 5"]),
            (
                ["--from", "1@last", "--seed", "2"], 64,
                ["done 20 epochs there", "next: bpreg train --from 1@last --seed 2 --epochs 40"]
            ),
            (["--from", "9"], 1, ["no such run"]),
            (["--from", "1@epoch:5", "--optimizer", "sgd", "--momentum", "0.5"], 64, ["sgd has none"]),
        ]
        for (words, status, texts) in cases {
            let result = try bench.run(["train"] + words)
            #expect(result.status == status, "\(words): \(result.errors)")
            for text in texts { #expect(result.errors.contains(text), "\(words): \(result.errors)") }
            #expect(
                result.errors.contains("  next: ") || result.errors.contains("  hint: "),
                "\(words): \(result.errors)")
        }
        #expect(try bench.run("runs", "--json").json.array?.count == 1)
    }

    @Test("audit reproduces a run and its fork; the sample is the same for the same seed")
    func audit() throws {
        let bench = try trained()
        try bench.run("train", "--from", "1@epoch:10", "--learning-rate", "0.01", "--epochs", "15")
        let text = try bench.run("audit", "2")
        #expect(text.status == 0)
        #expect(text.output.contains("reproduced"), "\(text.output)")
        let json = try bench.run("audit", "2", "--json").json
        #expect(json["reproduced"] == true && json["iterations"] == 30 && json["epochs"] == 15)
        let sample = ["audit", "2", "--sample", "1", "--seed", "5", "--json"]
        #expect(try bench.run(sample).output == bench.run(sample).output)
        for (words, status) in [
            (["audit", "1", "--full", "--sample", "1"], Int32(64)), (["audit", "1", "--seed", "1"], 64),
            (["audit", "1", "--sample", "0"], 64), (["audit", "7"], 1), (["audit", "1@last"], 64),
        ] {
            let result = try bench.run(words)
            #expect(result.status == status, "\(words): \(result.errors)")
        }
    }

    @Test("changed bytes are told as damage, with their place")
    func damage() throws {
        let bench = try trained()
        // The loss of some iteration, in the block that holds them all.
        var bytes = try #require(bench.bytes("bpreg.sqlite"))
        let rows = try #require(try bench.run("history", "1", "--iterations", "--json").json.array)
        let bits = try #require(rows[9]["loss_bits"]?.string.flatMap { UInt32($0, radix: 16) })
        let pattern = withUnsafeBytes(of: bits.littleEndian) { Data($0) }
        let place = try #require(bytes.range(of: pattern))
        bytes[place.lowerBound] ^= 1
        try bytes.write(to: bench.folder.appending(path: "bpreg.sqlite"))
        let result = try bench.run("audit", "1")
        #expect(result.status == 13, "\(result.errors)")
        #expect(result.errors.contains("iteration_block"), "\(result.errors)")
        #expect(result.errors.contains("next: bpreg verify"), "\(result.errors)")
    }

    @Test("diverge names the first update after which two runs differ, and the layers")
    func diverge() throws {
        let bench = try trained()
        try bench.run("train", "--from", "1@epoch:10", "--learning-rate", "0.01", "--epochs", "15")
        let text = try bench.run("diverge", "1", "2")
        #expect(text.status == 0)
        for part in ["differ from the update of iteration 21 on", "layer 1", "layer 2", "learning_rate", "0.005, 0.01"]
        {
            #expect(text.output.contains(part), "\(text.output)")
        }
        let json = try bench.run("diverge", "1", "2", "--json").json
        #expect(json["parts"] == true && json["weights_iteration"] == 21 && json["loss_iteration"] == 22)
        #expect(json["layers"]?.array?.count == 2)
        #expect(json["settings"]?.array?.contains { $0["name"] == "dataset" } == false)
        let rows = try String(contentsOf: bench.folder.appending(path: "points.csv"), encoding: .utf8)
        let other = rows.split(separator: "\n").dropLast(10).joined(separator: "\n") + "\n"
        try Data(other.utf8).write(to: bench.folder.appending(path: "other.csv"))
        let fork = try bench.run("train", "--from", "1@epoch:10", "other.csv", "--epochs", "15")
        #expect(fork.status == 0, "\(fork.errors)")
        #expect(try bench.run("diverge", "1", "3").output.contains("dataset"))
        let data = try bench.run("diverge", "1", "3", "--json").json["settings"]?.array?.first
        #expect(data?["name"] == "dataset" && data?["values"]?.array?.count == 2)
        let same = try bench.run("diverge", "1", "1")
        #expect(same.output.contains("1 and 1  do not differ in the 40 iterations that both have"), "\(same.output)")
        #expect(try bench.run("diverge", "1", "5").status == 1)
    }
}
