import BPSQLite
import TestSupport
import Testing

/// The power is cut after every write and sync; what may then lie on the disk is opened.
@Suite struct PowerCutTests {
    private static let seed: UInt64 = 20_261_124

    struct Tally {
        var images = 0
        var corrupt = 0
        var lost = 0
        var worstLoss = 0
    }

    /// A short life of a file: made, written to, checkpointed, closed, opened and written to again.
    private func life(_ path: String, _ durability: Connection.Durability) throws {
        for part in 0..<2 {
            let db = try Connection.test(path, durability: durability) { $0.checkpointThreshold = 250_000 }
            try schema.migrate(db, backup: nil)
            for id in part * 30 + 1...part * 30 + 30 {
                try db.transaction {
                    try db.execute(
                        "INSERT INTO item (id, name, bytes) VALUES (?, ?, zeroblob(?))", [id, "item \(id)", id * 40])
                    try db.execute("UPDATE item SET name = 'seen' WHERE id = ?", [id / 2])
                }
                Recorder.acknowledge(id)
            }
            try db.close()
        }
    }

    /// - Parameter enough: how many damaged images are enough.
    private func cut(_ durability: Connection.Durability, enough: Int = .max) throws -> Tally {
        let directory = ScratchDirectory()
        let recording = try Recorder.record(in: directory.path) { try life(directory.file(), durability) }
        #expect(recording.operationCount > 200)
        let scratch = ScratchDirectory()
        var tally = Tally()
        do {
            try PowerCut(recording, seed: Self.seed).forEachImage(in: scratch.files) { image in
                tally.images += 1
                do {
                    let loss = try (image.acknowledged ?? 0) - survivors(scratch.file())
                    if loss > 0 { tally.lost += 1 }
                    tally.worstLoss = max(tally.worstLoss, loss)
                } catch {
                    tally.corrupt += 1
                    if durability != .off { Issue.record("\(image): \(error)") }
                    if tally.corrupt == enough { throw Enough() }
                }
            }
        } catch is Enough {}
        return tally
    }

    struct Enough: Error {}

    struct Corrupt: Error { let lines: [String] }

    /// Opens as the next command would, and gives how many items there are, which must be the first ones.
    private func survivors(_ path: String) throws -> Int {
        let db = try openWithSchema(path)
        let lines = try db.integrityCheck()
        guard lines.isEmpty else { throw Corrupt(lines: lines) }
        let count = try db.itemCount
        guard try db.value("SELECT coalesce(max(id), 0) FROM item") == count else { throw Corrupt(lines: ["a gap"]) }
        try db.close()
        return count
    }

    @Test func fullLosesNothing() throws {
        let tally = try cut(.full)
        #expect(tally.images > 1000)
        #expect(tally.corrupt == 0)
        #expect(tally.lost == 0)
    }

    @Test func normalLosesItsWindowAndNothingBreaks() throws {
        let tally = try cut(.normal)
        #expect(tally.corrupt == 0)
        #expect(tally.lost > 0, "the control has found nothing")
    }

    /// The control: a harness that cannot find damage proves nothing.
    @Test func offLosesAndBreaks() throws {
        let tally = try cut(.off, enough: 20)
        #expect(tally.lost > 0)
        #expect(tally.corrupt > 0)
    }

    /// Power cut while recovering from a power cut.
    @Test func recoveryItselfMayBeCut() throws {
        let directory = ScratchDirectory()
        let recording = try Recorder.record(in: directory.path) { try life(directory.file(), .full) }
        let (scratch, again) = (ScratchDirectory(), ScratchDirectory())
        var generator = SplitMix64(Self.seed)
        var images = 0
        PowerCut(recording, seed: Self.seed, randomImages: 1).forEachImage(in: scratch.files) { image in
            guard UInt8.random(in: 0..<40, using: &generator) == 0 else { return }
            do {
                let recovery = try Recorder.record(in: scratch.path) { _ = try survivors(scratch.file()) }
                images += try PowerCut(recovery, seed: UInt64(image.entry), randomImages: 1)
                    .forEachImage(in: again.files) { second in
                        let count = try survivors(again.file())
                        #expect(count >= image.acknowledged ?? 0, "\(image), then \(second)")
                    }
            } catch {
                Issue.record("\(image): \(error)")
            }
        }
        #expect(images > 100)
    }
}
