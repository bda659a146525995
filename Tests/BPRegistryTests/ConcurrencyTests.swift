import RegistryTestSupport
import Synchronization
import Testing

@testable import BPRegistry
@testable import BPStore

@Suite("Several at work on one registry")
struct ConcurrencyTests {
    @Test("writers and readers at once: nobody is told that it is locked, and every run is whole")
    func several() async throws {
        let bench = try Bench()
        let path = bench.path
        let environment = bench.world.environment
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<3 {
                let new = bench.newRun(model: "m\(writer)")
                group.addTask {
                    // As another process: a registry of its own.
                    let registry = try Registry.open(
                        at: path, for: .creating, durability: .off, environment: environment)
                    let writer = try registry.createRun(new)
                    for epoch in 1...20 {
                        let best = try writer.stage(bestKeyframe(10 * epoch), tensors: [weights(10 * epoch)])
                        try writer.commit(
                            RunCommit(
                                losses: losses(10 * epoch - 9, 10 * epoch), epochs: [makeEpoch(epoch)],
                                keyframes: [best]))
                    }
                    let end = try writer.stage(fullKeyframe(200, role: .end), tensors: fullTensors(200))
                    try writer.commit(RunCommit(keyframes: [end], end: finish(at: 200, epoch: 20)))
                    try writer.close()
                    try registry.close()
                }
            }
            group.addTask {
                let registry = try Registry.open(at: path, for: .reading, environment: environment)
                for _ in 0..<10 {
                    for run in try registry.runs() {
                        let seen = try registry.losses(ofRun: run.number)
                        #expect(seen == losses(1, seen.count))
                        #expect(seen.count >= run.iterations)
                    }
                    #expect(try registry.verify().findings == [])
                }
            }
            try await group.waitForAll()
        }
        #expect(try bench.registry.runs().map(\.iterations) == [200, 200, 200])
        #expect(try bench.registry.runs().map(\.number) == [3, 2, 1])
        // The same weights in three runs are stored once.
        #expect(try bench.registry.verify().counts.first { $0.name == "tensor" }?.value == 2 + 2)
        #expect(try bench.registry.verify().findings == [])
    }

    @Test("one tensor staged by two runs stays while either needs it")
    func shared() throws {
        let bench = try Bench()
        let first = try bench.createRun()
        let second = try bench.createRun(model: "other")
        let one = try first.stage(fullKeyframe(0, role: .start), tensors: fullTensors(0))
        let two = try second.stage(fullKeyframe(0, role: .start), tensors: fullTensors(0))
        #expect(two.bytesWritten == 0)
        // Staged again with other tensors: what waited there is dropped.
        let again = try first.stage(fullKeyframe(0, role: .start), tensors: fullTensors(1))
        #expect(again.id != one.id)
        try second.commit(RunCommit(keyframes: [two]))
        #expect(try bench.registry.tensor(two.tensors[0].digest).count == 68)
        let id = try #require(try bench.registry.keyframes(ofRun: 2).first?.id)
        try first.commit(RunCommit(deletedKeyframes: [id]))
        #expect(try bench.registry.keyframes(ofRun: 2).count == 1)
        try second.commit(RunCommit(deletedKeyframes: [id]))
        #expect(throws: RegistryError.self) { try bench.registry.tensor(two.tensors[0].digest) }
        #expect(try bench.registry.verify().findings == [])
    }
}
