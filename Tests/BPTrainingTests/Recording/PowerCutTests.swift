import BPData
import BPRegistry
import BPTraining
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A short training run on a disk that loses power at writes and syncs: a fifth of them, from one that depends on the seed,
/// or all of them with `BPREG_POWER_CUTS=1`.
@Suite(.serialized) struct PowerCutTests {
    private static let epochs = 6
    private static let stride = PowerCut.stride(5)

    private static func plan() throws -> TrainingPlan {
        try TrainingPlan(Fixture.classes(rows: 60), options: Fixture.options { $0.optimizer = .momentum })
    }

    /// Trains slowly, so that there are many commits, and marks each acknowledged iteration.
    private static func record(_ durability: Registry.Durability, _ folder: String) throws -> Recording {
        try Recorder.record(in: folder) {
            var machine = RegistryEnvironment.system
            // Another machine, switched off long before its images are looked at: its process is not this one.
            machine.owner = { Owner(host: "elsewhere", boot: "1", pidNamespace: "1", pid: 1, processStart: 1) }
            machine.now = { RegistryEnvironment.system.now() - 3_600_000_000 }
            let registry = try Registry.open(
                at: "\(folder)/r.sqlite", for: .creating, durability: durability, environment: machine)
            let attempt = Fixture.attempt(epochs) { $0.keyframeSeconds = 0.02 }
            _ = try TrainingSession.start(try plan(), in: registry, attempt: attempt, durability: durability).train(
                stop: {
                    usleep(8000)
                    return nil
                },
                progress: { Recorder.acknowledge($0.acknowledged) })
            try registry.close()
        }
    }

    /// What is wrong with an image; nil if nothing is.
    private static func fault(_ image: PowerCut.Image) throws -> String? {
        let path = image.files.path("r.sqlite")
        guard image.files.names.contains("r.sqlite"), !image.files.read("r.sqlite").isEmpty else {
            return image.acknowledged ?? 0 > 0 ? "the registry is gone" : nil
        }
        let registry: Registry
        do { registry = try Registry.open(at: path, for: .creating) } catch { return "cannot be opened: \(error)" }
        defer { try? registry.close() }
        let findings = try registry.verify().findings
        if let first = findings.first { return "\(findings.count) findings, first \(first)" }
        guard let run = try registry.runs().first else {
            return image.acknowledged ?? 0 > 0 ? "the run is gone" : nil
        }
        let acknowledged = image.acknowledged ?? 0
        return run.iterations < acknowledged ? "\(run.iterations) of \(acknowledged) acknowledged iterations" : nil
    }

    @Test("With full durability nothing acknowledged is lost, nothing is corrupt, and a resume is exact")
    func full() throws {
        let seed = testSeed()
        print("seed of the power cuts: \(seed)")
        try withTemporaryDirectory { folder in
            let wholePath = "\(folder)/whole.sqlite"
            let whole = try Registry.open(at: wholePath, for: .creating)
            _ = try TrainingSession.start(
                try PowerCutTests.plan(), in: whole, attempt: Fixture.attempt(PowerCutTests.epochs)
            )
            .train()
            let expected = try RunContent(1, in: whole)
            try withTemporaryDirectory(inMemory: true) { recorded in
                let recording = try PowerCutTests.record(.full, recorded)
                try withTemporaryDirectory(inMemory: true) { images in
                    var resumed = 0
                    var (number, looked) = (0, 0)
                    let count = try PowerCut(recording, seed: seed, randomImages: 1).forEachImage(in: Files(images)) {
                        image in
                        number += 1
                        guard number % PowerCutTests.stride == Int(seed % UInt64(PowerCutTests.stride)) else { return }
                        let fault = try PowerCutTests.fault(image)
                        #expect(fault == nil, "\(image)")
                        looked += 1
                        guard fault == nil, looked % 5 == 0, image.files.names.contains("r.sqlite") else { return }
                        let registry = try Registry.open(at: image.files.path("r.sqlite"), for: .creating)
                        defer { try? registry.close() }
                        guard let run = try registry.runs().first else { return }
                        if case .session(let session) = try TrainingSession.resume(run.number, in: registry) {
                            _ = try session.train()
                        }
                        #expect(try RunContent(1, in: registry) == expected, "\(image)")
                        resumed += 1
                    }
                    print("\(looked) of \(count) power cuts, \(resumed) resumed")
                    #expect(count > 500)
                    #expect(looked >= count / PowerCutTests.stride)
                    #expect(resumed > 5)
                }
            }
        }
    }

    @Test("With syncs off the harness does find loss: it can fail")
    func control() throws {
        try withTemporaryDirectory(inMemory: true) { recorded in
            let recording = try PowerCutTests.record(.off, recorded)
            try withTemporaryDirectory(inMemory: true) { images in
                var (faults, number) = (0, 0)
                let count = try PowerCut(recording, seed: 7, randomImages: 0).forEachImage(in: Files(images)) { image in
                    number += 1
                    guard number % PowerCutTests.stride == 0 else { return }
                    faults += try PowerCutTests.fault(image) == nil ? 0 : 1
                }
                print("\(faults) of \(count) power cuts lose or damage something without syncs")
                #expect(faults > 0)
            }
        }
    }
}
