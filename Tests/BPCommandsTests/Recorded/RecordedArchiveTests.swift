import BPJSON
import Foundation
import Testing

/// Tests/Fixtures/archives holds a run with its fork, a version without its data, and a model, archived from the
/// registry of schema 4.
@Suite("Archives, as recorded")
struct RecordedArchiveTests {
    /// The archives, with the words that made them.
    static let archives = [
        "run": ["7"], "version-without-data": ["iris:1", "--without-data"], "model": ["square"],
    ]

    @Test("the registry gives the same bytes again", arguments: archives.keys.sorted())
    func archived(_ name: String) throws {
        let bench = try Bench.recorded()
        let words = try #require(Self.archives[name])
        let result = try bench.run(["archive"] + words + ["-o", "again.safetensors"])
        #expect(result.status == 0, "\(result.errors)")
        let recorded = try Fixtures.bytes("archives/\(name).safetensors")
        #expect(bench.bytes("again.safetensors") == recorded)
    }

    @Test(
        "is sound; restored it lists, and resumes to, the same as the registry that it came from",
        arguments: archives.keys.sorted())
    func restored(_ name: String) throws {
        let (home, bench) = (try Bench.recorded(), try Bench())
        try bench.copyFixture("archives/\(name).safetensors")
        try bench.copySample("iris")
        func ran(_ words: [String], in bench: Bench) throws -> JSONValue {
            let result = try bench.run(words + ["--json"])
            #expect(result.status == 0, "\(words): \(result.errors)")
            return try result.json
        }
        let inspected = try ran(["inspect", "\(name).safetensors"], in: bench)
        let restored = try ran(["restore", "\(name).safetensors"], in: bench)
        #expect(restored["digest"] == inspected["digest"])
        let data = name.hasSuffix("-without-data") ? ["--data", "iris.csv"] : []
        for run in restored["runs"]?.array ?? [] {
            let number = "\(try #require(run["run"]?.int))"
            for words in [["show", number], ["history", number, "--all", "--iterations"]] {
                #expect(try ran(words, in: bench) == ran(words, in: home))
            }
            #expect(try ran(["audit", number] + data, in: bench)["reproduced"] == true)
            let resume = ["train", "--resume", number, "--epochs", "20"]
            let (here, there) = (try ran(resume, in: home), try ran(resume + data, in: bench))
            #expect(here["weights_sha256"] == there["weights_sha256"])
        }
        #expect(try ran(["verify"], in: bench)["sound"] == true)
    }
}
