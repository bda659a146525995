import Foundation
import Testing

@testable import BPCommands

@Suite("The examples of each command can be pasted in order")
struct HelpExampleTests {
    /// A folder in which all files and runs are there that the examples name.
    private static func sample() throws -> Bench {
        let bench = try Bench()
        try bench.copy("iris.csv")
        let lines = String(decoding: try #require(bench.bytes("iris.csv")), as: UTF8.self).split(separator: "\n")
        try bench.write("new.csv", lines.prefix(12).joined(separator: "\n") + "\n")
        for line in [
            "bpreg train iris.csv --target species",
            "bpreg train --from 1@epoch:50 --epochs 100 --learning-rate 0.01",
            "bpreg archive iris -o iris.archive.safetensors", "bpreg export iris -o iris.safetensors",
            "bpreg export iris -o iris.npz", "bpreg backup other.sqlite",
        ] {
            let result = try bench.shell(line)
            #expect(result.status == 0, "\(line)\n\(result.errors)")
        }
        return bench
    }

    @Test("each ends with 0")
    func pasted() throws {
        let sample = try HelpExampleTests.sample()
        for help in HelpTests.helps {
            let bench = try sample.copied()
            for example in help.examples {
                // Weights of another program are not at hand, and nobody answers the question of delete.
                if example.command.contains("net.npz") { continue }
                let asks =
                    help.name == "delete" && !["--yes", "--undo", "--list"].contains { example.command.contains($0) }
                let line = example.command + (asks ? " --yes" : "")
                let result = try bench.shell(line)
                #expect(result.status == 0, "\(line)\n\(result.errors)")
            }
        }
    }

    @Test("without a comment, a shell that knows none runs them too")
    func comments() {
        #expect(
            ShellWords.split("bpreg note 1 \"a b\" 'c \"d\"'   # adds") == ["bpreg", "note", "1", "a b", "c \"d\""])
        #expect(ShellWords.split("bpreg sql 'a") == nil && ShellWords.split("bpreg predict m - < a.csv") == nil)
    }
}
