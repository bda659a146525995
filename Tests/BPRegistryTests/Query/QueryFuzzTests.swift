import BPSQLite
import Foundation
import RegistryTestSupport
import TestSupport
import Testing

@testable import BPRegistry
@testable import BPStore

/// Random expressions over random runs: the answers of SQL are compared with those of the expression's own tree.
@Suite("Expressions, compared with their direct evaluation")
struct QueryFuzzTests {
    @Test("filter, order and limit are as the expression's tree says")
    func filters() throws {
        let seed = testSeed()
        var random = SplitMix64(seed)
        let bench = try Bench()
        let samples = SampleRun.random(80, living: 20, &random)
        var living: [RunWriter] = []
        for sample in samples {
            let writer = try sample.create(in: bench)
            if sample.number <= 20 { living.append(writer) } else { try writer.close() }
            try bench.registry.writing { store in try sample.write(in: store) }
        }
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

extension SampleRun {
    fileprivate func create(in bench: Bench) throws -> RunWriter {
        var new = bench.newRun(model: texts["model"] ?? "")
        new.settings = []
        for name in ["learning_rate", "width"] {
            if let number = numbers[name] {
                new.settings.append(Setting(name, name == "width" ? .integer(Int64(number)) : .number(number)))
            }
        }
        for name in ["optimizer", "width"] {
            if let text = texts[name] { new.settings.append(Setting(name, .text(text))) }
        }
        if let shuffle = truths["shuffle"] { new.settings.append(Setting("shuffle", .bool(shuffle))) }
        let writer = try bench.registry.createRun(new)
        #expect(writer.run == number)
        return writer
    }

    fileprivate func write(in store: Store) throws {
        var row = try store.need(.run, [.int(number)])
        for name in ["loss", "val_loss"] {
            if let value = numbers[name] { row.set(name, Float(value)) }
        }
        (row["epochs"], row["seconds"]) = (.int(Int(numbers["epochs"] ?? 0)), .real(numbers["seconds"] ?? 0))
        if let ended = times["ended"] {
            (row["status"], row["reason"]) = (.string(texts["status"]), .string(texts["reason"]))
            row["ended"] = .int64(ended)
        }
        if let parent = ancestors.first {
            (row["parent_run"], row["parent_segment"], row["parent_iteration"]) = (.int(parent), .int(1), .int(0))
        }
        try store.update(row)
        if let loss = numbers["test_loss"].map({ Float($0) }) {
            try store.insert(
                TableRow(
                    .metric,
                    [
                        "run": .int(number), "name": .text("test_loss"),
                        "last": loss.isNaN ? .null : .real(Double(loss)),
                        "last_bits": .integer(Int64(loss.canonicalBits)),
                        "min": numbers["min.test_loss"].map { .real($0) } ?? .null,
                    ]))
        }
        try writeAnnotations(in: store)
    }

    private func writeAnnotations(in store: Store) throws {
        let subject = "run:\(number)"
        if let draft = texts["tag.draft"] {
            try store.insert(
                TableRow(
                    .tag,
                    ["subject": .text(subject), "name": .text("draft"), "value": .text(draft), "created": .int(1)]))
        }
        for note in notes {
            let id = try store.connection.value("SELECT coalesce(max(id), 0) + 1 FROM note", as: Int.self)
            try store.insert(
                TableRow(
                    .note, ["id": .int(id), "subject": .text(subject), "text": .text(note), "created": .int(1)]))
        }
    }
}
