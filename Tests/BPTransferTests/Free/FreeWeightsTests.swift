import BPJSON
import RegistryTestSupport
import Testing

@testable import BPRegistry
@testable import BPStore
@testable import BPTransfer

@Suite("Weights that have gone to an archive")
struct FreeWeightsTests {
    private let name = ArchiveName(path: "/archives/iris.safetensors", digest: SHA256.hash("a"), bytes: 4_242)

    private func contents(_ registry: Registry, _ selection: Subject) throws -> Set<SHA256Digest> {
        Set(
            try registry.taken(selection).parts.compactMap { part in
                if case .content(let digest) = part.name { digest } else { nil }
            })
    }

    private func free(_ registry: Registry, _ selection: Subject) throws -> FreedWeights {
        try registry.freeWeights(of: selection, archivedIn: name, holding: contents(registry, selection))
    }

    @Test("spaced keyframes that went to an archive neither count against a budget nor are given up for it")
    func budget() throws {
        let bench = try Bench()
        defer { withExtendedLifetime(bench) {} }
        var new = bench.newRun()
        // Room for three keyframes of 136 bytes.
        new.attempt.keyframePolicyJSON = #"{"budget_bytes":408}"#
        let writer = try bench.registry.createRun(new)
        func train(to last: Int) throws {
            let first = try bench.registry.run(1).iterations + 1
            let frame = try writer.stage(fullKeyframe(last), tensors: fullTensors(last))
            try writer.commit(
                RunCommit(
                    losses: losses(first, last), epochs: last % 10 == 0 ? [makeEpoch(last / 10)] : [],
                    keyframes: [frame]))
        }
        for last in [10, 20, 30] { try train(to: last) }
        try writer.commit(RunCommit(end: RunEnd(status: .stopped, reason: "a test")))
        try writer.close()
        let contents = Set(
            try bench.registry.taken().parts.compactMap { part -> SHA256Digest? in
                if case .content(let digest) = part.name { digest } else { nil }
            })
        let archive = ArchiveName(path: "a", digest: SHA256.hash("a"), bytes: 1)
        #expect(try bench.registry.freeWeights(of: .run(1), archivedIn: archive, holding: contents).tensors == 6)
        let resumed = try bench.registry.resumeRun(1, attempt: new.attempt)
        let frames = try [40, 50].map { last in
            let frame = try resumed.stage(fullKeyframe(last), tensors: fullTensors(last))
            try resumed.commit(
                RunCommit(losses: losses(last - 9, last), epochs: [makeEpoch(last / 10)], keyframes: [frame]))
            return frame.iteration
        }
        try resumed.close()
        #expect(frames == [40, 50])
        #expect(try bench.registry.archivedKeyframes(ofRun: 1).count == 3)
        // Two are here, and five would be above the budget.
        _ = try bench.registry.collectGarbage(surplus: KeyframeThinning.surplus)
        #expect(try bench.registry.keyframes(ofRun: 1).map(\.iteration) == [10, 20, 30, 40, 50])
        #expect(try bench.registry.verify().findings == [])
    }

    @Test("a run's are freed, named by their archive, and read no more; its record and its hashes stay")
    func run() throws {
        let bench = try Bench()
        try bench.finishedRun()
        let registry = bench.registry
        defer { withExtendedLifetime(bench) {} }
        let keyframes = try registry.keyframes(ofRun: 1)
        let weights = try #require(try registry.version(ofModel: "iris", 1).weights)
        #expect(try registry.version(ofModel: "iris", 1).archive == nil)
        let result = try free(registry, .run(1))
        #expect(result.tensors == 4)
        #expect(result.bytes == 4 * 68)
        #expect(result.kept == 0)
        let archive = try #require(try registry.archives().first)
        #expect(archive == result.archive)
        #expect(archive.path == name.path && archive.digest == name.digest && archive.bytes == 4_242)
        #expect(archive.subject == .run(1) && archive.tensors == 4)
        #expect(try registry.version(ofModel: "iris", 1).archive == archive)
        #expect(try registry.version(ofModel: "iris", 1).weights == weights)
        #expect(try registry.keyframes(ofRun: 1) == keyframes)
        let gone = RegistryError.archived(what: "iris:1", path: name.path, digest: name.digest)
        #expect(throws: gone) { try registry.tensor(weights) }
        #expect(throws: gone) { try registry.newestFullKeyframeState(ofRun: 1) }
        #expect(
            throws: RegistryError.archived(what: "1@iteration:0", path: name.path, digest: name.digest)
        ) { try registry.keyframeState(ofRun: 1, at: 0) }
        #expect(
            throws: RegistryError.archived(what: "1@iteration:0", path: name.path, digest: name.digest)
        ) { try registry.taken() }
        #expect(try registry.losses(ofRun: 1).count == 50)
        #expect(try registry.verify().findings == [])
        let again = try registry.freeWeights(of: .run(1), archivedIn: name, holding: [weights])
        #expect(again == FreedWeights(archive: nil, tensors: 0, bytes: 0, kept: 0))
    }

    @Test("what another run, another version or the data need stays, and is counted")
    func kept() throws {
        let bench = try Bench()
        try bench.finishedRun()
        try bench.finishedRun(model: "twin")
        let registry = bench.registry
        defer { withExtendedLifetime(bench) {} }
        let result = try free(registry, .run(1))
        #expect(result == FreedWeights(archive: nil, tensors: 0, bytes: 0, kept: 4))
        #expect(try registry.archives().isEmpty)
        #expect(try free(registry, .all).tensors == 4)
        #expect(try registry.verify().findings == [])
    }

    @Test("of a version only its own, of a model those of all its runs and versions, of a fork not its parent's")
    func selections() throws {
        let bench = try Bench()
        try bench.finishedRun()
        let fork = try bench.fork("1@iteration:20", model: "forked")
        let start = try fork.stage(fullKeyframe(20, role: .start), tensors: fullTensors(21))
        try fork.commit(RunCommit(losses: [1], keyframes: [start]))
        try fork.close()
        let registry = bench.registry
        defer { withExtendedLifetime(bench) {} }
        #expect(try free(registry, .version(model: "iris", number: 1)).tensors == 1)
        #expect(throws: RegistryError.self) { try registry.taken(.model("forked")) }
        let ours = Set(fullTensors(21).map { $0.withBytes { SHA256.hash($0) } })
        #expect(try registry.freeWeights(of: .model("forked"), archivedIn: name, holding: ours).tensors == 2)
        #expect(try registry.freeWeights(of: .model("iris"), archivedIn: name, holding: ours).kept == 3)
        #expect(try registry.archives().map(\.subject.text) == ["version:iris:1", "model:forked"])
        #expect(try registry.verify().findings == [])
    }

    @Test("a run that is alive keeps its weights")
    func alive() throws {
        let bench = try Bench()
        let writer = try bench.createRun()
        let start = try writer.stage(fullKeyframe(0, role: .start), tensors: fullTensors(0))
        try writer.commit(RunCommit(keyframes: [start]))
        let alive = RegistryError.alive(
            run: 1, owner: bench.world.environment.owner(), sign: .process(isOwn: true))
        #expect(throws: alive) { try bench.registry.freeWeights(of: .run(1), archivedIn: name, holding: []) }
        try writer.close()
        #expect(throws: RegistryError.self) {
            try bench.registry.freeWeights(of: .run(9), archivedIn: name, holding: [])
        }
    }

    @Test("the same weights recorded again are here again, and the tombstone is gone; so when they are deleted")
    func again() throws {
        let bench = try Bench()
        try bench.finishedRun()
        let registry = bench.registry
        defer { withExtendedLifetime(bench) {} }
        _ = try free(registry, .run(1))
        try bench.finishedRun(epochs: 5, model: "twin")
        #expect(try registry.archives() == [])
        #expect(try registry.version(ofModel: "iris", 1).archive == nil)
        #expect(try registry.taken().parts.count > 4)
        #expect(try registry.verify().findings == [])
    }

    @Test("a tensor that only its tombstone remembers goes with the last that named it")
    func released() throws {
        let bench = try Bench()
        let writer = try bench.createRun()
        let frame = try writer.stage(fullKeyframe(0), tensors: fullTensors(0))
        try writer.commit(RunCommit(losses: losses(1, 10), keyframes: [frame]))
        try writer.close()
        _ = try free(bench.registry, .run(1))
        #expect(try bench.registry.archives().map(\.tensors) == [2])
        let next = try bench.registry.resumeRun(1, attempt: plainAttempt)
        try next.commit(RunCommit(deletedKeyframes: [frame.id]))
        try next.close()
        #expect(try bench.registry.archives() == [])
        #expect(try bench.registry.verify().findings == [])
    }

    @Test("verify tells a missing chunk that no archive explains, and a tombstone that is not counted")
    func damage() throws {
        let bench = try Bench()
        try bench.finishedRun()
        _ = try free(bench.registry, .version(model: "iris", number: 1))
        try bench.registry.writing { store in
            try store.connection.execute("DELETE FROM archived_tensor")
        }
        let tables = Set(try bench.registry.verify().findings.map(\.table))
        #expect(tables == ["archive", "keyframe", "version"])
    }
}
