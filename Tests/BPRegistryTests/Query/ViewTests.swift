import BPSQLite
import Foundation
import RegistryTestSupport
import TestSupport
import Testing

@testable import BPRegistry
@testable import BPStore

@Suite("What a stock SQLite shell reads")
struct ViewTests {
    @Test("iterations gives every float32 exactly, with its bits")
    func exact() throws {
        let bench = try Bench()
        let seed = testSeed()
        var random = SplitMix64(seed)
        var series: [Float] = [
            .infinity, -.infinity, 0, -0.0, .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude,
            -1, .nan,
        ]
        while series.count < 6_000 { series.append(Float(bitPattern: .random(in: 0 ... .max, using: &random))) }
        let writer = try bench.createRun()
        try writer.commit(RunCommit(losses: series))
        let rows = try bench.registry.withStore { store in
            try store.connection.all(
                "SELECT iteration, epoch, loss, loss_bits FROM iterations WHERE run = 1 ORDER BY iteration"
            ) {
                row in
                (
                    iteration: try row.get(0, as: Int.self), epoch: try row.get(1, as: Int.self),
                    loss: try row.get(2, as: Double?.self), bits: try row.get(3, as: String.self)
                )
            }
        }
        #expect(rows.map(\.iteration) == Array(1...6_000))
        #expect(rows.map(\.epoch) == (1...6_000).map { ($0 - 1) / 10 + 1 })
        let hex = series.map { String(format: "%08x", $0.canonicalBits) }
        #expect(rows.map(\.bits) == hex, "seed \(seed)")
        #expect(rows.map { $0.loss } == series.map { $0.isNaN ? nil : Double($0) }, "seed \(seed)")
    }

    @Test("runs and versions")
    func lists() throws {
        let bench = try Bench()
        try bench.finishedRun()
        let writer = try bench.createRun()
        try writer.close()
        let weights = try bench.registry.version(ofModel: "iris", 1).weights
        try bench.registry.withStore { store in
            let runs = try store.connection.all(
                "SELECT run || ' ' || model || ' ' || status || ' ' || iterations FROM runs ORDER BY run",
                as: String.self)
            #expect(runs == ["1 iris finished 50", "2 iris interrupted 0"])
            let versions = try store.connection.all(
                "SELECT model || ' ' || version || ' ' || current || ' ' || weights_sha256 FROM versions",
                as: String.self)
            #expect(versions == ["iris 1 1 \(weights?.hex ?? "")"])
            let created: String = try store.connection.value("SELECT created FROM runs WHERE run = 1")
            #expect(created.hasPrefix("2023-11-14T22:13:2") && created.hasSuffix("Z"))
        }
    }

    @Test("every table, view and column is named in docs/schema.md")
    func complete() throws {
        let bench = try Bench()
        let page = Project.file("docs/schema.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        for object in try bench.registry.withStore({ try $0.schemaObjects() })
        where object.kind == "table" || object.kind == "view" {
            #expect(text.contains("`\(object.name)`"), "\(object.name)")
        }
    }
}
