import Foundation
import RegistryTestSupport
import TestSupport
import Testing

@testable import BPRegistry
@testable import BPStore
@testable import BPTransfer

/// A restoration, and weights going to an archive, are whole or not at all, wherever they are cut off.
@Suite("Power cuts and failing disks while runs come and weights go", .serialized)
struct FaultTests {
    private struct Action: Sendable {
        let name: String
        let run: @Sendable (Registry) throws -> Void

        init(_ name: String, _ run: @escaping @Sendable (Registry) throws -> Void) {
            (self.name, self.run) = (name, run)
        }
    }

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

    private static let actions: [Action] = [
        Action("restored beside others") { _ = try $0.restore(from: source.get()) },
        Action("weights put away") {
            _ = try $0.freeWeights(of: .run(3), archivedIn: archive, holding: contents(source.get()))
        },
        Action("brought back") { _ = try $0.restore(from: source.get()) },
        Action("extended") { registry in
            let report = try registry.restore(from: longer.get())
            #expect(report.runs.allSatisfy { $0.outcome == .extended })
        },
    ]

    private static func prepared() throws -> [UInt8] {
        let bench = try Bench()
        try bench.finishedRun(epochs: 2)
        try bench.registry.close()
        return [UInt8](try Data(contentsOf: URL(filePath: bench.path)))
    }

    private static func perform(
        _ index: Int, _ path: String, _ durability: Registry.Durability, done: () -> Void = {}
    ) throws {
        let world = World(seed: UInt64(1_000 * (index + 1)))
        let registry = try Registry.open(
            at: path, for: .writing, durability: durability, environment: world.environment)
        try actions[index].run(registry)
        done()
        try registry.close()
    }

    private static let states = Result { try makeStates() }

    private static func makeStates() throws -> [(bytes: [UInt8], dump: String)] {
        let scratch = ScratchDirectory()
        scratch.files.write(try prepared(), to: "registry.sqlite")
        var states = [(scratch.files.read("registry.sqlite"), registryDump(scratch.file()))]
        for (index, action) in actions.enumerated() {
            try perform(index, scratch.file(), .off)
            states.append((scratch.files.read("registry.sqlite"), registryDump(scratch.file())))
            #expect(states[states.count - 1].1 != states[states.count - 2].1, "\(action.name)")
        }
        return states
    }

    private func findings(_ path: String) throws -> [VerifyReport.Finding] {
        try Registry.verify(at: path, environment: World().environment).findings
    }

    /// What was cut off is done again from where it was left, and comes to the same.
    private func isDoneAgain(_ index: Int, _ path: String, _ dump: String) throws -> Bool {
        try Self.perform(index, path, .off)
        return try registryDump(path) == dump && findings(path) == []
    }

    @Test("a write that fails anywhere leaves all or nothing, what was told is so, and the next time it goes through")
    func faults() throws {
        let states = try Self.states.get()
        var count = 0
        for (index, action) in Self.actions.enumerated() {
            var nth = 1
            var isMet = true
            while isMet {
                let scratch = ScratchDirectory()
                scratch.files.write(states[index].bytes, to: "registry.sqlite")
                let code: Int32 = nth % 2 == 0 ? 13 : 778
                var isDone = false
                Recorder.run(in: scratch.path, faults: .init([.write], nth: nth, code: code)) {
                    try? Self.perform(index, scratch.file(), .full) { isDone = true }
                    isMet = Recorder.failures > 0
                }
                #expect(try findings(scratch.file()) == [], "\(action.name), write \(nth)")
                let isAsTold = registryDump(scratch.file()) == states[isDone ? index + 1 : index].dump
                #expect(isAsTold, "\(action.name), write \(nth), done: \(isDone)")
                if !isDone {
                    let isSame = try isDoneAgain(index, scratch.file(), states[index + 1].dump)
                    #expect(isSame, "\(action.name), write \(nth)")
                }
                count += 1
                nth += nth < 8 ? 1 : nth < 100 ? 13 : 97
            }
        }
        print("\(count) failing writes")
    }

    /// Every how many images one is looked at. The long form: `BPREG_POWER_CUTS=1 swift test -c release …`.
    private static let stride = ProcessInfo.processInfo.environment["BPREG_POWER_CUTS"].flatMap(Int.init) ?? 101

    @Test(
        "a power cut or a kill anywhere leaves what was acknowledged, and all or nothing, and the next time it goes on")
    func cuts() throws {
        let states = try Self.states.get()
        let seed = testSeed()
        let scratch = ScratchDirectory()
        scratch.files.write(states[0].bytes, to: "registry.sqlite")
        let recording = try Recorder.record(in: scratch.path) {
            for index in Self.actions.indices {
                try Self.perform(index, scratch.file(), .full)
                Recorder.acknowledge(index + 1)
            }
        }
        let images = ScratchDirectory()
        var (number, count) = (0, 0)
        try PowerCut(recording, seed: seed, randomImages: 1).forEachImage(in: images.files) { image in
            number += 1
            guard number % Self.stride == Int(seed % UInt64(Self.stride)) else { return }
            count += 1
            let found = try findings(images.file())
            #expect(found == [], "\(image), seed \(seed)")
            let (dump, done) = (registryDump(images.file()), image.acknowledged ?? 0)
            let isWhole = dump == states[done].dump || done + 1 < states.count && dump == states[done + 1].dump
            #expect(isWhole, "\(image), seed \(seed)")
            guard done < Self.actions.count, dump == states[done].dump else { return }
            let isSame = try isDoneAgain(done, images.file(), states[done + 1].dump)
            #expect(isSame, "\(image), seed \(seed)")
        }
        print("\(count) of \(number) images of a restoration, seed \(seed)")
    }
}
