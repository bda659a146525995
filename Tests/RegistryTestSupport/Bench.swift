package import BPRegistry
package import BPStore
import Foundation
package import Synchronization
import TestSupport

/// A folder of its own, removed at the end.
package final class Scratch: Sendable {
    private let directory = ScratchDirectory(inMemory: false)

    package init() throws {}

    package var folder: String { directory.path }
    package var path: String { folder + "/r.sqlite" }
}

/// Time, chance and processes that a test decides.
package final class World: Sendable {
    package let time = Mutex<Int64>(1_700_000_000_000_000)
    package let process = Mutex<Int32>(100)
    package let living = Mutex<[Int32: Int64]>([100: 7])
    /// Processes about which the kernel does not tell.
    package let hidden = Mutex<Set<Int32>>([])
    private let draws: Mutex<UInt64>
    private let begun = ContinuousClock.now
    private let waited = Mutex(Duration.zero)

    /// The folder of the registry that lives in this world: it must stay as long as a registry can open readers.
    private let scratch: Scratch?

    package init(seed: UInt64 = 1, scratch: Scratch? = nil) {
        draws = Mutex(seed)
        self.scratch = scratch
    }

    package var environment: RegistryEnvironment {
        var environment = RegistryEnvironment.system
        environment.now = {
            self.time.withLock {
                $0 += 1_000
                return $0
            }
        }
        environment.owner = {
            let pid = self.process.withLock { $0 }
            return Owner(
                host: "host", boot: "boot", pidNamespace: "pid:[1]", pid: pid,
                processStart: self.living.withLock { $0[pid] ?? 0 })
        }
        environment.process = { pid in
            if self.hidden.withLock({ $0.contains(pid) }) { return .hidden }
            return self.living.withLock { $0[pid] }.map { .living(start: $0) } ?? .gone
        }
        environment.isOwnProcess = { _ in true }
        environment.asksForUsers = false
        environment.random = {
            SplitMix64(
                self.draws.withLock {
                    $0 &+= 1
                    return $0
                })
        }
        environment.instant = { self.begun + self.waited.withLock { $0 } }
        return environment
    }

    /// Time goes on by so much, on every clock.
    package func wait(_ microseconds: Int64) {
        time.withLock { $0 += microseconds }
        waited.withLock { $0 += .microseconds(microseconds) }
    }

    /// The process of this number comes to life (and is from now on this one), or dies.
    package func become(_ pid: Int32, start: Int64 = 9) {
        living.withLock { $0[pid] = start }
        process.withLock { $0 = pid }
    }

    package func kill(_ pid: Int32) { living.withLock { $0[pid] = nil } }
}

package let plainAttempt = AttemptSettings(
    threads: 1, instructionSet: "portable", durability: .off, keep: "best", epochLimit: 10)

/// A registry with a dataset, in which runs can be made.
package struct Bench {
    package let scratch: Scratch
    package let world: World
    package let registry: Registry
    package let dataset: SHA256Digest

    package init(seed: UInt64 = 1) throws {
        scratch = try Scratch()
        world = World(seed: seed, scratch: scratch)
        registry = try Registry.open(
            at: scratch.path, for: .creating, durability: .off, environment: world.environment)
        dataset = try registry.storeDataset(Bench.data)
    }

    package static let data = NewDataset(
        name: "iris", sourcePath: "/data/iris.csv", rowCount: 3,
        columns: [
            .init(name: "length", type: .f64, bytes: Array(0..<24)),
            .init(name: "class", type: .text, bytes: Array("a\0b\0c\0".utf8)),
        ])

    package var path: String { scratch.path }

    package func newRun(model: String = "iris", iterationsPerEpoch: Int = 10, spec: String = #"{"seed":1}"#) -> NewRun {
        NewRun(
            model: model, specJSON: spec, dataset: dataset,
            settings: [
                Setting("learning_rate", .number(0.1)), Setting("seed", .integer(1)),
                Setting("shuffle", .bool(true)), Setting("optimizer", .text("sgd")),
            ], iterationsPerEpoch: iterationsPerEpoch, hasValidation: true, scoreName: "accuracy",
            attempt: plainAttempt)
    }

    package func createRun(model: String = "iris", iterationsPerEpoch: Int = 10) throws -> RunWriter {
        try registry.createRun(newRun(model: model, iterationsPerEpoch: iterationsPerEpoch))
    }

    /// The point that a reference names.
    package func point(_ reference: String) throws -> Point {
        switch try registry.resolve(Reference(reference)) {
        case .point(let point): return point
        case .run(let run): return try registry.point(.last, ofRun: run.number)
        case .version: throw RegistryError.badReference(text: reference, reason: "it is a version")
        }
    }

    package func rollBack(_ reference: String) throws -> HeadMove { try registry.rollback(to: point(reference)) }

    package func fork(
        _ reference: String, model: String = "iris", iterationsPerEpoch: Int = 10, keepsSteps: Bool = false,
        spec: String = #"{"seed":1}"#
    ) throws -> RunWriter {
        var new = newRun(model: model, iterationsPerEpoch: iterationsPerEpoch, spec: spec)
        new.fork = NewRun.Fork(parent: try point(reference), keepsSteps: keepsSteps)
        return try registry.createRun(new)
    }

    /// Pins a point with the tensors that the other keyframes of this bench would hold there.
    package func pin(_ reference: String, name: String? = nil, count: Int = 17) throws -> PinRecord {
        let point = try point(reference)
        return try registry.pin(
            NewPin(
                point: point, name: name, optimizerStep: point.iteration,
                tensors: fullTensors(point.iteration, count: count)))
    }

    /// A version made by hand of a point.
    package func version(_ reference: String, model: String = "iris", count: Int = 17) throws -> VersionRecord {
        let point = try point(reference)
        return try registry.createVersion(
            NewManualVersion(
                model: model,
                origin: .point(point, weights: weights(point.iteration, count: count), descriptionJSON: "{}"),
                metricsJSON: #"{"loss":1}"#))
    }

    /// A run of which `iterations` were recorded, with the epochs that ended within them, and whose process is gone.
    @discardableResult
    package func interruptedRun(_ iterations: Int, model: String = "iris", count: Int = 17) throws -> Int {
        let writer = try createRun(model: model)
        let start = try writer.stage(fullKeyframe(0, role: .start), tensors: fullTensors(0, count: count))
        try writer.commit(RunCommit(keyframes: [start]))
        try writer.commit(
            RunCommit(losses: losses(1, iterations), epochs: (1..<(iterations / 10 + 1)).map { makeEpoch($0) }))
        try writer.close()
        return writer.run
    }

    /// Goes on with a run by `iterations` iterations of this loss, and the epochs that end within them.
    package func goOn(_ run: Int, by iterations: Int, loss: Float = 2) throws {
        let before = try registry.run(run)
        let writer = try registry.resumeRun(run, attempt: plainAttempt)
        let last = before.iterations + iterations
        let epochs = (before.epochs + 1..<max(before.epochs + 1, last / 10 + 1)).map { makeEpoch($0) }
        try writer.commit(RunCommit(losses: Array(repeating: loss, count: iterations), epochs: epochs))
        try writer.close()
    }

    package func lastSegment(_ run: Int) throws -> SegmentRecord {
        let segments = try registry.segments(ofRun: run)
        return segments[segments.count - 1]
    }

    package func lastEvent(_ subject: Subject) throws -> EventRecord {
        let events = try registry.events(of: subject)
        return events[events.count - 1]
    }

    /// The error that `body` ends with.
    package func failure(_ body: () throws -> Void) -> RegistryError? {
        do { try body() } catch { return error as? RegistryError }
        return nil
    }

    /// A run of `epochs` epochs of 10 iterations that finished and became a version.
    @discardableResult
    package func finishedRun(epochs: Int = 5, model: String = "iris") throws -> Int {
        let writer = try createRun(model: model)
        let start = try writer.stage(fullKeyframe(0, role: .start), tensors: fullTensors(0))
        try writer.commit(RunCommit(keyframes: [start]))
        for epoch in 1...epochs {
            let best = try writer.stage(bestKeyframe(10 * epoch), tensors: [weights(10 * epoch)])
            try writer.commit(
                RunCommit(losses: losses(10 * epoch - 9, 10 * epoch), epochs: [makeEpoch(epoch)], keyframes: [best]))
        }
        let end = try writer.stage(fullKeyframe(10 * epochs, role: .end), tensors: fullTensors(10 * epochs))
        try writer.commit(RunCommit(keyframes: [end], end: finish(at: 10 * epochs, epoch: epochs)))
        try writer.close()
        return writer.run
    }
}

package func finish(at iteration: Int, epoch: Int, status: RunStatus = .finished) -> RunEnd {
    RunEnd(
        status: status, reason: "epoch limit",
        evaluations: [
            NewEvaluation(
                split: "test", iteration: iteration, loss: 0.25, scoresJSON: #"{"accuracy":1.0}"#, ofVersion: true)
        ],
        version: NewVersion(
            iteration: iteration, epoch: epoch, descriptionJSON: #"{"layers":[]}"#,
            metricsJSON: #"{"accuracy":1.0}"#))
}

/// The loss of an iteration, made up.
package func loss(_ iteration: Int) -> Float { 1 / Float(iteration + 1) }

package func losses(_ first: Int, _ last: Int) -> [Float] { first > last ? [] : (first...last).map(loss) }

package func makeEpoch(_ epoch: Int, length: Int = 10) -> EpochRecord {
    EpochRecord(
        epoch: epoch, iteration: epoch * length, loss: loss(epoch), validationLoss: loss(epoch) * 2,
        validationScore: 0.5, seconds: 0.125)
}

package func weights(_ iteration: Int, count: Int = 17) -> NewTensor {
    NewTensor("parameters", floats: (0..<count).map { Float(iteration * 100 + $0) })
}

package func fullTensors(_ iteration: Int, count: Int = 17) -> [NewTensor] {
    [
        weights(iteration, count: count),
        NewTensor("velocity", floats: (0..<count).map { Float(iteration * 100 - $0) }),
    ]
}

package func fullKeyframe(_ iteration: Int, role: KeyframeRole = .spaced) -> NewKeyframe {
    NewKeyframe(
        iteration: iteration, epoch: iteration / 10, kind: .full, role: role, optimizerStep: iteration)
}

package func bestKeyframe(_ iteration: Int) -> NewKeyframe {
    NewKeyframe(
        iteration: iteration, epoch: iteration / 10, kind: .weights, role: .best, optimizerStep: iteration)
}
