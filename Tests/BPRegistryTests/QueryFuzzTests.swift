import BPSQLite
import Foundation
import TestSupport
import Testing

@testable import BPRegistry
@testable import BPStore

/// Random expressions over random runs: what SQL answers is compared with what the expression's own tree says.
@Suite("Expressions, compared with their direct evaluation")
struct QueryFuzzTests {
    @Test("filter, order and limit are as the expression's tree says")
    func filters() throws {
        let seed = ProcessInfo.processInfo.environment["BPREG_SEED"].flatMap { UInt64($0) } ?? .random(in: 0 ... .max)
        var random = SplitMix64(seed)
        let bench = try Bench()
        var living: [RunWriter] = []
        let samples = try SampleRun.make(80, in: bench, &random, living: &living)
        defer { withExtendedLifetime(living) {} }
        for round in 0..<600 {
            let tree = QueryTree.random(depth: Int.random(in: 0...4, using: &random), &random)
            let text = tree.text(&random)
            let keys = QueryKeys.random(&random)
            let limit = Bool.random(using: &random) ? Int.random(in: 0...30, using: &random) : nil
            let query = ListQuery(where: text, sort: keys.text, limit: limit)
            let found = try bench.registry.all(query).map(\.number)
            let expected = samples.filter { tree.holds($0) }.sorted { keys.areInOrder($0, $1) }.prefix(limit ?? .max)
            #expect(
                found == expected.map(\.number),
                "seed \(seed), round \(round): \(text) sorted by \(keys.text ?? "nothing"), limit \(limit ?? -1)")
            if found != expected.map(\.number) { return }
        }
    }
}

extension Registry {
    /// All pages of a list.
    func all(_ query: ListQuery) throws(RegistryError) -> [RunRecord] {
        let listing = runs(query)
        var all: [RunRecord] = []
        while true {
            let page = try listing.next()
            if page.isEmpty { return all }
            all += page
        }
    }
}

/// A run as the test knows it, apart from the registry.
struct SampleRun {
    var number = 0
    var numbers: [String: Double] = [:]
    var texts: [String: String] = [:]
    var truths: [String: Bool] = [:]
    var times: [String: Int64] = [:]
    var ancestors: [Int] = []
    var notes: [String] = []

    static func make(
        _ count: Int, in bench: Bench, _ random: inout SplitMix64, living: inout [RunWriter]
    ) throws -> [SampleRun] {
        var samples: [SampleRun] = []
        for index in 0..<count {
            var new = bench.newRun(model: ["iris", "digits", "a_b"].randomElement(using: &random) ?? "iris")
            var sample = SampleRun()
            sample.texts["model"] = new.model
            new.settings = sample.addSettings(&random)
            let writer = try bench.registry.createRun(new)
            sample.texts["status"] = index < 20 ? "running" : "interrupted"
            if index < 20 { living.append(writer) } else { try writer.close() }
            sample.number = writer.run
            sample.numbers["run"] = Double(sample.number)
            let parent =
                index > 0 && Int.random(in: 0..<3, using: &random) == 0 ? samples.randomElement(using: &random) : nil
            try bench.registry.writing { store in try sample.store(in: store, parent, &random) }
            samples.append(sample)
        }
        return samples
    }

    private mutating func addSettings(_ random: inout SplitMix64) -> [Setting] {
        var settings: [Setting] = []
        if Int.random(in: 0..<4, using: &random) > 0 {
            let rate = QueryTree.rates.randomElement(using: &random) ?? 0
            numbers["learning_rate"] = rate
            settings.append(Setting("learning_rate", .number(rate)))
        }
        if Bool.random(using: &random) {
            let name = QueryTree.words.randomElement(using: &random) ?? ""
            texts["optimizer"] = name
            settings.append(Setting("optimizer", .text(name)))
        }
        if Bool.random(using: &random) {
            truths["shuffle"] = Bool.random(using: &random)
            settings.append(Setting("shuffle", .bool(truths["shuffle"] ?? false)))
        }
        // Of one type here, of another there.
        if Bool.random(using: &random) {
            numbers["width"] = Double(Int.random(in: 0...3, using: &random))
            settings.append(Setting("width", .integer(Int64(numbers["width"] ?? 0))))
        } else if Bool.random(using: &random) {
            texts["width"] = QueryTree.words.randomElement(using: &random)
            settings.append(Setting("width", .text(texts["width"] ?? "")))
        }
        return settings
    }

    private mutating func store(in store: Store, _ parent: SampleRun?, _ random: inout SplitMix64) throws {
        var row = try store.runRow(number)
        for name in ["loss", "val_loss"] where Int.random(in: 0..<4, using: &random) > 0 {
            let value = Float(QueryTree.rates.randomElement(using: &random) ?? 0)
            numbers[name] = Double(value)
            row.set(name, value)
        }
        let (epochs, seconds) = (Int.random(in: 0...3, using: &random), Double.random(in: 0...2, using: &random))
        (numbers["epochs"], numbers["seconds"]) = (Double(epochs), seconds)
        (row["epochs"], row["seconds"]) = (.int(epochs), .real(seconds))
        if Bool.random(using: &random) {
            texts["status"] = ["finished", "failed"].randomElement(using: &random)
            texts["reason"] = QueryTree.words.randomElement(using: &random)
            times["ended"] = QueryTree.instants.randomElement(using: &random)
            (row["status"], row["reason"]) = (.string(texts["status"]), .string(texts["reason"]))
            row["ended"] = .int64(times["ended"])
        }
        if let parent {
            (row["parent_run"], row["parent_segment"], row["parent_iteration"]) = (
                .int(parent.number), .int(1), .int(0)
            )
            ancestors = [parent.number] + parent.ancestors
            numbers["parent"] = Double(parent.number)
        }
        truths["forked"] = parent != nil
        numbers["root"] = Double(ancestors.last ?? number)
        try store.update(row)
        if Bool.random(using: &random) {
            texts["tag.draft"] = QueryTree.words.randomElement(using: &random)
            try store.insert(
                TableRow(
                    .tag,
                    [
                        "subject": .text("run:\(number)"), "name": .text("draft"),
                        "value": .string(texts["tag.draft"]), "created": .int(1),
                    ]))
        }
        if Bool.random(using: &random) {
            let value = Float(QueryTree.rates.randomElement(using: &random) ?? 0)
            (numbers["test_loss"], numbers["min.test_loss"]) = (Double(value), value.isNaN ? nil : Double(value) / 2)
            try store.insert(
                TableRow(
                    .metric,
                    [
                        "run": .int(number), "name": .text("test_loss"),
                        "last": value.isNaN ? .null : .real(Double(value)),
                        "last_bits": .integer(Int64(value.canonicalBits)),
                        "min": numbers["min.test_loss"].map { .real($0) } ?? .null,
                    ]))
        }
        for _ in 0..<Int.random(in: 0...2, using: &random) {
            let text = QueryTree.words.randomElement(using: &random) ?? ""
            notes.append(text)
            let id = try store.connection.value("SELECT coalesce(max(id), 0) + 1 FROM note", as: Int.self)
            try store.insert(
                TableRow(
                    .note,
                    ["id": .int(id), "subject": .text("run:\(number)"), "text": .text(text), "created": .int(1)]))
        }
    }
}
