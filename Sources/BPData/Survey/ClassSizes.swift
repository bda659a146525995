/// How many rows each class of a target has.
package struct ClassSizes: Sendable, Hashable {
    /// The classes, in the order of the network's outputs.
    package let labels: ClassLabels
    /// The rows of each.
    package let rows: [Int]

    /// Nil if there are more classes than a target may have.
    init?(of column: Column) {
        guard let labels = ClassLabels.distinct(in: column, rows: 0..<column.rowCount) else { return nil }
        let lookup = ClassLookup(labels)
        var rows = [Int](repeating: 0, count: labels.count)
        for row in 0..<column.rowCount { if let index = lookup.index(in: column, row: row) { rows[index] += 1 } }
        (self.labels, self.rows) = (labels, rows)
    }

    /// How many classes have a single row.
    package var singles: Int { rows.count { $0 == 1 } }

    /// Nearly every class has a single row, and these are most of the rows: nothing can be learned about a class.
    var areNearlyAllSingle: Bool {
        rows.count > 2 && singles * 10 >= rows.count * 8 && singles * 2 >= rows.reduce(0, +)
    }
}

extension Table {
    /// Refuses classes of which nearly every one has a single row.
    /// - Parameter wanted: the task that was asked for; classes that were asked for are accepted.
    /// - Throws: `DataError` (`unusable`) with an example of the values, and advice.
    package func refuseSingleRows(
        ofTarget target: String, _ choice: TaskChoice, wanted: LearningTask?
    ) throws(DataError) {
        guard wanted == nil, choice.task == .classification else { return }
        let index = try requiredIndex(ofColumn: target, as: "target")
        let column = columns[index]
        guard let sizes = ClassSizes(of: column), sizes.areNearlyAllSingle else { return }
        let share =
            sizes.singles == sizes.rows.count
            ? "each of them has a single row" : "\(Visible.grouped(sizes.singles)) of them have a single row"
        let advice =
            if let values = column.dressedValues {
                "\(values.description); \(values.advice)"
            } else if column.type.isNumeric {
                "use --task regression to learn its numbers"
            } else {
                "choose another target, or group its values; --task classification trains on it anyway"
            }
        var error = DataError(
            .unusable,
            "the target would be \(Visible.grouped(sizes.rows.count)) classes, and \(share), so nothing can be learned "
                + "about a class: " + advice,
            file: file, columnName: column.name, columnNumber: columnNumber(index),
            value: Visible.text(column.text(at: 0)))
        error.remedy = column.type.isNumeric ? .regression : nil
        throw error
    }
}
