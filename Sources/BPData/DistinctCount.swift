/// How many different values a column has; counting stops above `ClassLabels.limit`.
package struct DistinctCount: Sendable, Hashable {
    /// The count, at most `ClassLabels.limit`.
    package let count: Int
    /// False if there are more than that.
    package let isComplete: Bool
    /// Whether the column is numeric and all its values are whole.
    package let areWhole: Bool

    /// A count of these parts.
    init(count: Int, isComplete: Bool, areWhole: Bool) {
        (self.count, self.isComplete, self.areWhole) = (count, isComplete, areWhole)
    }

    init(of column: Column) {
        let labels = ClassLabels.distinct(in: column, rows: 0..<column.rowCount)
        count = labels?.count ?? ClassLabels.limit
        isComplete = labels != nil
        areWhole =
            switch column.values {
            case .u8: true
            case .text: false
            case .f32(let numbers): numbers.allSatisfy { $0.isFinite && $0 == $0.rounded() }
            case .f64(let numbers): numbers.allSatisfy { $0.isFinite && $0 == $0.rounded() }
            }
    }
}

extension DistinctCount: CustomStringConvertible {
    /// `3`, or `more than 1,000`.
    package var description: String { isComplete ? Visible.grouped(count) : "more than \(Visible.grouped(count))" }
}
