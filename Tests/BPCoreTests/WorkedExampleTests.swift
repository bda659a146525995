import Testing

@testable import BPCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The 2-3-2 perceptron of THEORY: sigmoid units, half squared error, every partial derivative written out by the
/// chain rule. Names follow the notes: layer 1 is the input, w21_3 would be w_21 of layer 3.
@Suite struct WorkedExampleTests {
    static let x: (Double, Double) = (0.05, 0.1)
    static let y: (Double, Double) = (0.01, 0.99)
    // W(2) row-major, b(2), W(3) row-major, b(3): values that a float32 holds.
    static let parameters: [Double] = [
        0.15625, 0.203125, 0.25, 0.296875, -0.34375, 0.40625, 0.34375, -0.125, 0.0625,
        0.40625, 0.453125, -0.5, 0.546875, -0.59375, 0.65625, 0.609375, -0.25,
    ]

    /// ∂J/∂ of the 17 parameters in canonical order.
    static func partials(_ x: (Double, Double), _ y: (Double, Double), _ p: [Double]) -> [Double] {
        func f(_ z: Double) -> Double { 1 / (1 + exp(-z)) }
        let (w11_2, w12_2, w21_2, w22_2, w31_2, w32_2) = (p[0], p[1], p[2], p[3], p[4], p[5])
        let (b1_2, b2_2, b3_2) = (p[6], p[7], p[8])
        let (w11_3, w12_3, w13_3, w21_3, w22_3, w23_3) = (p[9], p[10], p[11], p[12], p[13], p[14])
        let (b1_3, b2_3) = (p[15], p[16])

        let a1_2 = f(w11_2 * x.0 + w12_2 * x.1 + b1_2)
        let a2_2 = f(w21_2 * x.0 + w22_2 * x.1 + b2_2)
        let a3_2 = f(w31_2 * x.0 + w32_2 * x.1 + b3_2)
        let o1 = f(w11_3 * a1_2 + w12_3 * a2_2 + w13_3 * a3_2 + b1_3)
        let o2 = f(w21_3 * a1_2 + w22_3 * a2_2 + w23_3 * a3_2 + b2_3)

        // ∂J/∂z_k(3) = (o_k − y_k) · o_k (1 − o_k), the factor that all paths through output k share.
        let dz1_3 = (o1 - y.0) * o1 * (1 - o1)
        let dz2_3 = (o2 - y.1) * o2 * (1 - o2)

        let dw11_3 = dz1_3 * a1_2
        let dw12_3 = dz1_3 * a2_2
        let dw13_3 = dz1_3 * a3_2
        let dw21_3 = dz2_3 * a1_2
        let dw22_3 = dz2_3 * a2_2
        let dw23_3 = dz2_3 * a3_2
        let db1_3 = dz1_3
        let db2_3 = dz2_3

        // Each hidden unit reaches J through both outputs.
        let dw11_2 = (dz1_3 * w11_3 + dz2_3 * w21_3) * a1_2 * (1 - a1_2) * x.0
        let dw12_2 = (dz1_3 * w11_3 + dz2_3 * w21_3) * a1_2 * (1 - a1_2) * x.1
        let dw21_2 = (dz1_3 * w12_3 + dz2_3 * w22_3) * a2_2 * (1 - a2_2) * x.0
        let dw22_2 = (dz1_3 * w12_3 + dz2_3 * w22_3) * a2_2 * (1 - a2_2) * x.1
        let dw31_2 = (dz1_3 * w13_3 + dz2_3 * w23_3) * a3_2 * (1 - a3_2) * x.0
        let dw32_2 = (dz1_3 * w13_3 + dz2_3 * w23_3) * a3_2 * (1 - a3_2) * x.1
        let db1_2 = (dz1_3 * w11_3 + dz2_3 * w21_3) * a1_2 * (1 - a1_2)
        let db2_2 = (dz1_3 * w12_3 + dz2_3 * w22_3) * a2_2 * (1 - a2_2)
        let db3_2 = (dz1_3 * w13_3 + dz2_3 * w23_3) * a3_2 * (1 - a3_2)

        return [
            dw11_2, dw12_2, dw21_2, dw22_2, dw31_2, dw32_2, db1_2, db2_2, db3_2,
            dw11_3, dw12_3, dw13_3, dw21_3, dw22_3, dw23_3, db1_3, db2_3,
        ]
    }

    @Test func theTrainersPartialsAreTheHandExpandedOnes() throws {
        let network = try Network(inputs: 2, layers: [(3, .sigmoid), (2, .sigmoid)])
        let input = [Float(Self.x.0), Float(Self.x.1)]
        let target = [Float(Self.y.0), Float(Self.y.1)]
        let samples = try Samples(inputs: input, targets: target, count: 1, inputWidth: 2, targetWidth: 2)
        // The same numbers as the trainer sees.
        let exact = Self.partials(
            (Double(input[0]), Double(input[1])), (Double(target[0]), Double(target[1])), Self.parameters)
        for set in instructionSets {
            let trainer = try Backpropagation(
                network: network, loss: .halfSquaredError, optimizer: .sgd(learningRate: 0.5), batchCapacity: 1,
                compute: serial(set))
            try trainer.setParameters(Self.parameters.map { Float($0) })
            let gradient = trainer.gradient(of: samples, rows: 0..<1).gradient
            #expect(gradient.count == 17)
            for (index, partial) in exact.enumerated() {
                #expect(abs(Double(gradient[index]) - partial) < 2e-6 * abs(partial), "\(set), partial \(index)")
            }
        }
    }

    @Test func theHandExpandedPartialsAreCentralDifferences() throws {
        let network = try Network(inputs: 2, layers: [(3, .sigmoid), (2, .sigmoid)])
        let naive = DoubleNetwork(network: network, loss: .halfSquaredError)
        let exact = Self.partials(Self.x, Self.y, Self.parameters)
        for index in Self.parameters.indices {
            var (up, down) = (Self.parameters, Self.parameters)
            let h = 1e-5
            up[index] += h
            down[index] -= h
            let (x, y) = ([Self.x.0, Self.x.1], [Self.y.0, Self.y.1])
            let difference = (naive.batchLoss(up, x, y).loss - naive.batchLoss(down, x, y).loss) / (2 * h)
            #expect(abs(difference - exact[index]) < 1e-9)
        }
    }
}
