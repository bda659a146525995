extension Encoding {
    /// The error for a row whose prediction is not finite. It names the number that is farthest from the training rows,
    /// since finite weights overflow only far outside of their range.
    /// - Precondition: the table has the columns of the features.
    package func unpredictable(_ table: Table, row: Int) -> DataError {
        var farthest: (index: Int, distance: Float)?
        for case .number(let name, let scale) in features {
            guard let index = table.index(ofColumn: name), let number = table.columns[index].number(at: row) else {
                continue
            }
            let distance = abs(scale.encode(number))
            if distance > farthest?.distance ?? 0 { farthest = (index, distance) }
        }
        let what = "the prediction for this row is not a finite number"
        guard let (index, distance) = farthest else { return table.error(what, columnIndex: nil, row: row) }
        return table.error(
            what + "; its value is \(distance) standard deviations away from the mean of the training rows",
            columnIndex: index, row: row)
    }

    /// The error for a row whose prediction is finite, and whose loss is not.
    /// - Parameter outputs: those of the row.
    /// - Precondition: the table has the target.
    package func unmeasurable(_ table: Table, row: Int, outputs: [Float]) -> DataError {
        let prediction = predictedNumbers(outputs).first.map { ", its prediction is \($0)" } ?? ""
        return table.error(
            "the loss of this row is not finite" + prediction, columnIndex: table.index(ofColumn: target.name), row: row
        )
    }
}

extension Table {
    /// An error about a row, with its line if it has one, and otherwise with its number.
    fileprivate func error(_ message: String, columnIndex: Int?, row: Int) -> DataError {
        var error = DataError(.badValue, message, file: file, line: line(ofRow: row))
        if error.line == nil { error.row = row + 1 }
        guard let index = columnIndex else { return error }
        (error.columnName, error.columnNumber) = (columns[index].name, columnNumber(index))
        error.value = Visible.text(columns[index].text(at: row))
        return error
    }
}
