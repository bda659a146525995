import Foundation
import Testing

/// Tests/Fixtures/specs.txt lists settings with their hash and the weights that training them gives.
@Suite("Settings and the weights they give, as recorded")
struct RecordedSpecTests {
    private static let file = "specs.txt"

    /// The options of each line.
    static let options: [String] = {
        let text = (try? Fixtures.bytes(file)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }
            .map { String($0.prefix { $0 != "|" }).trimmingCharacters(in: .whitespaces) }
    }()

    @Test("ten settings give the hashes and the bits that they gave")
    func trained() throws {
        #expect(RecordedSpecTests.options.count == 10)
        let bench = try Bench()
        for sample in ["iris", "breast_cancer", "digits"] { try bench.copySample(sample) }
        let text = String(decoding: try Fixtures.bytes(RecordedSpecTests.file), as: UTF8.self)
        var lines = text.split(separator: "\n").filter { $0.hasPrefix("#") }.map(String.init)
        for (index, options) in RecordedSpecTests.options.enumerated() {
            let words = options.split(separator: " ").map(String.init)
            // Lines about one table have several targets, so that each has a model of its own.
            let named = ["train", "\(words[0]).csv", "--model", "line\(index + 1)", "--json"]
            let result = try bench.run(named + words.dropFirst())
            #expect(result.status == 0, "\(options): \(result.errors)")
            let run = try #require(try result.json["run"]?.int)
            let spec = try #require(try bench.run("show", "\(run)", "--json").json["spec_sha256"]?.string)
            let weights = try #require(try result.json["weights_sha256"]?.string)
            lines.append("\(options) | \(spec) | \(weights)")
        }
        try Fixtures.expect(lines.joined(separator: "\n") + "\n", recordedAs: RecordedSpecTests.file)
        #expect(Set(lines).count == lines.count)
    }
}
