import BPCore
import BPRegistry
import Foundation
import TestSupport
import Testing

@testable import BPCommands
@testable import BPTraining

/// Tests/Fixtures/specs.txt (numerics version 1) and specs-2.txt list settings with their hash and the weights that
/// training them gives. No later bpreg may give others.
@Suite("Settings and the weights they give, as recorded")
struct RecordedSpecTests {
    private static func file(_ numerics: Numerics) -> String {
        numerics == .first ? "specs.txt" : "specs-\(numerics.rawValue).txt"
    }

    /// The lines that are comments, and the options of each other line.
    private static func recorded(_ numerics: Numerics) throws -> (comments: [String], options: [String]) {
        let text = String(decoding: try Fixtures.bytes(file(numerics)), as: UTF8.self)
        let lines = text.split(separator: "\n").map(String.init)
        return (
            lines.filter { $0.hasPrefix("#") },
            lines.filter { !$0.hasPrefix("#") }
                .map { String($0.prefix { $0 != "|" }).trimmingCharacters(in: .whitespaces) }
        )
    }

    @Test("ten settings give the hashes and the bits of the newest version with the command")
    func trained() throws {
        var (lines, options) = try RecordedSpecTests.recorded(.newest)
        #expect(options.count == 10)
        let bench = try Bench()
        for sample in ["iris", "breast_cancer", "digits"] { try bench.copySample(sample) }
        for (index, line) in options.enumerated() {
            let words = line.split(separator: " ").map(String.init)
            // Lines about one table have several targets, so that each has a model of its own.
            let named = ["train", "\(words[0]).csv", "--model", "line\(index + 1)", "--json"]
            let result = try bench.run(named + words.dropFirst())
            #expect(result.status == 0, "\(line): \(result.errors)")
            let run = try #require(try result.json["run"]?.int)
            let spec = try #require(try bench.run("show", "\(run)", "--json").json["spec_sha256"]?.string)
            let weights = try #require(try result.json["weights_sha256"]?.string)
            lines.append("\(line) | \(spec) | \(weights)")
        }
        try Fixtures.expect(lines.joined(separator: "\n") + "\n", recordedAs: RecordedSpecTests.file(.newest))
        #expect(Set(lines).count == lines.count)
    }

    /// New runs of an older version are planned by tests alone.
    @Test(
        "ten settings give the hashes and the bits of each version, on every instruction set",
        arguments: Numerics.allCases, InstructionSet.allCases.filter(\.isAvailable))
    func computed(numerics: Numerics, set: InstructionSet) throws {
        var (lines, options) = try RecordedSpecTests.recorded(numerics)
        #expect(options.count == 10)
        let scratch = ScratchDirectory()
        let registry = try Registry.open(at: scratch.file(), for: .creating, durability: .off)
        for (index, line) in options.enumerated() {
            let words = line.split(separator: " ").map(String.init)
            let sample = Project.file("tools/data/\(words[0]).csv").path
            let command = try TrainCommand.parse([sample, "--model", "line\(index + 1)"] + words.dropFirst())
            let table = try command.dataOptions.reader().read(path: sample)
            var plan = try TrainingPlan(table, options: try command.trainingOptions(), model: command.model)
            plan.spec.numerics = numerics.rawValue
            let session = try TrainingSession.start(
                plan.checked(command.attempt()), in: registry, durability: .off, instructionSet: set)
            let outcome = try session.train()
            let weights = try #require(outcome.weightsSHA256)
            lines.append("\(line) | \(try registry.run(outcome.run).spec.hex) | \(weights.hex)")
        }
        let expected = String(decoding: try Fixtures.bytes(RecordedSpecTests.file(numerics)), as: UTF8.self)
        let found = lines.joined(separator: "\n") + "\n"
        for (found, expected) in zip(found.split(separator: "\n"), expected.split(separator: "\n")) {
            #expect(found == expected)
        }
        #expect(found == expected)
    }
}
