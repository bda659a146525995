import BPCore
import BPData

/// Compares the trainer's gradient with central differences (J(w + h) − J(w − h)) / 2h, whose forward pass is
/// written anew in Double: backpropagation's kernels have no part in it.
package struct GradientCheck: Sendable {
    /// A layer's worst disagreement.
    package struct LayerResult: Sendable, Equatable {
        /// The layer, from 1.
        package let layer: Int
        /// How many of its parameters were compared.
        package let checked: Int
        /// How many it has.
        package let parameters: Int
        /// max |analytic − numerical| / max(largest |numerical| of the layer, 1e−3).
        package let worst: Double
        /// max |analytic − numerical|.
        package let largestDifference: Double
        /// max |numerical|.
        package let largestGradient: Double
        /// Parameters left out since a ReLU unit changes sides within the step, where no derivative exists.
        package let kinks: Int
    }

    /// The layers, from the input's side.
    package let layers: [LayerResult]
    /// The loss that the kernels give.
    package let loss: Float
    /// The loss that the Double pass gives.
    package let referenceLoss: Double
    /// The most a layer's `worst` may be.
    package let bound: Double

    /// How a check is made.
    package struct Settings: Sendable, Equatable {
        /// Parameters compared in each layer; all if it has no more. Chosen evenly spread.
        package var parametersPerLayer = 200
        /// Rows of the batch, the first of the training split.
        package var rows = 16
        /// h.
        package var step = 1e-4
        /// The most a layer's `worst` may be.
        package var bound = 1e-4

        /// The defaults.
        package init() {}
    }

    /// Checks the gradient at the first weights of `plan`.
    /// - Throws: `TrainingError.setting`; `CoreError` and `DataError` if the rows cannot be computed with.
    package init(_ plan: TrainingPlan, settings: Settings = .init()) throws {
        guard settings.rows >= 1 else {
            throw TrainingError.setting(name: "rows", value: "\(settings.rows)", allowed: "at least 1")
        }
        guard settings.parametersPerLayer >= 1 else {
            throw TrainingError.setting(
                name: "parameters", value: "\(settings.parametersPerLayer)", allowed: "at least 1")
        }
        guard settings.step > 0, settings.step < 1 else {
            throw TrainingError.setting(name: "step", value: "\(settings.step)", allowed: "above 0 and below 1")
        }
        guard settings.bound > 0, settings.bound.isFinite else {
            throw TrainingError.setting(name: "bound", value: "\(settings.bound)", allowed: "a finite number above 0")
        }
        let spec = plan.spec
        let rows = Array(plan.split.training.prefix(settings.rows))
        let batch = try EncodedBatch(plan.table, rows: rows, encoding: spec.encoding)
        let trainer = try Backpropagation(
            network: spec.network, loss: spec.loss, optimizer: spec.optimizer, batchCapacity: rows.count,
            numerics: Numerics(version: spec.numerics),
            compute: Compute(threads: 1, instructionSet: InstructionSet.fromEnvironment().0))
        if let initializer = spec.firstWeights.initializer {
            trainer.initialize(initializer, seed: UInt64(spec.seed))
        } else if let imported = plan.imported {
            try trainer.setParameters(imported)
        }
        let (loss, gradient) = trainer.gradient(of: batch.samples, rows: 0..<rows.count)
        var reference = ReferenceNetwork(
            network: spec.network, loss: spec.loss, parameters: trainer.parameters.map(Double.init))
        self.loss = loss
        referenceLoss = reference.evaluate(batch.inputs, batch.targets).loss
        bound = settings.bound
        var layers: [LayerResult] = []
        for index in spec.network.layers.indices {
            layers.append(
                GradientCheck.check(layer: index, gradient, &reference, batch, settings))
        }
        self.layers = layers
    }

    /// The greater of two numbers; NaN if one of them is, which `max` may leave out.
    private static func greater(_ a: Double, _ b: Double) -> Double { a.isNaN || b.isNaN ? .nan : max(a, b) }

    private static func check(
        layer index: Int, _ gradient: [Float], _ reference: inout ReferenceNetwork, _ batch: EncodedBatch,
        _ settings: Settings
    ) -> LayerResult {
        let network = reference.network
        let range = network.weightRange(layer: index).lowerBound..<network.biasRange(layer: index).upperBound
        let count = min(range.count, settings.parametersPerLayer)
        var (difference, largest, kinks) = (0.0, 0.0, 0)
        for place in 0..<count {
            let parameter = range.lowerBound + place * range.count / count
            let value = reference.parameters[parameter]
            reference.parameters[parameter] = value + settings.step
            let above = reference.evaluate(batch.inputs, batch.targets)
            reference.parameters[parameter] = value - settings.step
            let below = reference.evaluate(batch.inputs, batch.targets)
            reference.parameters[parameter] = value
            guard above.sides == below.sides else {
                kinks += 1
                continue
            }
            let numerical = (above.loss - below.loss) / (2 * settings.step)
            difference = greater(difference, abs(Double(gradient[parameter]) - numerical))
            largest = greater(largest, abs(numerical))
        }
        return LayerResult(
            layer: index + 1, checked: count - kinks, parameters: range.count,
            worst: difference / greater(largest, 1e-3),
            largestDifference: difference, largestGradient: largest, kinks: kinks)
    }
}

/// Rows as the kernels and as the Double pass want them.
private struct EncodedBatch {
    let samples: Samples
    let inputs: [[Double]]
    let targets: [[Double]]

    init(_ table: Table, rows: [Int], encoding: Encoding) throws {
        let inputs = try encoding.encodeInputs(table, rows: rows).values
        let targets = try encoding.encodeTargets(table, rows: rows)
        samples = try Samples(
            inputs: inputs, targets: targets, count: rows.count, inputWidth: encoding.inputWidth,
            targetWidth: encoding.outputWidth)
        self.inputs = EncodedBatch.rows(inputs, width: encoding.inputWidth)
        self.targets = EncodedBatch.rows(targets, width: encoding.outputWidth)
    }

    private static func rows(_ values: [Float], width: Int) -> [[Double]] {
        stride(from: 0, to: values.count, by: width).map { values[$0..<$0 + width].map(Double.init) }
    }
}
