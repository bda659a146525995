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

/// Trains a workload as `bpreg train` does, with and without a registry: shuffling off, no validation and no test rows,
/// default durability. Only the time of the training counts, the end of the recorded run included; reading and storing
/// the data does not.
///
/// The table's target is one column. A workload with several outputs is trained on classes: the greatest of each row's
/// targets.
final class TrainingBench {
    private let plan: TrainingPlan
    private let threads: Int
    private let registry: Registry
    private let path: String
    /// Steps of an epoch.
    private let length: Int
    private var secondsPerEpoch: Double

    /// The cost of one training: microseconds of a step, the processors that were busy on average, and the bytes of a step by
    /// which the registry grew.
    struct Figure {
        let microseconds, processors, bytes: Double
    }

    init(_ workload: Workload, name: String, threads: Int, folder: String) throws {
        self.threads = threads
        plan = try TrainingPlan(
            TrainingBench.table(workload, name: name), options: TrainingBench.options(workload), model: name)
        guard plan.spec.network == workload.network else {
            throw WorkloadError(description: "\(name): no table gives such a network, so it cannot be recorded")
        }
        length = (workload.rows + workload.batch - 1) / workload.batch
        path = "\(folder)/\(name)-\(getpid()).sqlite"
        registry = try Registry.open(at: path, for: .creating)
        secondsPerEpoch = 0
        // Twice: the first touches the memory.
        for epochs in [1, max(1, 2_000 / length)] {
            let start = now()
            _ = try plan.trainUnrecorded(epochs: epochs, threads: threads)
            secondsPerEpoch = (now() - start) / Double(epochs)
        }
    }

    /// Trains for about `seconds`.
    func run(isRecorded: Bool, seconds: Double) throws -> Figure {
        let epochs = max(1, Int(seconds / secondsPerEpoch))
        var session: TrainingSession?
        if isRecorded {
            var attempt = AttemptOptions()
            (attempt.epochs, attempt.threads) = (epochs, threads)
            session = try TrainingSession.start(plan, in: registry, attempt: attempt)
        }
        let (start, busy, size) = (now(), processorSeconds(), registrySize)
        if let session {
            _ = try session.train()
        } else {
            _ = try plan.trainUnrecorded(epochs: epochs, threads: threads)
        }
        let taken = now() - start
        if !isRecorded { secondsPerEpoch = taken / Double(epochs) }
        let steps = Double(epochs * length)
        return Figure(
            microseconds: taken / steps * 1e6, processors: (processorSeconds() - busy) / taken,
            bytes: Double(registrySize - size) / steps)
    }

    /// Bytes of the registry and its log.
    private var registrySize: Int {
        ["", "-wal"].reduce(0) { sum, suffix in
            var status = stat()
            return stat(path + suffix, &status) == 0 ? sum + Int(status.st_size) : sum
        }
    }

    /// Removes the registry.
    func close() throws {
        try registry.close()
        for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
    }

    private static func table(_ workload: Workload, name: String) throws -> Table {
        let (width, outputs) = (workload.network.inputs, workload.network.outputs)
        var columns = (0..<width).map { column in
            Column(name: "x\(column)", values: .f32((0..<workload.rows).map { workload.inputs[$0 * width + column] }))
        }
        let first = (0..<workload.rows).map { workload.targets[$0 * outputs] }
        let target: Column.Values
        if outputs > 1 {
            target = .u8((0..<workload.rows).map { greatest(workload.targets, from: $0 * outputs, count: outputs) })
        } else if workload.network.outputActivation == .identity {
            target = .f32(first)
        } else {
            target = .u8(first.map { UInt8($0) })
        }
        columns.append(Column(name: "target", values: target))
        return try Table(name: name, columns: columns)
    }

    /// The place of the greatest of `count` numbers, counted from the first of them.
    private static func greatest(_ numbers: [Float], from start: Int, count: Int) -> UInt8 {
        var best = 0
        for place in 1..<count where numbers[start + place] > numbers[start + best] { best = place }
        return UInt8(best)
    }

    private static func options(_ workload: Workload) -> TrainingOptions {
        var options = TrainingOptions(target: "target")
        let network = workload.network
        options.task = network.outputActivation == .identity ? .regression : .classification
        options.hidden = network.layers.dropLast().map(\.outputs)
        options.activation = network.layers.first?.activation
        (options.outputActivation, options.loss) = (network.outputActivation, workload.loss)
        (options.batchSize, options.shuffle) = (.rows(workload.batch), false)
        (options.validation, options.test) = (0, 0)
        switch workload.optimizer {
        case .momentum(let rate, let momentum):
            (options.optimizer, options.learningRate, options.momentum) = (.momentum, rate, momentum)
        case .adam(let rate, _, _, _): (options.optimizer, options.learningRate) = (.adam, rate)
        default: (options.optimizer, options.learningRate) = (.sgd, workload.optimizer.learningRate)
        }
        return options
    }
}

/// Seconds of all processors that this process has used.
func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// Prints `ready` and `greeting`, then answers each line of standard input with one measurement, so that a program can
/// let several contenders take turns.
func takeTurns(_ greeting: String, _ measure: (String) throws -> String) throws {
    print("ready", greeting)
    fflush(nil)
    while let line = readLine() {
        print(try measure(line))
        fflush(nil)
    }
}
