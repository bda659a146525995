import BPMigrations
import BPSQLite
import BPTransfer
import Foundation
import RegistryTestSupport
import TestSupport
import Testing

@testable import BPRegistry
@testable import BPStore

/// Tests/Fixtures/registry-v1.sql holds the rows of a registry that bpreg 0.1.0 wrote with the first schema.
@Suite("A registry of an older schema")
struct MigrationTests {
    private static let first = Migration(
        version: 1, name: Opening.migrationNames[0], sql: Opening.firstSQL, checksum: SHA256.hash(Opening.firstSQL).hex)

    /// Makes a registry of the first schema.
    private static func makeFirst(at path: String) throws {
        let fixture = Project.file("Tests/Fixtures/registry-v1.sql")
        var options = Connection.Options(applicationID: Opening.applicationID, newestVersion: 1)
        options.durability = .off
        options.pageSize = Opening.pageSize
        let connection = try Connection(path: path, mode: .create, options: options)
        try Migrator([first], applicationID: Opening.applicationID).migrate(connection, backup: nil)
        try connection.execute(script: "PRAGMA foreign_keys = OFF")
        let rows = try String(contentsOf: fixture, encoding: .utf8)
        try connection.transaction { try connection.execute(script: rows) }
        try connection.close()
    }

    /// When the lease of the run whose process was killed is over.
    private static let later: RegistryEnvironment = {
        let world = World()
        world.time.withLock { $0 = 2_000_000_000_000_000 }
        return world.environment
    }()

    private func open(_ path: String, _ purpose: Registry.Purpose = .writing) throws -> Registry {
        try Registry.open(at: path, for: purpose, durability: .off, environment: Self.later)
    }

    @Test("is brought to the newest after a copy was made; every row keeps its seal, and the metrics are worked out")
    func migrated() throws {
        let scratch = try Scratch()
        try Self.makeFirst(at: scratch.path)
        #expect(throws: RegistryError.schemaOlder(path: scratch.path, found: 1, needed: Opening.newestVersion)) {
            try open(scratch.path, .reading)
        }
        let registry = try open(scratch.path)
        let backup = scratch.path + ".schema-1.backup"
        #expect(registry.notices == [.migrated(from: 1, to: Opening.newestVersion, backup: backup)])
        #expect(FileManager.default.fileExists(atPath: backup))
        #expect(try registry.verify().findings == [])
        #expect(try registry.runs().map(\.status) == [.interrupted, .diverged, .finished, .finished])
        #expect(try registry.versions().map(\.name) == ["flowers:2", "flowers:1", "plain:1"])
        #expect(try registry.versions(ofRun: 1).map(\.attempt) == [1, 2])
        let metrics = try (1...4).map { try registry.metrics(ofRun: $0).map(\.name) }
        #expect(
            metrics == [
                ["loss", "test_accuracy", "test_loss", "val_loss", "val_score"], ["loss"],
                ["loss", "val_loss", "val_score"], ["loss", "val_loss", "val_score"],
            ])
        for number in 1...4 {
            let epochs = try registry.epochs(ofRun: number)
            let loss = try #require(try registry.metrics(ofRun: number).first)
            #expect(loss.last == epochs.last.map { Double($0.loss) })
            #expect(loss.min == epochs.map { Double($0.loss) }.min())
            #expect(loss.max == epochs.map { Double($0.loss) }.max())
            // As the row has it: an infinite best is none for readers, and the metrics follow the row until it is renewed.
            let best = try registry.reading { try $0.runs.need(number).bestEpoch }
            #expect(loss.best == epochs.first { $0.epoch == best }.map { Double($0.loss) })
        }
        // Of the run that diverged, the validation loss is infinite, and kept so.
        #expect(try registry.metrics(ofRun: 3)[1].last == .infinity)
        try registry.close()
        let again = try open(scratch.path)
        #expect(again.notices == [])
        let losses = try again.losses(ofRun: 1)
        #expect(losses.count == 15)
    }

    @Test("its runs are rolled back, forked, pinned and made versions of like any other")
    func history() throws {
        let scratch = try Scratch()
        try Self.makeFirst(at: scratch.path)
        let registry = try open(scratch.path)
        func point(_ run: Int, _ iteration: Int) -> Point {
            Point(run: run, lineSegment: 1, iteration: iteration, epoch: 0)
        }
        #expect(try registry.rollback(to: point(1, 7)).to.epoch == 2)
        #expect(try registry.rollback(to: point(4, 20)).to.iteration == 20)
        _ = try registry.undoRollback(ofRun: 1)
        let state = try #require(try registry.newestFullKeyframeState(ofRun: 2))
        let tensors = state.tensors.sorted { $0.key < $1.key }.map { NewTensor($0.key, floats: $0.value) }
        _ = try registry.pin(NewPin(point: point(2, 3), optimizerStep: 3, tensors: tensors))
        _ = try registry.createVersion(
            NewManualVersion(
                model: "plain", origin: .version(registry.version(ofModel: "flowers", 1)), metricsJSON: "{}"))
        #expect(try registry.addNote("an old run", to: .run(1)).id == 1)
        #expect(try registry.verify().findings == [])
    }

    @Test("its weights go to an archive, and all of it to another registry and back")
    func portable() throws {
        let scratch = try Scratch()
        try Self.makeFirst(at: scratch.path)
        let registry = try open(scratch.path)
        #expect(try registry.archives() == [])
        let whole = try registry.taken()
        let (folder, there) = try Bench.elsewhere()
        defer { withExtendedLifetime((scratch, folder)) {} }
        _ = try there.restore(from: whole.reread())
        #expect(try there.verify().findings == [])
        #expect(try there.taken().bytes == whole.bytes)
        let contents = Set(
            whole.parts.compactMap { part -> SHA256Digest? in
                if case .content(let digest) = part.name { digest } else { nil }
            })
        let archive = ArchiveName(path: "a", digest: SHA256.hash("a"), bytes: 1)
        #expect(try registry.freeWeights(of: .all, archivedIn: archive, holding: contents).tensors > 4)
        #expect(try registry.verify().findings == [])
        #expect(try registry.restore(from: there.taken()).tensorsReturned > 4)
        #expect(try registry.taken().bytes == whole.bytes)
        #expect(try registry.verify().findings == [])
    }

    @Test("a process killed between the migration and the metrics leaves them to the next to write; readers go on")
    func killed() throws {
        let scratch = try Scratch()
        try Self.makeFirst(at: scratch.path)
        try open(scratch.path).close()
        let metrics: [[MetricRecord]]
        do {
            let registry = try open(scratch.path)
            metrics = try (1...4).map { try registry.metrics(ofRun: $0) }
            try registry.writing { store in
                for row in try store.rows(.metric) { try store.delete(row) }
                for var run in try store.rows(.run) {
                    run["metrics"] = .null
                    try store.update(run)
                }
            }
        }
        let reading = try open(scratch.path, .reading)
        #expect(try reading.metrics(ofRun: 1) == [])
        #expect(try reading.verify().findings == [])
        try reading.close()
        let registry = try open(scratch.path)
        #expect(try (1...4).map { try registry.metrics(ofRun: $0) } == metrics)
        #expect(try registry.verify().findings == [])
    }

    @Test("a damaged run does not keep the others from their metrics")
    func damaged() throws {
        let scratch = try Scratch()
        try Self.makeFirst(at: scratch.path)
        do {
            let options = Connection.Options(applicationID: Opening.applicationID, newestVersion: 1)
            let connection = try Connection(path: scratch.path, mode: .readWrite, options: options)
            try connection.transaction {
                try connection.execute("UPDATE epoch SET loss = 0.5 WHERE run = 2 AND epoch = 2")
            }
            try connection.close()
        }
        let registry = try open(scratch.path)
        #expect(try registry.metrics(ofRun: 1).count == 5)
        #expect(try registry.metrics(ofRun: 2).isEmpty)
        #expect(try registry.metrics(ofRun: 4).count == 3)
        let isSound = try registry.verify().isSound
        #expect(!isSound)
    }

    @Test("a row without its parent stops the migration, which says so, and leaves the file as it was")
    func orphans() throws {
        let scratch = try Scratch()
        try Self.makeFirst(at: scratch.path)
        do {
            let options = Connection.Options(applicationID: Opening.applicationID, newestVersion: 1)
            let connection = try Connection(path: scratch.path, mode: .readWrite, options: options)
            try connection.execute(script: "PRAGMA foreign_keys = OFF")
            try connection.transaction { try connection.execute("DELETE FROM spec") }
            try connection.close()
        }
        #expect {
            try open(scratch.path)
        } throws: { error in
            guard case RegistryError.damaged(_, "the file", let what) = error else { return false }
            return what.contains("migration 2") && what.contains("no parent in spec")
        }
        let options = Connection.Options(applicationID: Opening.applicationID, newestVersion: 1)
        let connection = try Connection(path: scratch.path, mode: .readOnly, options: options)
        #expect(try connection.value("PRAGMA user_version") == 1)
        #expect(try connection.value("SELECT count(*) FROM version") == 3)
    }

    @Test("a process killed at any write of the migration leaves the old registry or the new one, and the next goes on")
    func cuts() throws {
        let scratch = ScratchDirectory()
        try Self.makeFirst(at: scratch.file())
        let seed = testSeed()
        let recording = try Recorder.record(in: scratch.path) {
            try Registry.open(at: scratch.file(), for: .writing, environment: Self.later).close()
        }
        try PowerCut.forEachSample(of: recording, "a migration", seed: seed, every: 29) { image in
            let registry = try open(image.registry)
            #expect(try registry.verify().findings == [], "\(image), seed \(seed)")
            #expect(try registry.metrics(ofRun: 1).count == 5, "\(image), seed \(seed)")
            try registry.close()
        }
    }
}

extension Opening {
    /// The SQL of the first migration.
    fileprivate static let firstSQL = Migrations.all[0].sql
}
