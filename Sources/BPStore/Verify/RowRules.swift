/// The rules that rows must satisfy beyond their structure. They concern runs, lines and pins, which the store does not
/// know. They are called only for rows that match their seal, in the transaction in which the row was read.
package protocol RowRules {
    func check(_ dataset: DatasetRow, _ check: RowCheck) throws
    func check(_ run: RunRow, _ check: RowCheck) throws
    func check(_ segment: SegmentRecord, _ check: RowCheck) throws
    func check(_ block: BlockRow, _ check: RowCheck) throws
    func check(_ keyframe: KeyframeRow, _ check: RowCheck) throws
    func check(_ pin: PinRecord, _ check: RowCheck) throws
}

/// The check of one row; rules report to it.
package struct RowCheck {
    let verifier: Verifier
    let row: TableRow

    package var store: Store { verifier.store }

    /// Reports a mismatch in the row.
    package func found(_ what: String) { verifier.found(row.table.name, row.keyText, what) }

    /// Reports a mismatch in a row of another table, which need not exist.
    package func found(_ what: String, in row: some SealedRow) {
        let row = TableRow(row)
        verifier.found(row.table.name, row.keyText, what)
    }

    /// Reports each column of the row that differs from `expected`. All columns are compared as they are stored,
    /// including the REAL beside the bits of a float32.
    package func compare(with expected: some SealedRow, _ fault: String) {
        let expected = TableRow(expected)
        for (column, values) in zip(row.table.columns, zip(row.values, expected.values)) where values.0 != values.1 {
            found("\(column) \(fault)")
        }
    }

    /// Counts checked items other than rows.
    package func tally(_ name: String, _ count: Int) { verifier.tally(name, count) }
}
