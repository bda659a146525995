import BPCore
public import BPData

/// A row for which a model computes a number that is not finite, so that a measure over the rows means little.
public struct NonFinite: Sendable, Equatable, CustomStringConvertible {
    /// The first such row: its place, its value and the reason.
    public let row: DataError
    /// Whether the prediction is not finite. Otherwise only the loss is not.
    public let isPrediction: Bool

    /// In one line, with the value.
    public var description: String { row.description + (row.value.map { ", value \"\($0)\"" } ?? "") }
}

extension NonFinite {
    /// The first of `rows` whose outputs [rows × outputWidth] are not all finite; nil if all are.
    init?(outputs: [Float], of table: Table, rows: [Int], encoding: Encoding) {
        guard let place = outputs.firstIndex(where: { !$0.isFinite }) else { return nil }
        row = encoding.unpredictable(table, row: rows[place / encoding.outputWidth])
        isPrediction = true
    }

    /// The reason why the mean loss over `rows` is not finite, found by halving them.
    /// - Returns: nil if each half is finite and only their sum is not.
    init?(lossOf rows: [Int], of table: Table, encoding: Encoding, by forward: Backpropagation) throws {
        func measure(_ rows: [Int]) throws -> (isFinite: Bool, outputs: [Float]) {
            let split = try EncodedSplit(table, rows: rows, encoding: encoding, unknown: .zero)
            let (loss, outputs) = forward.evaluate(split.samples)
            return (loss.isFinite, outputs)
        }
        var rest = rows[...]
        while rest.count > 1 {
            let (front, back) = (rest.prefix(rest.count / 2), rest.dropFirst(rest.count / 2))
            if try !measure(Array(front)).isFinite {
                rest = front
            } else if try !measure(Array(back)).isFinite {
                rest = back
            } else {
                return nil
            }
        }
        guard let found = rest.first else { return nil }
        let outputs = try measure([found]).outputs
        if let prediction = NonFinite(outputs: outputs, of: table, rows: [found], encoding: encoding) {
            self = prediction
        } else {
            (row, isPrediction) = (encoding.unmeasurable(table, row: found, outputs: outputs), false)
        }
    }
}
