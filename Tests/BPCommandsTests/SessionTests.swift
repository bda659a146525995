import BPJSON
import Foundation
import Testing

@Suite("Whole sessions with the built bpreg")
struct SessionTests {
    @Test("train, look, predict, evaluate; the weights file has the hash that show names")
    func classes() throws {
        let bench = try Bench()
        try bench.writeClasses()
        let trained = try bench.run("train", "points.csv", "--target", "side", "--epochs", "60")
        #expect(trained.status == 0, "\(trained.errors)")
        #expect(trained.output.contains("run         1, finished after 60 epochs"), "\(trained.output)")
        #expect(trained.output.contains("points:1"))
        #expect(trained.output.contains("\nweights of  points:1\nSHA-256     "), "\(trained.output)")
        #expect(trained.errors.contains("note: made the registry bpreg.sqlite"))

        let show = try bench.run("show", "points", "--json", "--weights", "w.bin").json
        let layers = try #require(show["layers"]?.array)
        #expect(layers.first?["n_in"] == 2 && layers.last?["n_out"] == 2 && layers.last?["activation"] == "softmax")
        let bytes = try #require(bench.bytes("w.bin"))
        #expect(bytes.count == 4 * (2 * 32 + 32 + 32 * 2 + 2))
        #expect(try bench.sha256("w.bin") == show["weights_sha256"]?.string)
        #expect(try bench.run("show", "1@best", "--json").json["weights_sha256"] == show["weights_sha256"])

        let predictions = try bench.run("predict", "points", "points.csv").output.split(separator: "\n")
        #expect(predictions.count == 61)
        #expect(predictions.first == "row,prediction,probability_left,probability_right")
        let evaluation = try bench.run("evaluate", "points", "points.csv", "--json").json
        #expect(try #require(evaluation["accuracy"]?.number) > 0.9)
        #expect(evaluation["rows"] == 60)
        let matrix = try bench.run("evaluate", "points").output
        #expect(matrix.contains("true \\ predicted  left  right"), "\(matrix)")
        let sound = try bench.run("verify")
        let counts = "1 run, 120 iterations, "
        #expect(sound.status == 0 && sound.output.hasPrefix("bpreg.sqlite is sound: \(counts)"), "\(sound.output)")
        #expect(sound.output.count <= 80 && sound.output.contains(", 1 version, "), "\(sound.output)")
    }

    @Test("numbers: R² and errors in the target's own units, predictions without probabilities")
    func numbers() throws {
        let bench = try Bench()
        try bench.writeNumbers()
        let trained = try bench.run("train", "line.csv", "--target", "y", "--hidden", "8", "--epochs", "200")
        #expect(trained.errors.contains("regression"), "\(trained.errors)")
        let evaluation = try bench.run("evaluate", "line", "--json").json
        #expect(try #require(evaluation["r2"]?.number) > 0.9)
        #expect(try #require(evaluation["mean_absolute_error"]?.number) < 1)
        let predictions = try bench.run("predict", "line", "line.csv", "--json").json
        #expect(predictions.array?.count == 50)
        #expect(predictions.array?.first?.object?.keys.sorted() == ["prediction", "row"])
    }

    @Test("columns are matched by name in any order, extras ignored and said, the target not needed")
    func columns() throws {
        let bench = try Bench()
        try bench.writeClasses()
        try bench.run("train", "points.csv", "--target", "side", "--epochs", "5")
        try bench.write("turned.csv", "note,height,x\nhello,0.5,-0.25\n")
        try bench.write("straight.csv", "x,height\n-0.25,0.5\n")
        let turned = try bench.run("predict", "points", "turned.csv")
        #expect(turned.status == 0 && turned.errors.contains("note"), "\(turned.errors)")
        #expect(turned.output == (try bench.run("predict", "points", "straight.csv").output))
        try bench.write("short.csv", "x\n1\n")
        let short = try bench.run("predict", "points", "short.csv")
        #expect(short.status == 65 && short.errors.contains("height"), "\(short.errors)")
        let file = try bench.run("predict", "points", "straight.csv", "-o", "out.csv")
        #expect(file.errors.contains("to out.csv\n") && file.errors.contains("note: wrote "), "\(file.errors)")
        #expect(
            file.output == "" && bench.bytes("out.csv").map { String(decoding: $0, as: UTF8.self) } == turned.output)
    }

    @Test("a category never seen is an error, or zero where that is asked for")
    func categories() throws {
        let bench = try Bench()
        let rows = (0..<60).map { "\(["red", "green", "blue"][$0 % 3]),\($0 % 3 == 0 ? "stop" : "go")\n" }.joined()
        try bench.write("lights.csv", "colour,act\n" + rows)
        try bench.run("train", "lights.csv", "--target", "act", "--epochs", "5")
        try bench.write("new.csv", "colour\nred\npurple\n")
        let refused = try bench.run("predict", "lights", "new.csv")
        #expect(refused.status == 65)
        #expect(refused.errors.contains("line 3") && refused.errors.contains("purple"), "\(refused.errors)")
        #expect(refused.errors.contains("--unknown zero"))
        let zeroed = try bench.run("predict", "lights", "new.csv", "--unknown", "zero")
        #expect(zeroed.status == 0 && zeroed.output.split(separator: "\n").count == 3)
        #expect(zeroed.errors.contains("warning: 1 value is a category"), "\(zeroed.errors)")
        try bench.write("odd.csv", "colour,act\nred,stop\nred,jump\n")
        let unseen = try bench.run("evaluate", "lights", "odd.csv")
        #expect(unseen.status == 65 && unseen.errors.contains("jump"), "\(unseen.errors)")
    }

    @Test("resuming: nothing to do, more epochs, a changed setting, a data file, a point")
    func resuming() throws {
        let bench = try Bench()
        try bench.writeClasses()
        try bench.run("train", "points.csv", "--target", "side", "--epochs", "3")
        let idle = try bench.run("train", "--resume", "1")
        #expect(idle.status == 0 && idle.output.contains("nothing left to do"), "\(idle.errors)")
        let none = try bench.run("train", "--resume")
        #expect(none.status == 1 && none.errors.contains("run 1 is finished, after 3 epochs"), "\(none.errors)")
        #expect(none.errors.contains("next: bpreg train --resume 1 --epochs 6"))
        let more = try bench.run(
            "train", "--resume", "1", "--epochs", "6", "--threads", "1", "--keep", "last", "--json")
        #expect(try more.json["version"] == "points:2" && more.json["epoch"] == 6, "\(more.errors)")
        let shown = try bench.run("show", "1").output.split(separator: "\n").filter { $0.hasPrefix("  test ") }
        #expect(shown.count == 2 && shown[0].hasSuffix(" (points:1)") && shown[1].hasSuffix(" (points:2)"), "\(shown)")
        let changed = try bench.run("train", "--resume", "1", "--epochs", "9", "--learning-rate", "0.5")
        #expect(changed.status == 64 && changed.errors.contains("--learning-rate 0.5"), "\(changed.errors)")
        let same = try bench.run("train", "--resume", "1", "--epochs", "7", "--seed", "1", "--json")
        #expect(try same.json["epoch"] == 7, "\(same.errors)")
        let file = try bench.run("train", "--resume", "points.csv")
        #expect(file.status == 64 && file.errors.contains("--resume takes a run"), "\(file.errors)")
        let point = try bench.run("train", "--resume", "1@epoch:2")
        #expect(point.status == 64 && point.errors.contains("a whole run"), "\(point.errors)")
        #expect(try bench.run("train").status == 64)
    }

    @Test("references that name nothing tell what there is")
    func references() throws {
        let bench = try Bench()
        try bench.writeClasses()
        try bench.run("train", "points.csv", "--target", "side", "--epochs", "2")
        for (reference, status, words) in [
            ("9", 1, "9"), ("point", 1, "points"), ("points:7", 1, "points:7"), ("1@epoch:9", 1, "1@last"),
            ("1@wrong", 64, "@wrong"), ("", 64, "empty"),
        ] as [(String, Int32, String)] {
            let result = try bench.run("show", reference)
            #expect(result.status == status && result.errors.contains(words), "\(reference): \(result.errors)")
        }
    }

    @Test("history has every epoch and iteration, within bounds, and the bits of its losses")
    func history() throws {
        let bench = try Bench()
        try bench.writeClasses()
        try bench.run("train", "points.csv", "--target", "side", "--epochs", "4", "--batch-size", "10")
        let epochs = try #require(try bench.run("history", "1", "--json").json.array)
        #expect(epochs.map { $0["epoch"]?.int } == [1, 2, 3, 4])
        let iterations = try #require(
            try bench.run("history", "1", "--iterations", "--from", "3", "--to", "6", "--json").json.array)
        #expect(iterations.map { $0["iteration"]?.int } == [3, 4, 5, 6])
        for iteration in iterations {
            let loss = Float(try #require(iteration["loss"]?.number))
            let bits = try #require(iteration["loss_bits"]?.string)
            #expect(UInt32(bits, radix: 16) == loss.bitPattern && bits.count == 8)
        }
        #expect(try bench.run("history", "1", "--from", "0").status == 64)
        #expect(try bench.run("history", "1", "--from", "3", "--to", "2").status == 64)
        #expect(try bench.run("history", "points", "--csv").output.hasPrefix("epoch,iteration,loss,"))
    }

    @Test("a run that diverges ends with 2 and tells the iteration")
    func diverges() throws {
        let bench = try Bench()
        try bench.writeNumbers()
        let result = try bench.run(
            "train", "line.csv", "--target", "y", "--optimizer", "sgd", "--learning-rate", "1e20", "--epochs", "50")
        #expect(result.status == 2, "\(result.output)\(result.errors)")
        #expect(result.errors.contains("diverged") && result.errors.contains("iteration"))
        #expect(result.output.contains("diverged"))
        #expect(try bench.run("runs", "--json").json.array?.first?["status"] == "diverged")
        #expect(try bench.run("train", "--resume", "1").status == 1)
    }

    @Test("gradcheck passes on good gradients and makes no registry")
    func gradcheck() throws {
        let bench = try Bench()
        try bench.writeClasses()
        let result = try bench.run(
            "gradcheck", "points.csv", "--target", "side", "--hidden", "5,4", "--activation", "tanh")
        #expect(result.status == 0, "\(result.errors)")
        #expect(!bench.has("bpreg.sqlite"))
        let strict = try bench.run("gradcheck", "points.csv", "--target", "side", "--bound", "1e-12")
        #expect(strict.status == 1 && strict.errors.contains("layer 1"))
    }
}

extension Bench {
    /// The SHA-256 of a file in the folder, by the system's own tool.
    func sha256(_ name: String) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["sha256sum", folder.appending(path: name).path]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return String(output.prefix(64))
    }
}
