import RegistryTestSupport
import Testing

@testable import BPRegistry
@testable import BPStore

@Suite("Records that are too large for one transaction")
struct PieceTests {
    /// Epochs of `length` iterations, the last of which contradicts what is due.
    private func brokenRecord(epochs count: Int, length: Int, extra: Int = 0) -> RunCommit {
        var epochs = (1...count).map { makeEpoch($0, length: length) }
        epochs[count - 1] = makeEpoch(count + 1, length: length)
        return RunCommit(losses: losses(1, count * length + extra), epochs: epochs)
    }

    @Test(
        "a piece carries every epoch that ended within its iterations: what stands after a later piece failed is whole",
        arguments: [(45_000, 1, 0), (20_001, 1, 0), (20_001, 7, 3), (22, 50_000, 7)])
    func whole(count: Int, length: Int, extra: Int) throws {
        let bench = try Bench()
        let writer = try bench.createRun(iterationsPerEpoch: length)
        #expect(throws: RegistryError.self) {
            try writer.commit(brokenRecord(epochs: count, length: length, extra: extra))
        }
        let run = try bench.registry.run(1)
        #expect(run.iterations > 0)
        #expect(run.epochs == run.iterations / length)
        #expect(writer.acknowledgedIteration == run.iterations)
        #expect(try bench.registry.verify().findings == [])
    }

    @Test("in pieces or not, all of it is recorded", arguments: [(45_000, 1, 0), (20_001, 7, 3)])
    func all(count: Int, length: Int, extra: Int) throws {
        let bench = try Bench()
        let writer = try bench.createRun(iterationsPerEpoch: length)
        let all = losses(1, count * length + extra)
        let record = RunCommit(losses: all, epochs: (1...count).map { makeEpoch($0, length: length) })
        #expect(try writer.commit(record) == all.count)
        #expect(try bench.registry.losses(ofRun: 1) == all)
        #expect(try bench.registry.epochs(ofRun: 1) == record.epochs)
        #expect(try bench.registry.verify().findings == [])
    }

    @Test("epochs without the iterations that they need end in an error, not in a loop")
    func withoutIterations() throws {
        let bench = try Bench()
        let writer = try bench.createRun(iterationsPerEpoch: 1)
        let epochs = (1...20_001).map { makeEpoch($0, length: 1) }
        #expect(throws: RegistryError.self) { try writer.commit(RunCommit(losses: [1], epochs: epochs)) }
        #expect(try bench.registry.run(1).iterations == 1)
        #expect(try bench.registry.run(1).epochs == 1)
    }
}
