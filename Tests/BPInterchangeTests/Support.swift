import BPCore
import BPData
import BPTraining
import TestSupport

@testable import BPInterchange

/// Models that nobody trained, for tests of what leaves and what comes in.
enum Fixture {
    /// A classification of x, a constant column and a shape: 4 → 3 tanh → 2 softmax, or 1 sigmoid.
    static func classes(hasSingleOutput: Bool = false) throws -> TrainedModel {
        let network = try Network(
            inputs: 4, layers: [(3, .tanh), hasSingleOutput ? (1, .sigmoid) : (2, .softmax)])
        let encoding = Encoding(
            features: [
                .number(name: "x", scale: Scale(mean: 2, deviation: 0.5)),
                .number(name: "same", scale: Scale(mean: 7, deviation: 0)),
                .categories(name: "shape", ["round", "square"]),
            ], target: .classes(name: "kind", .texts(["a", "b"]), hasSingleOutput: hasSingleOutput))
        return try TrainedModel(
            network: network, loss: .crossEntropy, encoding: encoding, parameters: floats(network.parameterCount))
    }

    /// A regression of x and y without hidden layers: 2 → 1 identity.
    static func numbers() throws -> TrainedModel {
        let network = try Network(inputs: 2, layers: [(1, .identity)])
        let encoding = Encoding(
            features: [
                .number(name: "x", scale: Scale(mean: 2, deviation: 0.5)),
                .number(name: "y", scale: Scale(mean: -1, deviation: 3)),
            ], target: .number(name: "size", scale: Scale(mean: 100, deviation: 20)))
        return try TrainedModel(
            network: network, loss: .halfSquaredError, encoding: encoding, parameters: floats(network.parameterCount))
    }

    /// `count` numbers between −1 and 1.
    static func floats(_ count: Int, seed: UInt64 = 5) -> [Float] {
        var random = SplitMix64(seed)
        return (0..<count).map { _ in Float(Double(random.next() >> 11) / Double(1 << 52) - 1) }
    }

    /// `model` on its way out.
    static func exported(_ model: TrainedModel) -> ExportedModel {
        ExportedModel(
            model: model,
            weights: [
                "run": 1, "segment": 1, "iteration": 12, "sha256": .string(model.weightsSHA256.hex),
            ])
    }
}
