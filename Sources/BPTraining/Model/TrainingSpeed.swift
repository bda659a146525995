public import BPCore
public import BPRegistry

/// How fast a run was trained, from what is recorded of it.
///
/// The time is that of its own epochs that ended, over all attempts: training and validating, and waiting for the recorder
/// if the disk is slow. Reading data, replays, and the end of an attempt do not count.
public struct TrainingSpeed: Sendable, Equatable {
    /// Rows of the training split per second; each row counts once an epoch.
    public let rowsPerSecond: Double
    /// Floating-point operations of the products per second, in units of 10⁹: rows per second times
    /// `Network.operationsPerRow`. Elementwise functions, updates and the validation split are left out.
    public let gigaflops: Double

    /// The speed of `run`; nil before the first epoch of its own has ended.
    ///
    /// An epoch has L iterations of at most B rows. Where the number of training rows is not recorded, it is taken as
    /// N (1 − v − t) for the fractions v and t of a dataset of N rows, within the (L − 1) B + 1 to L B that L allows.
    /// - Parameter datasetRows: N.
    public init?(_ run: RunRecord, spec: TrainingSpec, datasetRows: Int) {
        let length = run.iterationsPerEpoch
        // A fork's seconds are those of its own part.
        let own = run.iterations - (run.parent?.iteration ?? 0)
        guard length >= 1, spec.batchSize >= 1, run.seconds > 0, own >= length else { return nil }
        let share = 1 - spec.fractions.validation - spec.fractions.test
        let (most, expected) = (Double(length) * Double(spec.batchSize), (Double(datasetRows) * share).rounded())
        let rows = min(most, max(most - Double(spec.batchSize) + 1, expected))
        rowsPerSecond = Double(own / length) * rows / run.seconds
        gigaflops = rowsPerSecond * spec.network.operationsPerRow * 1e-9
    }
}

extension Network {
    /// Floating-point operations of the products that train one row, a multiplication and an addition for each weight and
    /// pass: 2 (3 Σ n_l n_{l−1} − n_1 n_0). The passes are forward, the errors of the hidden layers and the gradient; the
    /// inputs have no error.
    public var operationsPerRow: Double {
        let weights = layers.map { Double($0.inputs) * Double($0.outputs) }
        return 2 * (3 * weights.reduce(0, +) - (weights.first ?? 0))
    }
}
