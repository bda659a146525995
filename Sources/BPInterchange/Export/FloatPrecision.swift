import BPData
import BPJSON
import BPTraining

/// Whether float32 is enough for the numbers that enter and leave an exported graph.
///
/// bpreg takes the mean from a column in Double and rounds the quotient. A graph with float32 inputs rounds the column
/// first: of Unix seconds within a day (mean 1.7e9, deviation 25,000) 64 seconds are lost, and predictions differ. The
/// same holds for a target whose mean is added to an output.
struct FloatPrecision {
    /// How much predictions differ if the inputs are rounded to float32: of a probability, or in deviations of a
    /// regression's target. Infinity if that cannot be computed.
    let inputDifference: Double
    /// How much a regression's prediction differs if it is computed in float32, in deviations of the target.
    let outputDifference: Double

    /// Differences up to this are those that any other order of the sums makes.
    static let tolerance = 1e-6

    /// Whether the inputs are float64.
    var needsDoubleInputs: Bool { inputDifference > FloatPrecision.tolerance }
    /// Whether a regression's prediction is float64.
    var needsDoubleOutputs: Bool { outputDifference > FloatPrecision.tolerance }

    /// Predicts made-up rows of the training rows' range with the exact inputs and with rounded ones.
    init(_ model: TrainedModel) {
        if FloatPrecision.hasOffsets(model.encoding) {
            inputDifference = (try? FloatPrecision.measure(model)) ?? .infinity
        } else {
            inputDifference = 0
        }
        if case .number(_, let scale) = model.encoding.target, scale.deviation > 0 {
            // Half a unit in the last place of the mean and of the product.
            outputDifference = FloatPrecision.halfUnit * FloatPrecision.ratio(scale)
        } else {
            outputDifference = 0
        }
    }

    /// A scale's mean as JSON. The shortest decimal of a float32 is another number if it is read as a Double, as Python
    /// does: 1.7e9 + 8 becomes 1.7e9. If that shows in deviations, the exact value is written.
    static func json(meanOf scale: Scale) -> JSONValue {
        let short = JSONValue.float(scale.mean)
        let read = (try? JSONValue(parsing: short.serialized))?.number ?? Double(scale.mean)
        let isOff = abs(read - Double(scale.mean)) > tolerance * Double(scale.deviation)
        return scale.deviation > 0 && isOff ? .double(Double(scale.mean)) : short
    }

    private static let halfUnit = Double(Float.ulpOfOne) / 2

    /// How many deviations the values are away from 0.
    private static func ratio(_ scale: Scale) -> Double {
        (abs(Double(scale.mean)) + spread * Double(scale.deviation)) / Double(scale.deviation)
    }

    /// Whether a column is so far away from 0 that its rounding may show.
    private static func hasOffsets(_ encoding: Encoding) -> Bool {
        encoding.features.contains { feature in
            guard case .number(_, let scale) = feature, scale.deviation > 0 else { return false }
            return ratio(scale) > 64
        }
    }

    /// The rows reach so many deviations to both sides of the mean.
    private static let spread = 3.0
    private static let rows = 256

    private static func measure(_ model: TrainedModel) throws -> Double {
        let (exact, rounded) = (try predict(model) { $0 }, try predict(model) { Double(Float($0)) })
        return zip(exact, rounded).reduce(0) { max($0, abs(Double($1.0) - Double($1.1))) }
    }

    /// The outputs for rows that depend on nothing but the encoding.
    private static func predict(_ model: TrainedModel, _ column: (Double) -> Double) throws -> [Float] {
        var columns: [Column] = []
        for (index, feature) in model.encoding.features.enumerated() {
            switch feature {
            case .number(let name, let scale):
                // Multiples of an irrational number spread evenly, each column by another one.
                let step = (Double(index + 2).squareRoot() * 0.6180339887).truncatingRemainder(dividingBy: 1)
                columns.append(
                    Column(
                        name: name,
                        values: .f64(
                            (0..<rows).map { row in
                                let part = (Double(row + 1) * step).truncatingRemainder(dividingBy: 1)
                                return column(
                                    Double(scale.mean) + (2 * part - 1) * spread * Double(scale.deviation))
                            })))
            case .categories(let name, let categories):
                let texts = (0..<rows).map { categories[($0 + index) % categories.count] }
                columns.append(Column(name: name, values: .text(try TextValues(texts))))
            }
        }
        let predictions = try model.predict(Table(name: "rows", columns: columns))
        return predictions.classNames == nil ? predictions.outputs : predictions.probabilities
    }
}
