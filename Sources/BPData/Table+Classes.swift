extension Table {
    /// The class of each row by the target column at `index`, numbered in the classes' order.
    /// - Throws: `DataError` if there are more than `ClassLabels.limit`.
    func classes(of index: Int) throws(DataError) -> [Int] {
        let column = columns[index]
        guard let labels = ClassLabels.distinct(in: column, rows: 0..<rowCount) else {
            throw DataError(
                .unusable,
                "the target has more than \(Visible.grouped(ClassLabels.limit)) distinct values, too many for classes",
                file: file, columnName: column.name, columnNumber: columnNumber(index))
        }
        let lookup = ClassLookup(labels)
        // Every value is among the labels unless it is NaN, which no file can hold.
        return (0..<rowCount).map { lookup.index(in: column, row: $0) ?? 0 }
    }
}
