import BPCore
import BPData
import BPRegistry
import BPTraining

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Trains the same plan with and without a registry, in turn, and prints what recording costs.
struct RecordingBench {
    let name: String
    let plan: TrainingPlan
    let epochs: Int

    /// W3: digits, 64-32-10 sigmoid, half squared error, batch 32, SGD. W5: 784-1024-1024-10 ReLU, softmax, batch 128,
    /// Adam, on random numbers; no validation or test split.
    init(_ name: String, digits: String) throws {
        self.name = name
        var options = TrainingOptions()
        (options.validation, options.test, options.shuffle) = (0, 0, false)
        switch name {
        case "W3":
            (options.target, options.hidden, options.activation) = ("digit", [32], .sigmoid)
            (options.outputActivation, options.loss) = (.sigmoid, .halfSquaredError)
            (options.optimizer, options.learningRate, options.batchSize) = (.sgd, 0.5, .rows(32))
            plan = try TrainingPlan(CSVReader().read(path: digits), options: options)
            epochs = 10_000
        case "W5":
            (options.target, options.hidden, options.activation) = ("class", [1024, 1024], .relu)
            (options.optimizer, options.learningRate, options.batchSize) = (.adam, 0.001, .rows(128))
            plan = try TrainingPlan(RecordingBench.randomImages(), options: options)
            epochs = 4
        default: throw WorkloadError(description: "\(name) is neither W3 nor W5")
        }
    }

    private static func randomImages() throws -> Table {
        let rows = 15_360
        var stream = PhiloxStream(seed: 7, purpose: .split, stream: 1)
        var columns = (0..<784).map { pixel in
            Column(name: "p\(pixel)", values: .f32((0..<rows).map { _ in Float(stream.next() >> 8) * 0x1p-24 }))
        }
        columns.append(Column(name: "class", values: .u8((0..<rows).map { _ in UInt8(stream.bounded(10)) })))
        return try Table(name: "images", columns: columns)
    }

    /// Prints the medians of `repeats` pairs.
    func run(repeats: Int, threads: Int, folder: String) throws {
        var off: [Double] = []
        var on: [Double] = []
        var iterations = 0
        for repeat_ in 0..<repeats {
            var start = now()
            _ = try plan.trainUnrecorded(epochs: epochs, threads: threads)
            off.append(now() - start)
            let path = "\(folder)/\(name)-\(repeat_).sqlite"
            let registry = try Registry.open(at: path, for: .creating)
            var attempt = AttemptOptions()
            (attempt.epochs, attempt.threads) = (epochs, threads)
            let session = try TrainingSession.start(plan, in: registry, attempt: attempt)
            start = now()
            iterations = try session.train().iterations
            on.append(now() - start)
            try registry.close()
            unlink(path)
        }
        let ratios = zip(on, off).map { $0 / $1 }.sorted()
        let microseconds = { (times: [Double]) in times.sorted()[times.count / 2] / Double(iterations) * 1e6 }
        print(
            "\(name), \(threads) threads, \(iterations) iterations: recording off \(microseconds(off)) us/step, on",
            "\(microseconds(on)) us/step; on/off \(ratios[ratios.count / 2]) (\(ratios[0]) to \(ratios[ratios.count - 1]))"
        )
    }
}
