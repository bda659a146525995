import BPCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What went wrong while a workload was read.
struct WorkloadError: Error, CustomStringConvertible {
    let description: String
}

/// One training workload as `tools/bench-export` writes it.
struct Workload {
    let network: Network
    let loss: Loss
    let optimizer: Optimizer
    let batch, rows, epochs: Int
    let inputs, targets, parameters: [Float]

    init(folder: String, name: String) throws {
        let text = String(decoding: try Workload.read("\(folder)/\(name).txt"), as: UTF8.self)
        var settings: [String: [String]] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            settings[words[0]] = Array(words.dropFirst())
        }
        func words(_ key: String) throws -> [String] {
            guard let found = settings[key], !found.isEmpty else { throw WorkloadError(description: "no \(key)") }
            return found
        }
        func number<Value: LosslessStringConvertible>(_ word: String) throws -> Value {
            guard let value = Value(word) else { throw WorkloadError(description: "\(word) is not a number") }
            return value
        }
        let sizes: [Int] = try words("sizes").map(number)
        let activations = try words("activations").compactMap(Activation.init(rawValue:))
        network = try Network(inputs: sizes[0], layers: Array(zip(sizes.dropFirst(), activations)))
        guard let loss = Loss(rawValue: try words("loss")[0]) else { throw WorkloadError(description: "unknown loss") }
        self.loss = loss
        let rule = try words("optimizer")
        let numbers: [Double] = try rule.dropFirst().map(number)
        switch rule[0] {
        case "adam":
            optimizer = .adam(learningRate: numbers[0], beta1: numbers[1], beta2: numbers[2], epsilon: numbers[3])
        case "momentum": optimizer = .momentum(learningRate: numbers[0], momentum: numbers[1])
        default: optimizer = .sgd(learningRate: numbers[0])
        }
        batch = try number(try words("batch")[0])
        rows = try number(try words("rows")[0])
        epochs = try number(try words("epochs")[0])

        let floats = try Workload.read("\(folder)/\(name).bin").withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
        let targetsStart = rows * network.inputs
        let parametersStart = targetsStart + rows * network.outputs
        guard floats.count == parametersStart + network.parameterCount else {
            throw WorkloadError(description: "\(name).bin has \(floats.count) numbers")
        }
        inputs = Array(floats[..<targetsStart])
        targets = Array(floats[targetsStart..<parametersStart])
        parameters = Array(floats[parametersStart...])
    }

    private static func read(_ path: String) throws -> [UInt8] {
        guard let file = fopen(path, "rb") else { throw WorkloadError(description: "cannot read \(path)") }
        defer { fclose(file) }
        fseek(file, 0, SEEK_END)
        var bytes = [UInt8](repeating: 0, count: ftell(file))
        rewind(file)
        guard fread(&bytes, 1, bytes.count, file) == bytes.count else {
            throw WorkloadError(description: "cannot read \(path)")
        }
        return bytes
    }
}
