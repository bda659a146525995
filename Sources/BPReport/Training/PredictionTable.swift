import BPJSON
package import BPTraining

/// Predictions as a table.
package enum PredictionTable {
    /// Row numbers count from 1; probabilities, or outputs that are none, are columns of their own in the order of the
    /// classes.
    package static func write(_ predictions: Predictions, rows: Int, format: OutputFormat, to output: Output) throws {
        let names = predictions.classNames
        let kind = predictions.areProbabilities ? "probability_" : "output_"
        let columns =
            [TableColumn.count("row"), .words("prediction")]
            + (names ?? []).map { TableColumn.measure(kind + $0) }
        let table = TableWriter(columns, format: format, output: output)
        let (classes, probabilities) = names == nil ? ([], []) : (predictions.classes, predictions.probabilities)
        let numbers = names == nil ? predictions.numbers : []
        for row in 0..<rows {
            if let names {
                let own = probabilities[row * names.count..<(row + 1) * names.count]
                try table.add([JSONValue(row + 1), .string(names[classes[row]])] + own.map { .float($0) })
            } else {
                try table.add([JSONValue(row + 1), .double(numbers[row])])
            }
        }
        try table.finish(empty: "")
    }

    /// A sentence about columns that were ignored.
    package static func note(on predictions: Predictions) -> String? {
        predictions.extraColumns.isEmpty
            ? nil
            : "ignored columns that the model does not use: " + predictions.extraColumns.joined(separator: ", ")
    }

    /// A sentence about categories that were taken as zero.
    package static func warning(on predictions: Predictions) -> String? {
        let unknown = predictions.unknownCategories
        return unknown.first.map { first in
            (unknown.count == 1
                ? "1 value is a category never seen in training, taken as zero: "
                : "\(unknown.count) values are categories never seen in training, taken as zero; the first: ")
                + first.description
        }
    }
}
