import TestSupport
import Testing

@testable import BPCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Ten updates by each rule against NumPy in float64 (Tests/Fixtures/core/make_ten_steps.py).
@Suite struct TenStepsTests {
    struct Recorded {
        let network: Network
        let loss: Loss
        let rule: Optimizer
        let batch, rows: Int
        let inputs, targets, before: [Float]
        let after, losses: [Double]
    }

    func recorded() throws -> [Recorded] {
        let file = try #require(fopen(Project.file("Tests/Fixtures/core/ten_steps.txt").path, "r"))
        defer { fclose(file) }
        var text = [UInt8](repeating: 0, count: 100_000)
        text.removeLast(text.count - fread(&text, 1, text.count, file))
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n").map { $0.split(separator: " ") }
        return try stride(from: 0, to: lines.count, by: 9).map { start in
            let head = lines[start]
            let sizes = lines[start + 1].dropFirst().compactMap { Int($0) }
            let activations = lines[start + 2].dropFirst().compactMap { Activation(rawValue: String($0)) }
            let numbers = lines[start + 3].dropFirst().compactMap { Double($0) }
            let rule: Optimizer =
                switch head[1] {
                case "sgd": .sgd(learningRate: numbers[0])
                case "momentum": .momentum(learningRate: numbers[0], momentum: numbers[1])
                default:
                    .adam(learningRate: numbers[0], beta1: numbers[1], beta2: numbers[2], epsilon: numbers[3])
                }
            return Recorded(
                network: try Network(inputs: sizes[0], layers: Array(zip(sizes.dropFirst(), activations))),
                loss: try #require(Loss(rawValue: String(head[2]))), rule: rule,
                batch: try #require(Int(head[3])), rows: try #require(Int(head[4])),
                inputs: lines[start + 4].compactMap { Float($0) }, targets: lines[start + 5].compactMap { Float($0) },
                before: lines[start + 6].compactMap { Float($0) }, after: lines[start + 7].compactMap { Double($0) },
                losses: lines[start + 8].compactMap { Double($0) })
        }
    }

    /// Losses within 2·10⁻⁶ and parameters within 5·10⁻⁶, both relative where they are above 1: float32 rounds each of
    /// ten steps, and Adam divides by the root of small numbers.
    @Test func tenStepsOfEachRuleAreNumPys() throws {
        let cases = try recorded()
        #expect(cases.count == 15)
        var worst = (loss: 0.0, parameter: 0.0)
        for example in cases {
            let trainer = try Backpropagation(
                network: example.network, loss: example.loss, optimizer: example.rule, batchCapacity: example.batch,
                compute: serial())
            try trainer.setParameters(example.before)
            let samples = try Samples(
                inputs: example.inputs, targets: example.targets, count: example.rows,
                inputWidth: example.network.inputs, targetWidth: example.network.outputs)
            var first = 0
            for (step, loss) in example.losses.enumerated() {
                let range = first..<min(first + example.batch, example.rows)
                let result = trainer.step(samples, rows: nil, range: range, optimizerStep: step + 1)
                worst.loss = max(worst.loss, abs(Double(result.loss) - loss) / max(abs(loss), 1))
                first = range.upperBound < example.rows ? range.upperBound : 0
            }
            for (found, expected) in zip(trainer.parameters, example.after) {
                worst.parameter = max(worst.parameter, abs(Double(found) - expected) / max(abs(expected), 1))
            }
        }
        print("ten steps: losses within \(worst.loss), parameters within \(worst.parameter)")
        #expect(worst.loss < 2e-6 && worst.parameter < 5e-6)
    }
}
