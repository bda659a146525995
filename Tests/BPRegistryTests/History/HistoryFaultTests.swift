import Foundation
import RegistryTestSupport
import TestSupport
import Testing

@testable import BPRegistry
@testable import BPStore

/// Each change that a person makes to the history is there as a whole or not at all.
@Suite("Power cuts and failing disks while history is changed", .serialized)
struct HistoryFaultTests {
    private struct Action: Sendable {
        let name: String
        let run: @Sendable (Registry) throws -> Void

        init(_ name: String, _ run: @escaping @Sendable (Registry) throws -> Void) {
            (self.name, self.run) = (name, run)
        }
    }

    private static func point(_ run: Int, _ segment: Int, _ iteration: Int) -> Point {
        Point(run: run, lineSegment: segment, iteration: iteration, epoch: iteration / 10)
    }

    /// Every kind of change, each on what those before it have left.
    private static let actions: [Action] = [
        Action("rollback") { _ = try $0.rollback(to: point(1, 1, 25)) },
        Action("rollback of a killed run") { _ = try $0.rollback(to: point(2, 1, 5_000)) },
        Action("fork") { registry in
            guard let dataset = try registry.datasets().first else { return }
            var new = NewRun(
                model: "fork", specJSON: "{}", dataset: dataset.hash, settings: [], iterationsPerEpoch: 10,
                hasValidation: true, attempt: plainAttempt)
            new.fork = NewRun.Fork(parent: point(2, 1, 4_500), keepsSteps: true)
            _ = try registry.createRun(new)
        },
        Action("undo") { _ = try $0.undoRollback(ofRun: 1) },
        Action("pin") { registry in
            _ = try registry.pin(
                NewPin(point: point(1, 1, 33), name: "p", optimizerStep: 33, tensors: fullTensors(33)))
        },
        Action("unpin") { _ = try $0.unpin(point(1, 1, 33)) },
        Action("version") { registry in
            _ = try registry.createVersion(
                NewManualVersion(
                    model: "hand", origin: .point(point(1, 1, 35), weights: weights(35), descriptionJSON: "{}"),
                    metricsJSON: "{}"))
        },
        Action("copy of a version") { registry in
            let version = try registry.version(ofModel: "hand", 1)
            _ = try registry.createVersion(
                NewManualVersion(model: "iris", origin: .version(version), metricsJSON: "{}"))
        },
        Action("current") { _ = try $0.setCurrent(1, ofModel: "iris") },
        Action("undo of current") { _ = try $0.undoSetCurrent(ofModel: "iris") },
        Action("alias") { _ = try $0.setAlias("production", to: 1, ofModel: "iris") },
        Action("alias moved") { _ = try $0.setAlias("production", to: 2, ofModel: "iris") },
        Action("alias removed") { _ = try $0.removeAlias("production", ofModel: "iris") },
        Action("tag") { _ = try $0.setTag("kind", to: "demo", of: .run(1)) },
        Action("tag removed") { _ = try $0.removeTag("kind", of: .run(1)) },
        Action("note") { _ = try $0.addNote("a note", to: .version(model: "iris", number: 1)) },
        Action("note edited") { _ = try $0.editNote(1, to: "another") },
        Action("note removed") { _ = try $0.removeNote(1) },
        Action("large pin") { registry in
            let tensors = fullTensors(34, count: 1_300_000)
            _ = try registry.pin(NewPin(point: point(3, 1, 34), optimizerStep: 34, tensors: tensors))
        },
        Action("deletion of a version") { try $0.delete(.version(model: "hand", number: 1), cascade: true) },
        Action("deletion of a run") { try $0.delete(.run(1), cascade: true) },
        Action("deletion of a model") { try $0.delete(.model("hand"), cascade: true) },
    ]

    /// A closed registry with a finished run and one whose process was killed.
    private static func prepared() throws -> [UInt8] {
        let bench = try Bench()
        try bench.finishedRun()
        let writer = try bench.createRun()
        try writer.commit(RunCommit(losses: losses(1, 9_000), epochs: (1...900).map { makeEpoch($0) }))
        _ = try writer.stage(fullKeyframe(9_000), tensors: fullTensors(9_000))
        try writer.close()
        // As if nobody had closed it.
        try bench.registry.writing { store in
            var attempt = try store.need(.attempt, [.int(2), .int(1)])
            (attempt["ended"], attempt["status"]) = (.null, .null)
            try store.update(attempt)
        }
        // Its keyframes are large ones.
        let large = try bench.createRun()
        try large.commit(RunCommit(losses: losses(1, 34), epochs: (1...3).map { makeEpoch($0) }))
        try large.close()
        try bench.registry.close()
        return [UInt8](try Data(contentsOf: URL(filePath: bench.path)))
    }

    /// Opens the registry as the process that finds the one before killed, and does what `index` says.
    private static func perform(_ index: Int, _ path: String, _ durability: Registry.Durability, done: () -> Void = {})
        throws
    {
        let world = World(seed: UInt64(1_000 * (index + 1)))
        world.kill(100)
        world.become(200)
        let registry = try Registry.open(
            at: path, for: .writing, durability: durability, environment: world.environment)
        try actions[index].run(registry)
        done()
        try registry.close()
    }

    /// What readers return, but for how long it took to write.
    private static func dump(_ path: String) -> String {
        registryDump(path).replacing(/cost: [^,]*,/, with: "")
    }

    /// The registry's file after each number of actions, and what readers return of it.
    private static let states = Result { try makeStates() }

    private static func makeStates() throws -> [(bytes: [UInt8], dump: String)] {
        let scratch = ScratchDirectory()
        scratch.files.write(try prepared(), to: "registry.sqlite")
        var states = [(scratch.files.read("registry.sqlite"), Self.dump(scratch.file()))]
        for (index, action) in actions.enumerated() {
            try perform(index, scratch.file(), .off)
            #expect(scratch.files.names == ["registry.sqlite"])
            states.append((scratch.files.read("registry.sqlite"), Self.dump(scratch.file())))
            #expect(states[states.count - 1].1 != states[states.count - 2].1, "\(action.name)")
        }
        return states
    }

    private func findings(_ path: String) throws -> [VerifyReport.Finding] {
        try Registry.verify(at: path, environment: World().environment).findings
    }

    @Test("a write that fails anywhere leaves all of a change or nothing of it, and what was told is so")
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
                    // A checkpoint while closing may fail: by then the change is safe in the log.
                    try? Self.perform(index, scratch.file(), .full) { isDone = true }
                    isMet = Recorder.failures > 0
                }
                #expect(try findings(scratch.file()) == [], "\(action.name), write \(nth)")
                let isAsTold = Self.dump(scratch.file()) == states[isDone ? index + 1 : index].dump
                #expect(isAsTold, "\(action.name), write \(nth), done: \(isDone)")
                count += 1
                // Of a large tensor, a write now and then.
                nth += nth < 8 ? 1 : nth < 100 ? 13 : 397
            }
        }
        print("\(count) failing writes")
    }

    /// Every how many images one is looked at. The long form: `BPREG_POWER_CUTS=1 swift test -c release …`.
    private static let stride = ProcessInfo.processInfo.environment["BPREG_POWER_CUTS"].flatMap(Int.init) ?? 211

    @Test("a power cut or a kill anywhere leaves what was acknowledged, and all of a change or nothing of it")
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
            let (dump, done) = (Self.dump(images.file()), image.acknowledged ?? 0)
            let isWhole = dump == states[done].dump || done + 1 < states.count && dump == states[done + 1].dump
            #expect(isWhole, "\(image), seed \(seed)")
        }
        print("\(count) of \(number) images of changes to the history, seed \(seed)")
    }
}
