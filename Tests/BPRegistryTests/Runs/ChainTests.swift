import BPSQLite
import RegistryTestSupport
import TestSupport
import Testing

@testable import BPRegistry
@testable import BPStore

@Suite("Blocks and chain")
struct ChainTests {
    /// 10,000 losses recorded in `parts`, each attempt ended by a kill after `killsAfter` commits.
    private func blocks(_ parts: [Int], killEvery: Int? = nil) throws -> [[SQLiteValue]] {
        let bench = try Bench()
        var writer = try bench.createRun(iterationsPerEpoch: 1_000)
        var done = 0
        for (index, part) in parts.enumerated() {
            if let killEvery, index > 0, index % killEvery == 0 {
                bench.world.kill(bench.world.process.withLock { $0 })
                bench.world.become(Int32(1_000 + index))
                writer = try bench.registry.resumeRun(1, attempt: plainAttempt)
            }
            let ended = (done / 1_000 + 1..<(done + part) / 1_000 + 1).map { makeEpoch($0, length: 1_000) }
            try writer.commit(RunCommit(losses: losses(done + 1, done + part), epochs: ended))
            done += part
        }
        #expect(try bench.registry.verify().findings == [])
        #expect(try bench.registry.losses(ofRun: 1) == losses(1, done))
        return try bench.registry.withStore { store in
            let blocks = try store.rows(.block, "ORDER BY block").map(\.values)
            let segment = try store.rows(.segment)[0]
            return blocks + [[segment["chain_start"], segment["chain_end"], segment["iterations"], segment["epochs"]]]
        }
    }

    @Test("are the same however the losses were divided into commits, and by kills")
    func divided() throws {
        let whole = try blocks([10_000])
        #expect(whole.count == 4)
        #expect(try blocks([4_096, 4_096, 1_808]) == whole)
        #expect(try blocks([4_095, 1, 1, 4_095, 1_808]) == whole)
        #expect(try blocks(Array(repeating: 1, count: 50) + [9_950], killEvery: 7) == whole)
        let seed = testSeed()
        var random = SplitMix64(seed)
        var parts: [Int] = []
        while parts.reduce(0, +) < 10_000 {
            parts.append(min(.random(in: 1...3_000, using: &random), 10_000 - parts.reduce(0, +)))
        }
        #expect(try blocks(parts, killEvery: 2) == whole, "seed \(seed)")
    }

    @Test("the chain is the one that docs/schema.md states")
    func stated() throws {
        let bench = try Bench()
        let writer = try bench.createRun()
        try writer.commit(RunCommit(losses: losses(1, 5_000)))
        let run = try bench.registry.run(1)
        func u64(_ value: Int) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
        func bytes(_ losses: [Float]) -> [UInt8] {
            losses.flatMap { loss in (0..<4).map { UInt8(truncatingIfNeeded: loss.bitPattern >> (8 * UInt32($0))) } }
        }
        let zero = SHA256.hash(run.spec.bytes + run.dataset.bytes)
        let one = SHA256.hash(
            zero.bytes + run.uuid.bytes + u64(1) + u64(1) + u64(4_096) + bytes(losses(1, 4_096)))
        let two = SHA256.hash(
            one.bytes + run.uuid.bytes + u64(1) + u64(4_097) + u64(904) + bytes(losses(4_097, 5_000)))
        let segment = try #require(try bench.registry.segments(ofRun: 1).first)
        #expect(segment.chainStart == zero)
        #expect(segment.chainEnd == two)
    }

    @Test("a record of more than a transaction holds is split, and nothing is lost")
    func split() throws {
        let bench = try Bench()
        let writer = try bench.createRun(iterationsPerEpoch: 50)
        let count = 1_500_000
        let series = losses(1, count)
        let epochs = (1...count / 50).map { makeEpoch($0, length: 50) }
        #expect(try writer.commit(RunCommit(losses: series, epochs: epochs)) == count)
        #expect(try bench.registry.losses(ofRun: 1) == series)
        #expect(try bench.registry.epochs(ofRun: 1) == epochs)
        #expect(try bench.registry.epochs(ofRun: 1, from: 29_990, to: 29_995).map(\.epoch) == Array(29_990...29_995))
    }
}
