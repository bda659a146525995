import BPRegistry
import Foundation
import Testing

@Suite("A file that is there is replaced only with --force")
struct OverwriteTests {
    /// Commands that write FILE.
    private static let writers = [
        ["predict", "1", "points.csv", "-o", "FILE"], ["plot", "1", "-o", "FILE"], ["show", "1", "--weights", "FILE"],
        ["show", "1@iteration:3", "--weights", "FILE"], ["export", "1", "-o", "FILE", "--format", "onnx"],
        ["archive", "1", "-o", "FILE"], ["backup", "FILE"],
    ]

    private static func words(_ writer: [String], _ file: String) -> [String] {
        writer.map { $0 == "FILE" ? file : $0 }
    }

    @Test("every command that writes a file follows the rule", arguments: writers)
    func rule(_ writer: [String]) throws {
        let bench = try Bench.trained("--epochs", "4")
        let words = OverwriteTests.words(writer, "mine.svg")
        try bench.write("mine.svg", "mine")
        let refused = try bench.run(words)
        #expect(refused.status == 64, "\(refused.errors)")
        #expect(refused.errors.contains("mine.svg exists and would be replaced"), "\(refused.errors)")
        #expect(refused.errors.contains("next: bpreg \(words.joined(separator: " ")) --force\n"), "\(refused.errors)")
        #expect(bench.bytes("mine.svg") == Data("mine".utf8))

        let forced = try bench.run(words + ["--force"])
        #expect(forced.status == 0, "\(forced.errors)")
        #expect(bench.bytes("mine.svg") != Data("mine".utf8))
        let fresh = try bench.run(OverwriteTests.words(writer, "other.svg"))
        #expect(fresh.status == 0 && bench.has("other.svg"), "\(fresh.errors)")
        // Nothing is left of the refused one.
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: bench.folder.path).allSatisfy {
                !$0.contains("unfinished")
            })
    }

    @Test("the only copy of a run's data is replaced by no option", arguments: writers)
    func onlyCopy(_ writer: [String]) throws {
        let bench = try Bench.trained("--epochs", "4", "--dataset-limit", "10")
        try bench.copy(bench.folder.appending(path: "points.csv"), as: "rows.csv")
        let before = bench.bytes("points.csv")
        // plot takes no other ending, and the rule is about the file, not its name.
        try FileManager.default.createSymbolicLink(
            atPath: bench.folder.appending(path: "link.svg").path, withDestinationPath: "points.csv")
        let words = writer.map { $0 == "points.csv" ? "rows.csv" : $0 }
        let refused = try bench.run(OverwriteTests.words(words, "link.svg") + ["--force"])
        #expect(refused.status == 64, "\(refused.errors)")
        #expect(
            refused.errors.contains("is recorded as the data of run 1, of which the registry keeps only the hash"),
            "\(refused.errors)")
        #expect(bench.bytes("points.csv") == before)
    }

    @Test("a file that the command reads is not replaced")
    func inputs() throws {
        let bench = try Bench.trained("--epochs", "4", "--dataset-limit", "10")
        try FileManager.default.moveItem(
            at: bench.folder.appending(path: "points.csv"), to: bench.folder.appending(path: "moved.csv"))
        try bench.copy(bench.folder.appending(path: "moved.csv"), as: "rows.csv")
        for words in [
            ["predict", "1", "rows.csv", "-o", "rows.csv"],
            ["predict", "1@iteration:3", "rows.csv", "--data", "moved.csv", "-o", "moved.csv"],
            ["export", "1@iteration:3", "--format", "json", "--data", "moved.csv", "-o", "moved.csv"],
            ["show", "1@iteration:3", "--data", "moved.csv", "--weights", "moved.csv"],
        ] {
            let refused = try bench.run(words + ["--force"])
            #expect(refused.status == 64 && refused.errors.contains("is read by this command"), "\(refused.errors)")
        }
        #expect(bench.bytes("moved.csv") == bench.bytes("rows.csv"))
    }

    @Test("--force without a file is refused, and standard output and devices are nothing to replace")
    func nothingToReplace() throws {
        let bench = try Bench.trained("--epochs", "4")
        for words in [["predict", "1", "points.csv"], ["plot", "1"], ["show", "1"]] {
            let result = try bench.run(words + ["--force"])
            #expect(result.status == 64 && result.errors.contains("none is written"), "\(result.errors)")
        }
        let plain = try bench.run("predict", "1", "points.csv")
        for file in ["-", "/dev/stdout"] {
            let result = try bench.run("predict", "1", "points.csv", "-o", file)
            #expect(result.status == 0 && result.output == plain.output, "\(file): \(result.errors)")
        }
    }

    @Test("a proposed command writes no file that is there")
    func proposals() throws {
        let bench = try Bench()
        try Data([0x61, 0x2C, 0x79, 0x0A, 0xE9, 0x2C, 0x31, 0x0A]).write(to: bench.folder.appending(path: "t.csv"))
        let first = try bench.run("train", "t.csv", "--target", "y")
        #expect(first.errors.contains("t.csv > t-utf8.csv\n"), "\(first.errors)")
        try bench.write("t-utf8.csv", "mine")
        try bench.write("t-utf8-2.csv", "mine")
        let second = try bench.run("train", "t.csv", "--target", "y")
        #expect(second.errors.contains("t.csv > t-utf8-3.csv\n"), "\(second.errors)")
    }
}
