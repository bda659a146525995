import RegistryTestSupport
import Testing

@testable import BPRegistry

@Suite("Runs that can be ranked by a loss")
struct ComparabilityTests {
    private func run(_ bench: Bench, _ settings: Setting...) throws -> Int {
        var new = bench.newRun()
        let plain = [
            Setting("target", .text("class")), Setting("task", .text("classification")),
            Setting("validation", .number(0.15)), Setting("test", .number(0.15)), Setting("seed", .integer(1)),
            Setting("loss", .text("cross-entropy")),
        ]
        let names = Set(settings.map(\.name))
        new.settings = plain.filter { !names.contains($0.name) } + settings
        return try bench.registry.createRun(new).run
    }

    @Test("have the same data, target, split and loss function; the split's own seed counts before the seed")
    func differences() throws {
        let bench = try Bench()
        let first = try run(bench)
        let others: [(run: Int, differences: [Comparability.Difference])] = [
            (try run(bench, Setting("learning_rate", .number(0.5))), []),
            (try run(bench, Setting("seed", .integer(2))), [.splitSeed("2")]),
            (try run(bench, Setting("seed", .integer(2)), Setting("split_seed", .integer(1))), []),
            (try run(bench, Setting("split_seed", .integer(3))), [.splitSeed("3")]),
            (try run(bench, Setting("validation", .number(0.3))), [.shares(validation: "0.3", test: "0.15")]),
            (try run(bench, Setting("target", .text("length"))), [.target("length")]),
            (try run(bench, Setting("loss", .text("half-squared-error"))), [.loss("half-squared-error")]),
        ]
        let grounds = try bench.registry.comparability(ofRuns: [first] + others.map(\.run) + [99])
        #expect(grounds.count == others.count + 1)
        let ground = try #require(grounds[first])
        for (run, differences) in others {
            let other = try #require(grounds[run])
            #expect(ground.differences(from: other) == differences)
            #expect((ground == other) == differences.isEmpty)
        }
        // Without rows that are held out no seed decides what is trained on.
        let whole = try (1...2).map { seed in
            try run(
                bench, Setting("validation", .number(0)), Setting("test", .number(0)),
                Setting("seed", .integer(Int64(seed)))
            )
        }
        let wholeGrounds = try bench.registry.comparability(ofRuns: whole)
        #expect(wholeGrounds[whole[0]] == wholeGrounds[whole[1]])
        let loss = try #require(grounds[others[6].run])
        #expect(ground.differences(from: loss, by: .score).isEmpty, "an accuracy does not depend on the loss function")
    }
}
