import RegistryTestSupport
import Testing

@testable import BPRegistry
@testable import BPStore

@Suite("What a list knows of its rows, and the values of their fields")
struct ListOutlineTests {
    /// A run with these settings, and with a validation loss of the first epoch if there is one.
    @discardableResult
    private func run(_ bench: Bench, _ settings: [Setting], loss: Float? = nil) throws -> Int {
        var new = bench.newRun()
        new.settings = settings
        let writer = try bench.registry.createRun(new)
        if let loss {
            let epoch = EpochRecord(
                epoch: 1, iteration: 10, loss: 0.5, validationLoss: loss, validationScore: 0.5, seconds: 0.125)
            try writer.commit(RunCommit(losses: losses(1, 10), epochs: [epoch]))
        }
        return writer.run
    }

    private func outline(
        _ bench: Bench, _ query: ListQuery = ListQuery(), _ change: (inout ListRequest) -> Void = { _ in }
    ) throws -> ListOutline {
        var request = ListRequest(names: ["run", "best_val_loss"], ranking: "best_val_loss")
        change(&request)
        return try bench.registry.outline(ofRuns: query, request)
    }

    private func rows(_ bench: Bench, _ query: ListQuery, _ fields: [ListedField]) throws -> [ListedRow<RunRecord>] {
        let listing = bench.registry.listedRuns(query, fields, withDetails: true)
        var all: [ListedRow<RunRecord>] = []
        while true {
            let page = try listing.next()
            if page.isEmpty { return all }
            all += page
        }
    }

    @Test("settings that differ are counted, and one that a spec leaves out counts with its value")
    func variety() throws {
        let bench = try Bench()
        let (rate, seed) = ("learning_rate", "seed")
        try run(bench, [Setting(rate, .number(0.1)), Setting(seed, .integer(1))])
        try run(bench, [Setting(rate, .number(0.1)), Setting(seed, .integer(2)), Setting("warmup", .integer(3))])
        try run(bench, [Setting(rate, .number(0.1)), Setting(seed, .integer(3)), Setting("beta1", .number(0.9))])
        let found = try outline(bench)
        #expect(found.rows == [3, 2, 1] && found.runCount == 3 && !found.isCut)
        #expect(
            found.settings.map(\.variety) == [
                SettingVariety(name: "beta1", values: 1, runs: 1), SettingVariety(name: seed, values: 3, runs: 3),
                SettingVariety(name: "warmup", values: 2, runs: 3),
            ])
        // Only the rows that are listed count.
        let two = try outline(bench, ListQuery(sort: "run", limit: 2))
        #expect(two.rows == [1, 2] && two.settings.map(\.variety.name) == ["seed", "warmup"])
        #expect(two.sorted.map(\.name) == ["run"])
        let listed = try rows(bench, ListQuery(sort: "run"), [])
        #expect(listed[0].settings.first { $0.name == "warmup" }?.value == .integer(0))
        #expect(listed[1].settings.first { $0.name == "warmup" }?.value == .integer(3))
    }

    @Test("values keep their kind: NaN, truth, times, several, and nothing")
    func values() throws {
        let bench = try Bench()
        let number = try run(bench, [Setting("shuffle", .bool(true)), Setting("seed", .integer(1 << 60))], loss: .nan)
        _ = try bench.registry.setTag("a", to: "1", of: .run(number))
        _ = try bench.registry.setTag("b", to: "two", of: .run(number))
        let names = "val_loss,best_val_loss,shuffle,seed,tag,tag.b,created,started,ancestor,forked,dataset"
        let found = try outline(bench) { $0.columns = names }
        let fields = try #require(found.columns)
        #expect(fields.map(\.name).joined(separator: ",") == names)
        #expect(fields[6].means(fields[7]) && !fields[0].means(fields[1]))
        let row = try #require(try rows(bench, ListQuery(), fields).first)
        #expect(
            row.values == [
                .notANumber, .missing, .truth(true), .integer(1 << 60), .several([.text("a"), .text("b")]),
                .text("two"), .integer(row.record.created), .integer(row.record.created), .missing, .truth(false),
                .text(row.record.dataset.hex),
            ])
        #expect(
            row.metrics.first { $0.name == "val_loss" }
                == MetricRecord(
                    name: "val_loss", last: nil, best: nil, min: nil, max: nil))
    }

    @Test("the best is among two or more rows that can be compared, and each row of a long list has its own values")
    func best() throws {
        let bench = try Bench()
        for index in 0..<230 {
            try run(
                bench,
                [Setting("seed", .integer(index == 7 ? 1 : 0)), Setting("learning_rate", .number(Double(index)))],
                loss: index == 7 ? 0.01 : 1 + Float((index * 37) % 230))
        }
        let found = try outline(bench)
        let best = try #require(found.rows.filter { $0 != 8 }.min { (found.ranks[$0] ?? 0) < (found.ranks[$1] ?? 0) })
        #expect(found.best == [best], "the run with another seed has nothing to be compared with")
        let fields = try outline(bench) { $0.columns = "learning_rate,val_loss" }.columns ?? []
        for query in [ListQuery(), ListQuery(sort: "-val_loss")] {
            let all = try rows(bench, query, fields)
            #expect(all.count == 230)
            for row in all {
                let index = row.record.number - 1
                #expect(row.row == row.record.number && row.values.first == .number(Double(index)))
                #expect(row.values.last?.double == Double(row.record.validationLoss ?? 0))
            }
        }
    }
}
