import Foundation
import RegistryTestSupport
import TestSupport
import Testing

@testable import BPRegistry
@testable import BPStore

/// Killed, out of power or out of disk at any moment, gc loses nothing that is needed, and the next gc continues.
@Suite("Power cuts and failing disks while gc is at work", .serialized)
struct GarbageFaultTests {
    /// A closed registry in which there is something of every kind to free.
    private static func prepared() throws -> (bytes: [UInt8], kept: KeptContent) {
        let bench = try Bench()
        try bench.finishedRun()
        try bench.interruptedRun(14_000)
        _ = try bench.pin("2@iteration:33")
        _ = try bench.version("2@iteration:4500", model: "hand")
        _ = try bench.rollBack("2@iteration:40")
        try bench.goOn(2, by: 60)
        try bench.fork("2@iteration:90").close()
        try bench.finishedRun(epochs: 9)
        try bench.registry.delete(.run(4), cascade: true)
        let large = try bench.createRun()
        let start = try large.stage(fullKeyframe(0, role: .start), tensors: fullTensors(0, count: 1_300_000))
        try large.commit(RunCommit(losses: losses(1, 20), epochs: [makeEpoch(1), makeEpoch(2)], keyframes: [start]))
        try large.close()
        try bench.registry.delete(.run(5))
        let kept = try KeptContent(bench.registry)
        try bench.registry.close()
        return ([UInt8](try Data(contentsOf: URL(filePath: bench.path))), kept)
    }

    private static func collect(_ path: String, _ durability: Registry.Durability) throws -> GarbageReport {
        let world = World(seed: 9)
        world.kill(100)
        world.become(200)
        world.wait(7_200_000_000)
        let registry = try Registry.open(
            at: path, for: .writing, durability: durability, environment: world.environment)
        let report = try registry.collectGarbage()
        try registry.close()
        return report
    }

    /// The fault of a registry after a failure; nil if it has none.
    private static func fault(_ path: String, _ kept: KeptContent) throws -> String? {
        let found = try Registry.verify(at: path, environment: World().environment).findings
        if let first = found.first { return "\(found.count) findings, first \(first)" }
        let registry = try Registry.open(at: path, for: .reading, environment: World().environment)
        return try KeptContent(registry) == kept ? nil : "something that is needed is gone"
    }

    @Test("a write that fails anywhere")
    func writes() throws {
        let (bytes, kept) = try Self.prepared()
        let count = try Recorder.forEachFailingWrite(on: bytes, next: { $0 + ($0 < 40 ? 1 : $0 < 200 ? 7 : 61) }) {
            path in
            _ = try Self.collect(path, .full)
        } check: { path, nth in
            let fault = try Self.fault(path, kept)
            #expect(fault == nil, "write \(nth)")
            guard nth % 3 == 0 else { return }
            _ = try Self.collect(path, .off)
            #expect(try Self.collect(path, .off).isEmpty, "write \(nth)")
            let after = try Self.fault(path, kept)
            #expect(after == nil, "write \(nth), and gc again")
        }
        print("\(count) failing writes of gc")
        #expect(count > 20)
    }

    @Test("a power cut or a kill anywhere")
    func cuts() throws {
        let (bytes, kept) = try Self.prepared()
        let seed = testSeed()
        let scratch = ScratchDirectory()
        scratch.files.write(bytes, to: "registry.sqlite")
        let recording = try Recorder.record(in: scratch.path) { _ = try Self.collect(scratch.file(), .full) }
        var number = 0
        let count = try PowerCut.forEachSample(of: recording, "gc", seed: seed, every: 29) { image in
            let fault = try Self.fault(image.registry, kept)
            #expect(fault == nil, "\(image), seed \(seed)")
            number += 1
            guard number % 4 == 0 else { return }
            _ = try Self.collect(image.registry, .off)
            let after = try Self.fault(image.registry, kept)
            #expect(after == nil, "\(image), seed \(seed), and gc again")
        }
        #expect(count > 5)
    }
}
