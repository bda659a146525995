import Synchronization
import Testing

@testable import BPRegistry

private final class Flag: Sendable {
    private let value = Atomic(false)
    var isSet: Bool { value.load(ordering: .acquiring) }
    func set() { value.store(true, ordering: .releasing) }
}

/// A recorder at work on a registry, in a thread of its own: epochs, a best keyframe each, spaced ones that it thins.
private func withRecorder(_ bench: Bench, _ body: () throws -> Void) async throws {
    let over = Flag()
    let path = bench.path
    let environment = bench.world.environment
    let new = bench.newRun()
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
            defer { over.set() }
            let registry = try Registry.open(at: path, for: .writing, durability: .off, environment: environment)
            let writer = try registry.createRun(new)
            var parameters = [Float](repeating: 1, count: 600_000)
            var spaced: [Int] = []
            var epoch = 0
            while !over.isSet {
                epoch += 1
                let at = 10 * epoch
                for index in [0, 300_000, 599_999] { parameters[index] = Float(at) }
                let best = try writer.stage(bestKeyframe(at), tensors: [NewTensor("parameters", floats: parameters)])
                let full = try writer.stage(fullKeyframe(at), tensors: fullTensors(at))
                let thinned = spaced.count > 3 ? [spaced.removeFirst()] : []
                try writer.commit(
                    Record(
                        losses: losses(at - 9, at), epochs: [makeEpoch(epoch)], keyframes: [best, full],
                        deletedKeyframes: thinned))
                spaced.append(full.id)
            }
            try writer.close()
        }
        defer { over.set() }
        while !over.isSet, try bench.registry.runs().first?.epochs ?? 0 < 5 { await Task.yield() }
        try body()
        over.set()
        try await group.waitForAll()
    }
}

@Suite("Reading while a recorder replaces and thins keyframes")
struct LiveReadingTests {
    @Test("verify finds nothing")
    func verify() async throws {
        let bench = try Bench()
        try await withRecorder(bench) {
            for _ in 0..<200 {
                let findings = try bench.registry.verify().findings
                #expect(findings == [])
                if !findings.isEmpty { break }
            }
        }
        #expect(try bench.registry.verify().findings == [])
    }
}
