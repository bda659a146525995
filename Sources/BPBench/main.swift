// bpreg-bench FOLDER WORKLOAD [--threads N] [--seconds S] [--repeats N] [--weight-decay X] [--step-by-step] [--turns]
// bpreg-bench training FOLDER WORKLOAD [--threads N] [--seconds S] [--repeats N] [--turns]
// bpreg-bench peak [--threads N] [--seconds S] [--repeats N] [--turns]
// bpreg-bench recording W3|W5 DIGITS.CSV FOLDER [--threads N] [--repeats N]
// bpreg-bench registry IRIS.CSV FILE [--runs N] [--iterations-per-run M]
// bpreg-bench images FOLDER NAME [--rows N] [--seed N]
//
// The first times training steps of the numeric core, nothing recorded, and prints the loss over the first rows after the
// first pass, which shows whether other libraries train alike. BPREG_ISA chooses the instruction set. `training` times
// whole trainings of the same workload with and without a registry, in turn; `peak` a loop of fused multiply-adds. With
// --turns each of the three waits for a line on standard input before each measurement, as tools/bench needs it.
// `recording` measures what recording costs in long trainings. `registry` makes a registry of N trained runs, for
// measuring how lists and searches grow; `images` an IDX pair of the shape of MNIST.
import BPCore
import CBPPeak

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

func complain(_ text: String) {
    _ = text.withCString { write(STDERR_FILENO, $0, strlen($0)) }
}

func option(_ name: String, _ standard: Double) -> Double {
    guard let place = CommandLine.arguments.firstIndex(of: name), place + 1 < CommandLine.arguments.count else {
        return standard
    }
    return Double(CommandLine.arguments[place + 1]) ?? standard
}

func hasOption(_ name: String) -> Bool { CommandLine.arguments.contains(name) }

func bench(folder: String, name: String) throws {
    let workload = try Workload(folder: folder, name: name)
    let (instructionSet, warning) = InstructionSet.fromEnvironment()
    if let warning { complain("\(warning)\n") }
    let compute = try Compute(threads: Int(option("--threads", 1)), instructionSet: instructionSet)
    let trainer = try Backpropagation(
        network: workload.network, loss: workload.loss, optimizer: workload.optimizer,
        weightDecay: option("--weight-decay", 0), batchCapacity: workload.batch, compute: compute)
    try trainer.setParameters(workload.parameters)
    let samples = try Samples(
        inputs: workload.inputs, targets: workload.targets, count: workload.rows, inputWidth: workload.network.inputs,
        targetWidth: workload.network.outputs)

    var t = 1
    var lossSum = 0.0
    var losses = [Float](repeating: 0, count: workload.rows / workload.batch)
    func pass() {
        for _ in 0..<workload.epochs {
            let series = StepSeries(
                samples: samples, rows: nil, range: 0..<losses.count * workload.batch, batchSize: workload.batch,
                optimizerStep: t, learningRate: workload.optimizer.learningRate)
            if hasOption("--step-by-step") {
                for first in stride(from: 0, to: series.range.upperBound, by: workload.batch) {
                    _ = trainer.step(samples, rows: nil, range: first..<first + workload.batch, optimizerStep: t)
                    t += 1
                }
                continue
            }
            t += losses.withUnsafeMutableBufferPointer {
                trainer.train(series, losses: $0, lossSum: &lossSum).iterations
            }
        }
    }
    pass()
    let shown = min(workload.rows, 1280)
    let check = try Samples(
        inputs: Array(workload.inputs[..<(shown * workload.network.inputs)]),
        targets: Array(workload.targets[..<(shown * workload.network.outputs)]), count: shown,
        inputWidth: workload.network.inputs, targetWidth: workload.network.outputs)
    let loss = trainer.evaluate(check).loss

    var start = now()
    pass()
    let passes = max(1, Int(option("--seconds", 1) / (now() - start)))
    let steps = Double(passes * workload.epochs * (workload.rows / workload.batch))
    func time() -> Double {
        start = now()
        for _ in 0..<passes { pass() }
        return (now() - start) / steps * 1e6
    }
    if hasOption("--turns") { return try takeTurns("\(loss)") { _ in "\(time())" } }
    var times = (0..<Int(option("--repeats", 5))).map { _ in time() }
    times.sort()
    print(
        "\(name) \(instructionSet.rawValue) threads \(compute.threads): \(times[times.count / 2]) us/step",
        "(\(times[0]) to \(times[times.count - 1])), loss after the first pass \(loss)")
}

/// The middle, the least and the greatest of some figures.
func summary(_ figures: [Double]) -> String {
    let sorted = figures.sorted()
    return "\(sorted[sorted.count / 2]) (\(sorted[0]) to \(sorted[sorted.count - 1]))"
}

func training(folder: String, name: String) throws {
    let bench = try TrainingBench(
        Workload(folder: folder, name: name), name: name, threads: Int(option("--threads", 1)), folder: folder)
    defer { try? bench.close() }
    let seconds = option("--seconds", 1)
    if hasOption("--turns") {
        return try takeTurns("") {
            let figure = try bench.run(isRecorded: $0 == "on", seconds: seconds)
            return "\(figure.microseconds) \(figure.processors) \(figure.bytes)"
        }
    }
    let pairs = try (0..<Int(option("--repeats", 5))).map { _ in
        (try bench.run(isRecorded: false, seconds: seconds), try bench.run(isRecorded: true, seconds: seconds))
    }
    print(
        "\(name) threads \(Int(option("--threads", 1))): \(summary(pairs.map(\.1.microseconds))) us/step recorded,",
        "\(summary(pairs.map(\.0.microseconds))) us/step not recorded;",
        "on/off \(summary(pairs.map { $1.microseconds / $0.microseconds })),",
        "processors busy \(summary(pairs.map(\.1.processors))),",
        "bytes a step \(summary(pairs.map(\.1.bytes)))")
}

func peak() throws {
    let threads = Int32(option("--threads", 1))
    let measure = { bp_peak(threads, option("--seconds", 1)) * 1e-9 }
    if hasOption("--turns") { return try takeTurns("") { _ in "\(measure())" } }
    print("peak threads \(threads): \(summary((0..<Int(option("--repeats", 5))).map { _ in measure() })) GFLOP/s")
}

guard CommandLine.arguments.count >= 3 || CommandLine.arguments.dropFirst().first == "peak" else {
    complain(
        "usage: bpreg-bench FOLDER WORKLOAD [--threads N] [--seconds S] [--repeats N] [--weight-decay X]; others in main.swift\n"
    )
    exit(64)
}
do {
    if CommandLine.arguments[1] == "peak" {
        try peak()
    } else if CommandLine.arguments[1] == "training", CommandLine.arguments.count >= 4 {
        try training(folder: CommandLine.arguments[2], name: CommandLine.arguments[3])
    } else if CommandLine.arguments[1] == "recording", CommandLine.arguments.count >= 5 {
        try RecordingBench(CommandLine.arguments[2], digits: CommandLine.arguments[3]).run(
            repeats: Int(option("--repeats", 5)), threads: Int(option("--threads", 1)), folder: CommandLine.arguments[4]
        )
    } else if CommandLine.arguments[1] == "registry", CommandLine.arguments.count >= 4 {
        try RegistryBench(
            runs: Int(option("--runs", 1_000)), iterations: Int(option("--iterations-per-run", 1_000)),
            path: CommandLine.arguments[3]
        ).run(data: CommandLine.arguments[2])
    } else if CommandLine.arguments[1] == "images", CommandLine.arguments.count >= 4 {
        try Images(rows: Int(option("--rows", 60_000)), seed: UInt64(option("--seed", 1))).write(
            to: CommandLine.arguments[2], name: CommandLine.arguments[3])
    } else {
        try bench(folder: CommandLine.arguments[1], name: CommandLine.arguments[2])
    }
} catch {
    complain("error: \(error)\n")
    exit(1)
}
