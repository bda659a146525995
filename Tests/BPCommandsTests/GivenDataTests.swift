import Foundation
import Testing

@Suite("The file of --data is opened and compared, or refused")
struct GivenDataTests {
    /// A registry whose run 1 was trained on points.csv, beside it another table.
    private static func bench(_ options: String...) throws -> Bench {
        let bench = try Bench()
        try bench.writeClasses()
        try bench.writeClasses("other.csv", rows: 50)
        let result = try bench.run(["train", "points.csv", "--target", "side", "--epochs", "4"] + options)
        #expect(result.status == 0, "\(result.errors)")
        return bench
    }

    private static let commands = [
        ["train", "--from", "1", "--epochs", "6"], ["train", "--resume", "1", "--epochs", "6"], ["audit", "1"],
        ["version", "1@epoch:2"], ["pin", "1@epoch:2"], ["export", "1@epoch:2", "-o", "a.onnx"],
        ["export", "points:1", "-o", "a.onnx"],
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

    @Test("data of which only the hash is kept are read from the file that is named", arguments: commands.prefix(6))
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

    @Test("an option of a file that is not read is refused")
    func unused() throws {
        let bench = try GivenDataTests.bench()
        for words in [
            ["train", "points.csv", "--target", "side", "--data", "other.csv"], ["pin", "1", "--data", "other.csv"],
            ["pin", "1@epoch:2", "--remove", "--data", "other.csv"], ["audit", "1", "--format", "csv"],
            ["train", "--from", "1", "--epochs", "6", "--labels", "y"],
            ["train", "--from", "1", "--epochs", "6", "--type", "x=text"],
            ["train", "--resume", "1", "--epochs", "6", "--format", "csv"],
        ] {
            let result = try bench.run(words)
            #expect(result.status == 64, "\(words): \(result.errors)")
        }
        #expect(try bench.run("runs", "--json").json.array?.count == 1)
    }
}
