import BPCore
import BPData
import BPRegistry
import BPTraining
import TestSupport

/// Data and settings for tests of training.
enum Fixture {
    /// `rows` points of three classes with a category, a number that matters and one that hardly does.
    static func classes(rows: Int = 90, seed: UInt64 = 7) throws -> Table {
        var random = SplitMix64(seed)
        func noise() -> Double { Double(random.next() >> 11) / Double(1 << 53) - 0.5 }
        let labels = (0..<rows).map { $0 % 3 }
        return try Table(
            name: "points",
            columns: [
                Column(name: "x", values: .f64(labels.map { Double($0) + 0.8 * noise() })),
                Column(name: "y", values: .f64(labels.map { Double($0 % 2) + 0.8 * noise() })),
                Column(
                    name: "shape", values: .text(try TextValues((0..<rows).map { $0 % 2 == 0 ? "round" : "square" }))),
                Column(name: "kind", values: .text(try TextValues(labels.map { ["a", "b", "c"][$0] }))),
            ])
    }

    /// `rows` points of y = 3x + noise.
    static func numbers(rows: Int = 80) throws -> Table {
        var random = SplitMix64(11)
        let x = (0..<rows).map { _ in Double(random.next() >> 11) / Double(1 << 53) * 10 }
        return try Table(
            name: "line",
            columns: [
                Column(name: "x", values: .f64(x)),
                Column(name: "y", values: .f64(x.map { 100 + 3 * $0 + Double(random.next() >> 11) / Double(1 << 54) })),
            ])
    }

    /// Small settings for `classes`.
    static func options(_ change: (inout TrainingOptions) -> Void = { _ in }) -> TrainingOptions {
        var options = TrainingOptions()
        (options.target, options.hidden, options.batchSize) = ("kind", [6], .rows(8))
        change(&options)
        return options
    }

    /// Puts a schedule of 7 epochs with a warm-up of 2 into `options`.
    static func schedule(_ name: Schedule.Name, _ options: inout TrainingOptions) {
        (options.schedule, options.warmup) = (name, 2)
        if name != .constant { options.scheduleEpochs = 7 }
        if name == .step || name == .exponential { options.gamma = 0.6 }
        if name == .step { options.stepEpochs = 2 }
        if name == .cosine { options.minimumRate = 0.001 }
    }

    /// An attempt of so many epochs.
    static func attempt(_ epochs: Int, _ change: (inout AttemptOptions) -> Void = { _ in }) -> AttemptOptions {
        var attempt = AttemptOptions()
        (attempt.epochs, attempt.threads) = (epochs, 1)
        change(&attempt)
        return attempt
    }
}

/// All of a run that a resume or another machine must reproduce: everything but times.
struct RunContent: Equatable {
    var losses: [UInt32]
    var epochs: [[UInt32?]]
    var last: SHA256Digest?
    var best: SHA256Digest?
    var versions: [String]
    var status: RunStatus

    init(_ number: Int, in registry: Registry) throws {
        let run = try registry.run(number)
        losses = try registry.losses(ofRun: number).map(\.bitPattern)
        epochs = try registry.epochs(ofRun: number).map {
            [
                UInt32($0.epoch), UInt32($0.iteration), $0.loss.bitPattern, $0.validationLoss?.bitPattern,
                $0.validationScore?.bitPattern,
            ]
        }
        last = try LoadedModel(Reference("\(number)@last"), in: registry).weightsSHA256
        best = run.best == nil ? nil : try LoadedModel(Reference("\(number)@best"), in: registry).weightsSHA256
        versions = try registry.versions(ofRun: number).map { $0.weights?.hex ?? "none" }
        status = run.status
    }
}
