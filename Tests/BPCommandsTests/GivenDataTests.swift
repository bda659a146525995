import Foundation
import Testing

@Suite("The file of --data is opened and compared, or refused")
struct GivenDataTests {
    /// A registry whose run 1 was trained on points.csv, beside it another table.
    private static func bench(_ options: String...) throws -> Bench {
        let bench = try Bench()
        try bench.writeClasses()
        try bench.writeClasses("other.csv", rows: 50)
        try bench.writeClasses("new.csv", rows: 5)
        let result = try bench.run(["train", "points.csv", "--target", "side", "--epochs", "4"] + options)
        #expect(result.status == 0, "\(result.errors)")
        return bench
    }

    private static let commands = [
        ["train", "--from", "1", "--epochs", "6"], ["train", "--resume", "1", "--epochs", "6"], ["audit", "1"],
        ["version", "1@epoch:2"], ["pin", "1@epoch:2"], ["export", "1@epoch:2", "-o", "a.onnx"],
        ["show", "1@iteration:3"], ["predict", "1@iteration:3", "new.csv"], ["evaluate", "1@iteration:3"],
        ["show", "1", "--weights", "w.bin"], ["export", "points:1", "-o", "a.onnx"],
    ]

    @Test("another table and a missing file are errors, although the registry keeps the data", arguments: commands)
    func stored(_ words: [String]) throws {
        let bench = try GivenDataTests.bench()
        for (file, expected) in [("other.csv", "not the data that the run was trained on"), ("no.csv", "No such file")]
        {
            let result = try bench.run(words + ["--data", file])
            #expect(result.status == 65, "\(words) \(file): \(result.errors)")
            #expect(result.errors.contains(expected), "\(result.errors)")
            // The proposed command is the typed one without the file.
            #expect(result.errors.contains("next: bpreg \(words.joined(separator: " "))   #"), "\(result.errors)")
        }
        #expect(try bench.run("runs", "--json").json.array?.count == 1)
        #expect(try bench.run("versions", "--json").json.array?.count == 1)
        let same = try bench.run(words + ["--data", "points.csv"])
        #expect(same.status == 0 && same.errors.contains("--data is compared with them, and not needed"))
    }

    @Test("data of which only the hash is kept are read from the file that is named", arguments: commands.prefix(9))
    func hashOnly(_ words: [String]) throws {
        let bench = try GivenDataTests.bench("--dataset-limit", "10")
        try FileManager.default.moveItem(
            at: bench.folder.appending(path: "points.csv"), to: bench.folder.appending(path: "moved.csv"))
        for (file, expected) in [("other.csv", "not the data that the run was trained on"), ("no.csv", "No such file")]
        {
            let result = try bench.run(words + ["--data", file])
            #expect(result.status == 65 && result.errors.contains(expected), "\(words) \(file): \(result.errors)")
        }
        let same = try bench.run(words + ["--data", "moved.csv"])
        #expect(same.status == 0 && !same.errors.contains("not needed"), "\(words): \(same.errors)")
    }

    @Test("of a fork onto other data the file may be the data of either run")
    func fork() throws {
        let bench = try GivenDataTests.bench()
        #expect(try bench.run("train", "--from", "1@last", "other.csv", "--epochs", "6").status == 0)
        for file in ["points.csv", "other.csv"] {
            let result = try bench.run("audit", "2", "--data", file)
            #expect(result.status == 0, "\(result.errors)")
        }
        #expect(try bench.run("audit", "1", "--data", "other.csv").status == 65)
    }

    @Test(
        "the file is read once: a pipe, which cannot be read again, is enough",
        arguments: ["evaluate 1 --split all", "diverge 1 2", "compare 1 2", "version 1@iteration:3", "audit 1"])
    func once(_ words: String) throws {
        let bench = try GivenDataTests.bench("--dataset-limit", "10")
        let second = try bench.run(
            "train", "points.csv", "--target", "side", "--epochs", "4", "--seed", "3", "--dataset-limit", "10")
        #expect(second.status == 0, "\(second.errors)")
        try FileManager.default.moveItem(
            at: bench.folder.appending(path: "points.csv"), to: bench.folder.appending(path: "moved.csv"))
        let result = try bench.shell("bpreg \(words) --data <(cat moved.csv)")
        #expect(result.status == 0, "\(result.errors)")
    }

    @Test("labels that have moved are found beside the data or with --labels, and are blamed if they are missing")
    func labels() throws {
        let bench = try Bench()
        let folder = bench.folder
        try FileManager.default.createDirectory(
            at: folder.appending(path: "old"), withIntermediateDirectories: true)
        for (name, values) in [("X", (0..<40).map { [$0 % 7, $0 * 3 % 11] }), ("y", (0..<40).map { [$0 % 2] })] {
            var bytes: [UInt8] = [0, 0, 8, values[0].count > 1 ? 2 : 1, 0, 0, 0, 40]
            if values[0].count > 1 { bytes += [0, 0, 0, 2] }
            bytes += values.joined().map { UInt8($0) }
            try Data(bytes).write(to: folder.appending(path: "old/\(name).idx"))
        }
        let trained = try bench.run([
            "train", "old/X.idx", "--labels", "old/y.idx", "--model", "m", "--batch-size", "8", "--epochs", "4",
            "--dataset-limit", "10",
        ])
        #expect(trained.status == 0, "\(trained.errors)")
        let move = { (from: String, to: String) in
            try FileManager.default.moveItem(at: folder.appending(path: from), to: folder.appending(path: to))
        }
        try move("old/y.idx", "moved.idx")
        let words = ["show", "1@iteration:3"]
        let missing = try bench.run(words)
        #expect(missing.status == 65, "\(missing.errors)")
        #expect(missing.errors.contains("the labels of run 1 are not available"), "\(missing.errors)")
        #expect(missing.errors.contains("old/y.idx: cannot be opened"), "\(missing.errors)")
        #expect(!missing.errors.contains("X.idx"), "\(missing.errors)")
        #expect(missing.errors.contains("hint: name the file of the labels with --labels\n"), "\(missing.errors)")
        for more in [
            ["show", "1@iteration:3"], ["export", "1@iteration:3", "-o", "a.json"], ["evaluate", "1@iteration:3"],
            ["compare", "1@iteration:3", "1"], ["audit", "1"],
        ] {
            let found = try bench.run(more + ["--labels", "moved.idx"])
            #expect(found.status == 0, "\(more): \(found.errors)")
        }
        try move("old/X.idx", "X.idx")
        let named = try bench.run(words + ["--data", "X.idx"])
        #expect(named.status == 65, "\(named.errors)")
        #expect(named.errors.contains("X.idx is not used as the data of run 1: "), "\(named.errors)")
        #expect(named.errors.contains("y.idx: cannot be opened"), "\(named.errors)")
        let predicted = try bench.run(
            "predict", "1@iteration:3", "X.idx", "--data", "X.idx", "--labels", "moved.idx")
        #expect(predicted.status == 0, "\(predicted.errors)")
        // What was together is found together.
        try move("moved.idx", "y.idx")
        for more in [words, ["export", "1@iteration:3", "-o", "b.json"], ["predict", "1@iteration:3", "X.idx"]] {
            let beside = try bench.run(more + ["--data", "X.idx"])
            #expect(beside.status == 0, "\(more): \(beside.errors)")
        }
    }

    @Test("an option of a file that is not read is refused")
    func unused() throws {
        let bench = try GivenDataTests.bench()
        for words in [
            ["train", "points.csv", "--target", "side", "--data", "other.csv"], ["pin", "1", "--data", "other.csv"],
            ["pin", "1@epoch:2", "--remove", "--data", "other.csv"], ["audit", "1", "--format", "csv"],
            ["train", "--from", "1", "--epochs", "6", "--labels", "y"],
            ["train", "--from", "1", "--epochs", "6", "--type", "x=text"],
            ["train", "--resume", "1", "--epochs", "6", "--format", "csv"], ["show", "1", "--data", "points.csv"],
            ["compare", "1", "1@epoch:2", "--labels", "y"], ["export", "1", "-o", "b.onnx", "--labels", "y"],
            ["show", "1@epoch:2", "--features", "y"],
        ] {
            let result = try bench.run(words)
            #expect(result.status == 64, "\(words): \(result.errors)")
        }
        #expect(try bench.run("runs", "--json").json.array?.count == 1)
    }
}
