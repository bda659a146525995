import Foundation
import RegistryTestSupport
import TestSupport
import Testing

@testable import BPRegistry
@testable import BPStore

/// Killed, out of power or out of disk at any moment, gc loses nothing that is needed, and the next goes on.
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

    /// What is wrong with what a fault has left; nil if nothing is.
    private static func fault(_ path: String, _ kept: KeptContent) throws -> String? {
        let found = try Registry.verify(at: path, environment: World().environment).findings
        if let first = found.first { return "\(found.count) findings, first \(first)" }
        let registry = try Registry.open(at: path, for: .reading, environment: World().environment)
        return try KeptContent(registry) == kept ? nil : "something that is needed is gone"
    }

    @Test("a write that fails anywhere")
    func writes() throws {
        let (bytes, kept) = try Self.prepared()
        var count = 0
        var nth = 1
        var isMet = true
        while isMet {
            let scratch = ScratchDirectory()
            scratch.files.write(bytes, to: "registry.sqlite")
            let code: Int32 = nth % 2 == 0 ? 13 : 778
            Recorder.run(in: scratch.path, faults: .init([.write], nth: nth, code: code)) {
                _ = try? Self.collect(scratch.file(), .full)
                isMet = Recorder.failures > 0
            }
            let fault = try Self.fault(scratch.file(), kept)
            #expect(fault == nil, "write \(nth)")
            if nth % 3 == 0 {
                _ = try Self.collect(scratch.file(), .off)
                #expect(try Self.collect(scratch.file(), .off).isEmpty, "write \(nth)")
                let fault = try Self.fault(scratch.file(), kept)
                #expect(fault == nil, "write \(nth), and gone on")
            }
            count += 1
            nth += nth < 40 ? 1 : nth < 200 ? 7 : 61
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
        let images = ScratchDirectory()
        let stride = ProcessInfo.processInfo.environment["BPREG_POWER_CUTS"].flatMap(Int.init) ?? 29
        var (number, count) = (0, 0)
        try PowerCut(recording, seed: seed, randomImages: 1).forEachImage(in: images.files) { image in
            number += 1
            guard number % stride == Int(seed % UInt64(stride)) else { return }
            count += 1
            let fault = try Self.fault(images.file(), kept)
            #expect(fault == nil, "\(image), seed \(seed)")
            guard count % 4 == 0 else { return }
            _ = try Self.collect(images.file(), .off)
            let after = try Self.fault(images.file(), kept)
            #expect(after == nil, "\(image), seed \(seed), and gone on")
        }
        print("\(count) of \(number) images of gc, seed \(seed)")
        #expect(count > 5)
    }
}
