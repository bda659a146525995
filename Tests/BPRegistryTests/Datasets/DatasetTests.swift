import BPSQLite
import RegistryTestSupport
import Testing

@testable import BPRegistry
@testable import BPStore

@Suite("Datasets")
struct DatasetTests {
    private let columns: [NewDataset.Column] = [
        .init(name: "x", type: .f32, bytes: Array(0..<8)), .init(name: "empty", type: .text, bytes: []),
    ]

    private func new(name: String = "d", keep: Bool = true) -> NewDataset {
        NewDataset(name: name, sourcePath: "/d.csv", rowCount: 2, columns: columns, keepContent: keep)
    }

    @Test("the hash is that of the manifest: content, names and types, not where it came from")
    func hash() throws {
        let manifest =
            #"{"columns":[{"name":"x","sha256":"\#(SHA256.hash(Array(0..<8)).hex)","type":"f32"},"#
            + #"{"name":"empty","sha256":"\#(SHA256.hash([]).hex)","type":"text"}],"format":1,"rows":2}"#
        #expect(new().hash == SHA256.hash(manifest))
        var other = new(name: "e")
        other.sourcePath = "/e.csv"
        #expect(other.hash == new().hash)
        other.columns[0].name = "y"
        #expect(other.hash != new().hash)
    }

    @Test("storing the same again changes nothing; bytes come back checked")
    func idempotent() throws {
        let bench = try Bench()
        let hash = try bench.registry.storeDataset(new())
        let events = try bench.registry.events().count
        #expect(try bench.registry.storeDataset(new(name: "again")) == hash)
        #expect(try bench.registry.events().count == events)
        #expect(try bench.registry.datasets().count == 2)
        let dataset = try bench.registry.dataset(hash)
        #expect(dataset.name == "d")
        #expect(dataset.isStored)
        #expect(dataset.bytes == 8)
        #expect(dataset.columns.map(\.name) == ["x", "empty"])
        #expect(try bench.registry.columnBytes(hash, column: 0) == Array(0..<8))
        #expect(try bench.registry.columnBytes(hash, column: 1) == [])
        #expect(throws: RegistryError.self) { try bench.registry.columnBytes(hash, column: 2) }
        #expect(try bench.registry.verify().findings == [])
    }

    @Test("content that was left out can be added later")
    func content() throws {
        let bench = try Bench()
        let hash = try bench.registry.storeDataset(new(keep: false))
        #expect(try !bench.registry.dataset(hash).isStored)
        #expect(throws: RegistryError.self) { try bench.registry.columnBytes(hash, column: 0) }
        try bench.registry.storeDataset(new(keep: true))
        #expect(try bench.registry.columnBytes(hash, column: 0) == Array(0..<8))
        try bench.registry.storeDataset(new(keep: false))
        #expect(try bench.registry.dataset(hash).isStored)
        #expect(try bench.registry.verify().findings == [])
    }

    @Test("one that a kill left incomplete is not shown, and is completed by the next call")
    func interrupted() throws {
        let bench = try Bench()
        let large = NewDataset(
            name: "large", sourcePath: "", rowCount: 1,
            columns: (0..<3).map { .init(name: "c\($0)", type: .u8, bytes: [UInt8](repeating: $0, count: 5 << 20)) })
        let hash = try bench.registry.storeDataset(large)
        try bench.registry.writing { store in
            var row = try store.need(.dataset, [.digest(hash)])
            (row["complete"], row["stored"]) = (.bool(false), .bool(false))
            try store.update(row)
            try store.connection.execute("DELETE FROM tensor_chunk WHERE part = 3")
        }
        #expect(try bench.registry.datasets().count == 1)
        #expect(throws: RegistryError.self) { try bench.registry.dataset(hash) }
        #expect(try bench.registry.verify().findings == [])
        try bench.registry.storeDataset(large)
        #expect(try bench.registry.columnBytes(hash, column: 2) == [UInt8](repeating: 2, count: 5 << 20))
        #expect(try bench.registry.verify().findings == [])
    }

    @Test("lists follow the order in which things were stored, whatever the clock says")
    func order() throws {
        let bench = try Bench()
        for number in 1...4 {
            bench.world.time.withLock { $0 -= 3_600_000_000 }
            var dataset = new(name: "d\(number)")
            dataset.rowCount = number
            try bench.registry.storeDataset(dataset)
            try bench.finishedRun(epochs: 1, model: number % 2 == 0 ? "b" : "a")
        }
        try bench.registry.storeDataset(new(name: "again"))
        #expect(try bench.registry.datasets().map(\.name) == ["d4", "d3", "d2", "d1", "iris"])
        #expect(try bench.registry.versions().map(\.name) == ["a:2", "a:1", "b:2", "b:1"])
    }

    @Test("a model's name that does not fit its seal is not shown with a run")
    func sealedName() throws {
        let bench = try Bench()
        try bench.finishedRun(epochs: 1)
        try bench.registry.writing { store in try store.connection.execute("UPDATE model SET name = 'iras'") }
        #expect(throws: RegistryError.self) { try bench.registry.runs() }
        #expect(throws: RegistryError.self) { try bench.registry.run(1) }
    }

    @Test("a unique prefix of the hash is enough")
    func prefix() throws {
        let bench = try Bench()
        let hash = try bench.registry.storeDataset(new())
        #expect(try bench.registry.dataset(prefix: hash.short).hash == hash)
        #expect(try bench.registry.dataset(prefix: hash.hex.uppercased()).hash == hash)
        for text in ["", "xyz", "0123456789ab"] {
            #expect(throws: RegistryError.self) { try bench.registry.dataset(prefix: text) }
        }
    }

    @Test("a run needs a stored dataset and a proper name")
    func needed() throws {
        let bench = try Bench()
        var run = bench.newRun()
        run.dataset = SHA256.hash("nothing")
        #expect(throws: RegistryError.self) { try bench.registry.createRun(run) }
        #expect(throws: RegistryError.self) { try bench.registry.createRun(bench.newRun(model: "7up")) }
        #expect(try bench.registry.runs().isEmpty)
        #expect(try bench.registry.models().isEmpty)
    }
}
