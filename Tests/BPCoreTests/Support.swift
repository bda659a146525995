import CBPKernels
import TestSupport

@testable import BPCore

/// The seed of this run's random tests.
let runSeed = testSeed("BPCoreTests")

/// Random numbers for tests, a function of the run's seed and a name for the test.
struct TestRandom: RandomNumberGenerator {
    private var stream: PhiloxStream

    init(_ test: UInt32, seed: UInt64 = runSeed) {
        stream = PhiloxStream(seed: seed, purpose: .weights, stream: 0x7E57_0000 + test)
    }

    mutating func next() -> UInt64 { UInt64(stream.next()) << 32 | UInt64(stream.next()) }

    mutating func floats(_ count: Int, _ range: ClosedRange<Float> = -1...1) -> [Float] {
        (0..<count).map { _ in .random(in: range, using: &self) }
    }

    /// Any bits: denormals, infinities and NaN too.
    mutating func anyFloat() -> Float { Float(bitPattern: UInt32(truncatingIfNeeded: next())) }

    /// Rows that are probabilities, Σ = 1.
    mutating func probabilities(rows: Int, width: Int) -> [Float] {
        (0..<rows).flatMap { _ -> [Float] in
            let raw = (0..<width).map { _ in Double.random(in: 0...1, using: &self) }
            let sum = raw.reduce(0, +)
            return raw.map { Float($0 / sum) }
        }
    }
}

let instructionSets = InstructionSet.allCases.filter(\.isAvailable)

func kernels(_ set: InstructionSet, _ numerics: Numerics = .newest) -> bp_kernels {
    bp_kernels_for(set.level, Int32(numerics.rawValue))!.pointee
}

func serial(_ set: InstructionSet? = nil) throws -> Compute { try Compute(threads: 1, instructionSet: set) }

/// The bits, with which NaN is equal to itself and −0 is not 0; all NaN count as one.
func bits(_ values: [Float]) -> [UInt32] { values.map { $0.isNaN ? 0x7FC0_0000 : $0.bitPattern } }

/// A network, a loss and samples for it, small random numbers.
struct Case {
    let network: Network
    let loss: Loss
    let count: Int
    let inputs, targets, parameters: [Float]

    init(_ sizes: [Int], _ activations: [Activation], _ loss: Loss, count: Int, _ random: inout TestRandom) throws {
        network = try Network(inputs: sizes[0], layers: Array(zip(sizes.dropFirst(), activations)))
        self.loss = loss
        self.count = count
        inputs = random.floats(count * network.inputs)
        targets =
            loss == .crossEntropy && network.outputActivation == .softmax
            ? random.probabilities(rows: count, width: network.outputs)
            : random.floats(count * network.outputs, 0...1)
        // Small enough for wide layers that training does not diverge.
        let bound = min(1, 2 / Float(sizes.max()!).squareRoot())
        parameters = random.floats(network.parameterCount, -bound...bound)
    }

    func samples() throws -> Samples {
        try Samples(
            inputs: inputs, targets: targets, count: count, inputWidth: network.inputs, targetWidth: network.outputs)
    }

    func trainer(
        _ compute: Compute, _ optimizer: Optimizer = .sgd(learningRate: 0.1), decay: Double = 0
    ) throws -> Backpropagation {
        let trainer = try Backpropagation(
            network: network, loss: loss, optimizer: optimizer, weightDecay: decay, batchCapacity: count,
            compute: compute)
        try trainer.setParameters(parameters)
        return trainer
    }
}
