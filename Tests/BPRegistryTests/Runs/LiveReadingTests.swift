import Dispatch
import Foundation
import RegistryTestSupport
import Synchronization
import Testing

@testable import BPRegistry
@testable import BPStore

private let failures = Mutex<[String: any Error]>([:])

private final class Flag: Sendable {
    private let value = Atomic(false)
    var isSet: Bool { value.load(ordering: .acquiring) }
    func set() { value.store(true, ordering: .releasing) }
}

/// A recorder at work on a registry, in a thread of its own: epochs, a best keyframe each, spaced ones that it thins.
func withRecorder(_ bench: Bench, _ body: () throws -> Void) throws {
    let over = Flag()
    let done = DispatchSemaphore(value: 0)
    let (path, environment, new) = (bench.path, bench.world.environment, bench.newRun())
    let failed: @Sendable (any Error) -> Void = { error in failures.withLock { $0[path] = error } }
    Thread.detachNewThread {
        do { try record(new, at: path, environment, until: over) } catch { failed(error) }
        over.set()
        done.signal()
    }
    defer {
        over.set()
        done.wait()
    }
    while !over.isSet, try bench.registry.runs().first?.epochs ?? 0 < 5 {}
    try body()
    over.set()
    done.wait()
    done.signal()
    if let error = failures.withLock({ $0[path] }) { throw error }
}

private func record(_ new: NewRun, at path: String, _ environment: RegistryEnvironment, until over: Flag) throws {
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
        let full = try writer.stage(fullKeyframe(at - 5), tensors: fullTensors(at - 5))
        let thinned = spaced.count > 3 ? [spaced.removeFirst()] : []
        try writer.commit(
            RunCommit(
                losses: losses(at - 9, at), epochs: [makeEpoch(epoch)], keyframes: [best, full],
                deletedKeyframes: thinned))
        spaced.append(full.id)
    }
    try writer.close()
}

@Suite("Reading while a recorder replaces and thins keyframes")
struct LiveReadingTests {
    @Test("verify finds nothing")
    func verify() throws {
        let bench = try Bench()
        try withRecorder(bench) {
            for _ in 0..<200 {
                let findings = try bench.registry.verify().findings
                #expect(findings == [])
                if !findings.isEmpty { break }
            }
        }
        #expect(try bench.registry.verify().findings == [])
    }

    @Test("the best keyframe and the newest full one are read with their tensors")
    func states() throws {
        let bench = try Bench()
        try withRecorder(bench) {
            var found = 0
            for _ in 0..<300 {
                let at = try #require(try bench.registry.run(1).best).iteration
                // Replaced since: nothing is there, which is no damage.
                if let best = try bench.registry.keyframeState(ofRun: 1, at: at), best.keyframe.role == .best {
                    #expect(best["parameters"]?[300_000] == Float(at))
                    found += 1
                }
                let full = try #require(try bench.registry.newestFullKeyframeState(ofRun: 1))
                #expect(full["parameters"]?.first == Float(full.keyframe.iteration * 100))
                #expect(full["velocity"]?.count == 17)
            }
            #expect(found > 0)
        }
    }
}
