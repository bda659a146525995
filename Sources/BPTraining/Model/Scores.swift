/// Measures of predictions against what is true, in Double, summed in order of the rows.
package enum Scores {
    /// The share of rows whose class is right; NaN for no rows.
    package static func accuracy(_ predicted: [Int], _ actual: [Int]) -> Double {
        Double(zip(predicted, actual).count { $0 == $1 }) / Double(actual.count)
    }

    /// How often class i (row) was taken for class j (column).
    package static func confusion(_ predicted: [Int], _ actual: [Int], classes: Int) -> [[Int]] {
        var counts = [[Int]](repeating: [Int](repeating: 0, count: classes), count: classes)
        for (predicted, actual) in zip(predicted, actual) { counts[actual][predicted] += 1 }
        return counts
    }

    /// R² = 1 − Σ(y − o)² / Σ(y − ȳ)²; nil if y does not vary, as for fewer than two rows, since nothing is there to be
    /// explained.
    package static func r2(_ predicted: [Double], _ actual: [Double]) -> Double? {
        guard let first = actual.first, actual.contains(where: { $0 != first }) else { return nil }
        let mean = actual.reduce(0, +) / Double(actual.count)
        let (residual, total) = zip(predicted, actual).reduce(into: (0.0, 0.0)) { sums, pair in
            sums.0 += (pair.1 - pair.0) * (pair.1 - pair.0)
            sums.1 += (pair.1 - mean) * (pair.1 - mean)
        }
        return total == 0 ? nil : 1 - residual / total
    }

    /// (1/N) Σ |y − o|.
    package static func meanAbsoluteError(_ predicted: [Double], _ actual: [Double]) -> Double {
        zip(predicted, actual).reduce(0) { $0 + abs($1.1 - $1.0) } / Double(actual.count)
    }

    /// √((1/N) Σ (y − o)²).
    package static func rootMeanSquaredError(_ predicted: [Double], _ actual: [Double]) -> Double {
        (zip(predicted, actual).reduce(0) { $0 + ($1.1 - $1.0) * ($1.1 - $1.0) } / Double(actual.count)).squareRoot()
    }
}
