import RegistryTestSupport
import TestSupport
import Testing

@testable import BPRegistry
@testable import BPStore
@testable import BPTransfer

/// A restoration and the freeing of archived weights happen as a whole or not at all, wherever they are cut off.
@Suite("Power cuts and failing disks while runs are restored and weights freed", .serialized)
struct FaultTests {
    /// What comes in, and later: by then its runs have gone on.
    private static let sources = Result { try makeSources() }
    private static let source = Result { try sources.get().first }
    private static let longer = Result { try sources.get().longer }

    private static func makeSources() throws -> (first: TakenSource, longer: TakenSource) {
        let bench = try Bench(seed: 500)
        try bench.finishedRun(epochs: 3)
        _ = try bench.rollBack("1@iteration:15")
        let fork = try bench.fork("1.1@iteration:25")
        let start = try fork.stage(fullKeyframe(25), tensors: fullTensors(25, count: 300_000))
        try fork.commit(RunCommit(losses: losses(26, 5_000), epochs: [makeEpoch(3)], keyframes: [start]))
        try fork.close()
        _ = try bench.registry.setAlias("good", to: 1, ofModel: "iris")
        _ = try bench.registry.addNote("a note", to: .run(1))
        let first = try bench.registry.taken()
        try bench.goOn(1, by: 5_000)
        _ = try bench.version("1@iteration:4000")
        let resumed = try bench.registry.resumeRun(2, attempt: plainAttempt)
        let end = try resumed.stage(fullKeyframe(5_010, role: .end), tensors: fullTensors(5_010, count: 300_000))
        try resumed.commit(
            RunCommit(losses: losses(5_001, 5_010), epochs: (4...501).map { makeEpoch($0) }, keyframes: [end]))
        try resumed.close()
        return (first, try bench.registry.taken())
    }

    private static func contents(_ source: TakenSource) -> Set<SHA256Digest> {
        Set(
            source.parts.compactMap { part in
                if case .content(let digest) = part.name { digest } else { nil }
            })
    }

    private static let archive = ArchiveName(path: "a.safetensors", digest: SHA256.hash("a"), bytes: 1)

    private static let changes: [CutOffChanges.Change] = [
        CutOffChanges.Change("restored beside others") { _ = try $0.restore(from: source.get()) },
        CutOffChanges.Change("weights put away") {
            _ = try $0.freeWeights(of: .run(3), archivedIn: archive, holding: contents(source.get()))
        },
        CutOffChanges.Change("brought back") { _ = try $0.restore(from: source.get()) },
        CutOffChanges.Change("extended") { registry in
            let report = try registry.restore(from: longer.get())
            #expect(report.runs.allSatisfy { $0.outcome == .extended })
        },
    ]

    private static let cutOff = Result {
        let bench = try Bench()
        try bench.finishedRun(epochs: 2)
        try bench.registry.close()
        return try CutOffChanges(changes, of: bench.path, areRepeated: true)
    }

    @Test("after a write that fails anywhere all or nothing is there, as was reported, and the next time it succeeds")
    func faults() throws {
        #expect(try Self.cutOff.get().failingWrites { $0 + ($0 < 8 ? 1 : $0 < 100 ? 13 : 97) } == [])
    }

    @Test(
        "a power cut or a kill anywhere loses nothing acknowledged, leaves all or nothing, and the next time it succeeds"
    )
    func cuts() throws {
        #expect(try Self.cutOff.get().powerCuts("a restoration", seed: testSeed(), every: 101) == [])
    }
}
