import RegistryTestSupport
import TestSupport
import Testing

@testable import BPRegistry
@testable import BPStore

/// Each change that a person makes to the history is there as a whole or not at all.
@Suite("Power cuts and failing disks while history is changed", .serialized)
struct HistoryFaultTests {
    private static func point(_ run: Int, _ segment: Int, _ iteration: Int) -> Point {
        Point(run: run, lineSegment: segment, iteration: iteration, epoch: iteration / 10)
    }

    /// Every kind of change.
    private static let changes: [CutOffChanges.Change] = [
        CutOffChanges.Change("rollback") { _ = try $0.rollback(to: point(1, 1, 25)) },
        CutOffChanges.Change("rollback of a killed run") { _ = try $0.rollback(to: point(2, 1, 5_000)) },
        CutOffChanges.Change("fork") { registry in
            guard let dataset = try registry.datasets().first else { return }
            var attempt = plainAttempt
            attempt.durability = registry.durability
            var new = NewRun(
                model: "fork", specJSON: "{}", dataset: dataset.hash, settings: [], iterationsPerEpoch: 10,
                hasValidation: true, attempt: attempt)
            new.fork = NewRun.Fork(parent: point(2, 1, 4_500), keepsSteps: true)
            _ = try registry.createRun(new)
        },
        CutOffChanges.Change("undo") { _ = try $0.undoRollback(ofRun: 1) },
        CutOffChanges.Change("pin") { registry in
            _ = try registry.pin(
                NewPin(point: point(1, 1, 33), name: "p", optimizerStep: 33, tensors: fullTensors(33)))
        },
        CutOffChanges.Change("unpin") { _ = try $0.unpin(point(1, 1, 33)) },
        CutOffChanges.Change("version") { registry in
            _ = try registry.createVersion(
                NewManualVersion(
                    model: "hand", origin: .point(point(1, 1, 35), weights: weights(35), descriptionJSON: "{}"),
                    metricsJSON: "{}"))
        },
        CutOffChanges.Change("copy of a version") { registry in
            let version = try registry.version(ofModel: "hand", 1)
            _ = try registry.createVersion(
                NewManualVersion(model: "iris", origin: .version(version), metricsJSON: "{}"))
        },
        CutOffChanges.Change("current") { _ = try $0.setCurrent(1, ofModel: "iris") },
        CutOffChanges.Change("undo of current") { _ = try $0.undoSetCurrent(ofModel: "iris") },
        CutOffChanges.Change("alias") { _ = try $0.setAlias("production", to: 1, ofModel: "iris") },
        CutOffChanges.Change("alias moved") { _ = try $0.setAlias("production", to: 2, ofModel: "iris") },
        CutOffChanges.Change("alias removed") { _ = try $0.removeAlias("production", ofModel: "iris") },
        CutOffChanges.Change("tag") { _ = try $0.setTag("kind", to: "demo", of: .run(1)) },
        CutOffChanges.Change("tag removed") { _ = try $0.removeTag("kind", of: .run(1)) },
        CutOffChanges.Change("note") { _ = try $0.addNote("a note", to: .version(model: "iris", number: 1)) },
        CutOffChanges.Change("note edited") { _ = try $0.editNote(1, to: "another") },
        CutOffChanges.Change("note removed") { _ = try $0.removeNote(1) },
        CutOffChanges.Change("large pin") { registry in
            let tensors = fullTensors(34, count: 1_300_000)
            _ = try registry.pin(NewPin(point: point(3, 1, 34), optimizerStep: 34, tensors: tensors))
        },
        CutOffChanges.Change("deletion of a version") {
            try $0.delete(.version(model: "hand", number: 1), cascade: true)
        },
        CutOffChanges.Change("undo of the deletion of a version") {
            try $0.undoDeletion(of: .version(model: "hand", number: 1))
        },
        CutOffChanges.Change("deletion of a run") { try $0.delete(.run(1), cascade: true) },
        CutOffChanges.Change("undo of the deletion of a run") { try $0.undoDeletion(of: .run(1)) },
        CutOffChanges.Change("deletion of a run, again") { try $0.delete(.run(1), cascade: true) },
        CutOffChanges.Change("deletion of a model") { try $0.delete(.model("hand"), cascade: true) },
        CutOffChanges.Change("undo of the deletion of a model") { try $0.undoDeletion(of: .model("hand")) },
        CutOffChanges.Change("end of what is kept of a run") { try $0.purgeDeletion(of: .run(1)) },
        CutOffChanges.Change("deletion of a model for good") {
            try $0.delete(.model("hand"), cascade: true, purge: true)
        },
    ]

    /// The changes of a registry with a finished run and one whose process was killed.
    private static let cutOff = Result {
        let bench = try Bench()
        try bench.finishedRun()
        let writer = try bench.createRun()
        try writer.commit(RunCommit(losses: losses(1, 9_000), epochs: (1...900).map { makeEpoch($0) }))
        _ = try writer.stage(fullKeyframe(9_000), tensors: fullTensors(9_000))
        try writer.close()
        // As if it had not been closed.
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
        return try CutOffChanges(changes, of: bench.path)
    }

    @Test("after a write that fails anywhere a change is there as a whole or not at all, as was reported")
    func faults() throws {
        // Of a large tensor, only some writes.
        #expect(try Self.cutOff.get().failingWrites { $0 + ($0 < 8 ? 1 : $0 < 100 ? 13 : 397) } == [])
    }

    @Test("a power cut or a kill anywhere loses nothing acknowledged, and leaves a change as a whole or not at all")
    func cuts() throws {
        let faults = try Self.cutOff.get().powerCuts("changes to the history", seed: testSeed(), every: 211)
        #expect(faults == [])
    }
}
