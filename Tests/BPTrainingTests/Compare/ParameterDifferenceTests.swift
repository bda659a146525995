import BPCore
import BPData
import TestSupport
import Testing

@testable import BPTraining

@Suite("Weights side by side")
struct ParameterDifferenceTests {
    @Test("a case by hand")
    func byHand() throws {
        let a: [Float] = [3, -4, 0, 1]
        let b: [Float] = [3, 4, 0.5, -1]
        let found = ParameterDifference(from: a[...], to: b[...])
        // Δ = (0, 8, ½, −2); ‖A‖² = 26, ‖B‖² = 26.25, A·B = 9 − 16 − 1.
        #expect(found.count == 4 && found.changed == 3 && found.signFlips == 2 && found.largest == 8)
        #expect(found.norm == 68.25.squareRoot())
        #expect(found.relative == 68.25.squareRoot() / 26.0.squareRoot())
        #expect(found.cosine == -8 / (26.0.squareRoot() * 26.25.squareRoot()))
        #expect(found.changedShare == 0.75)
    }

    @Test("zeros: no relative difference, no cosine; 0 and −0 are other bits and no sign flip")
    func zeros() {
        let found = ParameterDifference(from: [0, 0][...], to: [-0.0, 2][...])
        #expect(found.relative == nil && found.cosine == nil)
        #expect(found.changed == 2 && found.signFlips == 0 && found.norm == 2)
        let none = ParameterDifference(from: [][...], to: [][...])
        #expect(none.norm == 0 && none.changedShare == 0)
    }

    @Test("what underflows or overflows as float32 does not in Double")
    func extremes() {
        let tiny = ParameterDifference(from: [1e-38, -1e-38][...], to: [-1e-38, 1e-38][...])
        #expect(tiny.signFlips == 2 && tiny.cosine == -1)
        let huge = ParameterDifference(from: [3e38][...], to: [-3e38][...])
        #expect(huge.norm == 2 * Double(Float(3e38)) && huge.largest == huge.norm)
    }

    @Test("equals a second formula, by vectors of Doubles, in 100 random cases")
    func random() {
        var random = SplitMix64(77)
        func value() -> Float { Float(Double(random.next() >> 11) / Double(1 << 53) - 0.5) }
        for round in 0..<100 {
            let count = 1 + Int(random.next() % 200)
            let a = (0..<count).map { _ in value() }
            let b = a.map { random.next() % 3 == 0 ? $0 : $0 + value() / 8 }
            let found = ParameterDifference(from: a[...], to: b[...])
            // By the law of cosines, and counted by filters.
            let dot = { (x: [Float], y: [Float]) in zip(x, y).map { Double($0) * Double($1) }.reduce(0, +) }
            let square = dot(a, a) - 2 * dot(a, b) + dot(b, b)
            #expect(abs(found.norm * found.norm - square) < 1e-12 * max(1, dot(a, a)), "seed 77, round \(round)")
            #expect(abs((found.cosine ?? 0) - dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot()) < 1e-12)
            #expect(found.changed == zip(a, b).filter { $0 != $1 }.count)
            #expect(found.signFlips == zip(a, b).filter { $0.sign != $1.sign }.count)
            #expect(found.largest == zip(a, b).map { abs(Double($0) - Double($1)) }.max())
        }
    }

    @Test("layers apart add up to all")
    func layers() throws {
        let (a, b) = (try model([3], 0), try model([3], 1))
        let found = WeightsComparison(from: a, to: b, names: ("A", "B"))
        #expect(found.layers.map(\.layer) == [1, 2] && found.notes == [] && !found.areIdentical)
        let all = try #require(found.all)
        let squares = found.layers.map { $0.weights.norm * $0.weights.norm + $0.biases.norm * $0.biases.norm }
        #expect(abs(squares.reduce(0, +) - all.norm * all.norm) < 1e-12)
        #expect(found.layers.map(\.all.count) == [9, 8] && all.count == 17)
        #expect(found.layers.map(\.weights.count) == [6, 6] && found.layers.map(\.biases.count) == [3, 2])
        #expect(WeightsComparison(from: a, to: a, names: ("A", "A")).areIdentical)
    }

    @Test("of other shapes what can be compared is, and the rest is said")
    func shapes() throws {
        let found = WeightsComparison(from: try model([3, 3], 0), to: try model([3, 4], 1), names: ("A", "B"))
        #expect(found.layers.map(\.layer) == [1] && found.all == nil)
        #expect(
            found.notes == [
                "layer 2 is 3×3 in A, 4×3 in B: not compared", "layer 3 is 2×3 in A, 2×4 in B: not compared",
            ])
        let deeper = WeightsComparison(from: try model([3], 0), to: try model([3, 2], 0), names: ("A", "B"))
        #expect(deeper.layers.map(\.layer) == [1, 2])
        #expect(deeper.notes == ["layer 2 is softmax in A, tanh in B", "only B has a layer 3, 2×2"])
    }

    @Test("inputs that stand for something else are told")
    func inputs() throws {
        let scaled = WeightsComparison(
            from: try model([3], 0), to: try model([3], 0, names: ["x", "y"], mean: 1), names: ("A", "B"))
        #expect(scaled.areIdentical)
        #expect(scaled.notes == ["the inputs are scaled differently, each by its own training rows"])
        let other = WeightsComparison(
            from: try model([3], 0), to: try model([3], 0, names: ["x", "z"]), names: ("A", "B"))
        #expect(other.notes.first?.contains("other columns") == true)
    }

    private func model(
        _ hidden: [Int], _ value: Float, names: [String] = ["x", "y"], mean: Double = 0
    ) throws -> TrainedModel {
        let network = try Network(
            inputs: 2, layers: hidden.map { (units: $0, activation: .tanh) } + [(units: 2, activation: .softmax)])
        let encoding = Encoding(
            features: names.map { .number(name: $0, scale: Scale(mean: Float(mean), deviation: 1)) },
            target: .classes(name: "t", .texts(["a", "b"]), hasSingleOutput: false))
        let parameters = (0..<network.parameterCount).map { Float($0) / 10 + value * Float($0 % 3) }
        return try TrainedModel(network: network, loss: .crossEntropy, encoding: encoding, parameters: parameters)
    }
}
