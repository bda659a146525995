import RegistryTestSupport
import TestSupport
import Testing

@testable import BPRegistry
@testable import BPStore

@Suite("Power cuts and failing disks while a run is recorded", .serialized)
struct PowerCutTests {
    /// A registry with a dataset, closed.
    private func prepare(_ path: String) throws -> SHA256Digest {
        let registry = try Registry.open(
            at: path, for: .creating, durability: .off, environment: World().environment)
        let dataset = try registry.storeDataset(
            NewDataset(
                name: "d", sourcePath: "d", rowCount: 1, columns: [.init(name: "x", type: .u8, bytes: [1, 2, 3])]))
        try registry.close()
        return dataset
    }

    /// A run is recorded to its end; what each commit returned is acknowledged.
    private func record(_ path: String, _ dataset: SHA256Digest, _ durability: Registry.Durability) throws {
        let registry = try Registry.open(
            at: path, for: .writing, durability: durability, environment: World().environment)
        let writer = try registry.createRun(run(dataset, durability))
        let start = try writer.stage(fullKeyframe(0, role: .start), tensors: fullTensors(0))
        Recorder.acknowledge(try writer.commit(RunCommit(keyframes: [start])))
        for epoch in 1...3 {
            let best = try writer.stage(bestKeyframe(10 * epoch), tensors: [weights(10 * epoch, count: 3_000)])
            Recorder.acknowledge(
                try writer.commit(
                    RunCommit(
                        losses: losses(10 * epoch - 9, 10 * epoch), epochs: [makeEpoch(epoch)], keyframes: [best])))
        }
        let end = try writer.stage(fullKeyframe(35, role: .end), tensors: fullTensors(35))
        let last = try writer.commit(
            RunCommit(losses: losses(31, 35), keyframes: [end], end: finish(at: 35, epoch: 3)))
        Recorder.acknowledge(1_000 + last)
        try writer.close()
        try registry.close()
    }

    private func run(_ dataset: SHA256Digest, _ durability: Registry.Durability) -> NewRun {
        var attempt = plainAttempt
        attempt.durability = durability
        return NewRun(
            model: "m", specJSON: "{}", dataset: dataset, settings: [Setting("seed", .integer(1))],
            iterationsPerEpoch: 10, hasValidation: true, attempt: attempt)
    }

    /// What was acknowledged is there, the rest is whole or absent, and the run goes on.
    private func check(_ path: String, acknowledged: Int, _ world: World) throws -> Bool {
        let registry = try Registry.open(
            at: path, for: .creating, durability: .off, environment: world.environment)
        guard try registry.verify().findings == [] else { return false }
        let run = try registry.runs().first
        let iterations = run?.iterations ?? 0
        let versions = try registry.versions().count
        guard iterations >= acknowledged % 1_000, versions == (run?.status == .finished ? 1 : 0) else { return false }
        guard acknowledged < 1_000 || versions == 1 else { return false }
        guard try iterations == 0 || registry.losses(ofRun: 1) == losses(1, iterations) else { return false }
        guard let run, run.status != .finished else { return true }
        let writer = try registry.resumeRun(run.number, attempt: plainAttempt)
        try writer.commit(
            RunCommit(
                losses: losses(iterations + 1, 40),
                epochs: run.epochs < 4 ? (run.epochs + 1...4).map { makeEpoch($0) } : []))
        try writer.close()
        return try registry.verify().findings == [] && registry.losses(ofRun: 1) == losses(1, 40)
    }

    @Test("no image of a power cut lacks what was acknowledged, or is damaged")
    func cuts() throws {
        let seed = testSeed()
        let images = try images(.full, seed)
        #expect(images.bad == 0, "seed \(seed)")
    }

    @Test("the harness does find loss where nothing is synced")
    func control() throws {
        #expect(try images(.off, 1).bad > 0)
    }

    private func images(_ durability: Registry.Durability, _ seed: UInt64) throws -> (count: Int, bad: Int) {
        let scratch = ScratchDirectory()
        let dataset = try prepare(scratch.file())
        let recording = try Recorder.record(in: scratch.path) {
            try record(scratch.file(), dataset, durability)
        }
        let world = World()
        world.kill(100)
        world.become(200)
        var bad = 0
        let count = PowerCut.forEachSample(of: recording, "a run's record", seed: seed, every: 29) { image in
            let isSound = try? check(image.registry, acknowledged: image.acknowledged ?? 0, world)
            if isSound != true {
                bad += 1
                if durability == .full { print(image) }
            }
        }
        return (count, bad)
    }

    @Test("a disk that fills up ends the recording without a lie; with space again the run goes on")
    func full() throws {
        var nth = 1
        var isMet = true
        while isMet {
            let scratch = ScratchDirectory()
            let world = World()
            var acknowledged = 0
            var failure: RegistryError?
            try Recorder.run(in: scratch.path, faults: .init([.write], nth: nth, code: 13, persistent: true)) {
                do {
                    let recording = try Recorded(scratch.file(), world)
                    while let next = try recording.step() { acknowledged = next }
                } catch let error as RegistryError {
                    failure = error
                }
                isMet = Recorder.failures > 0
            }
            if isMet {
                // A checkpoint while closing may fail unsaid: by then all is acknowledged, and safe in the log.
                let isTold = if case .diskFull? = failure { true } else { failure == nil && acknowledged == 30 }
                #expect(isTold, "write \(nth): \(failure.map { "\($0)" } ?? "nothing was said")")
            }
            world.kill(100)
            world.become(200)
            #expect(try check(scratch.file(), acknowledged: acknowledged, world), "write \(nth)")
            nth += nth < 20 ? 1 : PowerCut.stride(29) / 2 + 1
        }
        print("a full disk at writes 1 to \(nth)")
    }

    /// The same recording, step by step.
    private final class Recorded {
        let registry: Registry
        let writer: RunWriter
        private var epoch = 0

        init(_ path: String, _ world: World) throws {
            registry = try Registry.open(at: path, for: .creating, environment: world.environment)
            let dataset = try registry.storeDataset(
                NewDataset(
                    name: "d", sourcePath: "d", rowCount: 1, columns: [.init(name: "x", type: .u8, bytes: [1, 2, 3])]))
            writer = try registry.createRun(
                NewRun(
                    model: "m", specJSON: "{}", dataset: dataset, settings: [], iterationsPerEpoch: 10,
                    hasValidation: true, attempt: plainAttempt))
        }

        func step() throws -> Int? {
            guard epoch < 3 else { return nil }
            epoch += 1
            let best = try writer.stage(bestKeyframe(10 * epoch), tensors: [weights(10 * epoch, count: 3_000)])
            return try writer.commit(
                RunCommit(losses: losses(10 * epoch - 9, 10 * epoch), epochs: [makeEpoch(epoch)], keyframes: [best]))
        }
    }
}
