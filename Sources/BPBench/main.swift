// bpreg-bench FOLDER WORKLOAD [--threads N] [--seconds S] [--repeats N] [--weight-decay X] [--step-by-step]
// bpreg-bench recording W3|W5 DIGITS.CSV FOLDER [--threads N] [--repeats N]
// bpreg-bench registry IRIS.CSV FILE [--runs N] [--iterations-per-run M]
// bpreg-bench images FOLDER NAME [--rows N] [--seed N]
//
// The third makes a registry of N trained runs, for measuring how lists and searches grow; the last an IDX pair of the
// shape of MNIST. The first times training steps of the numeric core, nothing recorded, and prints the loss over the first rows after the first
// pass, by which one sees that everybody trained alike. BPREG_ISA chooses the instruction set.
import BPCore

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

    let start = now()
    pass()
    let passes = max(1, Int(option("--seconds", 1) / (now() - start)))
    let steps = Double(passes * workload.epochs * (workload.rows / workload.batch))
    var times: [Double] = []
    for _ in 0..<Int(option("--repeats", 5)) {
        let start = now()
        for _ in 0..<passes { pass() }
        times.append((now() - start) / steps * 1e6)
    }
    times.sort()
    print(
        "\(name) \(instructionSet.rawValue) threads \(compute.threads): \(times[times.count / 2]) us/step",
        "(\(times[0]) to \(times[times.count - 1])), loss after the first pass \(loss)")
}

guard CommandLine.arguments.count >= 3 else {
    complain("usage: bpreg-bench FOLDER WORKLOAD [--threads N] [--seconds S] [--repeats N] [--weight-decay X]\n")
    exit(64)
}
do {
    if CommandLine.arguments[1] == "recording", CommandLine.arguments.count >= 5 {
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
