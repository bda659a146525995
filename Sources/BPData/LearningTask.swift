/// What a network learns of its target.
public enum LearningTask: String, CaseIterable, Sendable {
    /// Which class a row belongs to.
    case classification
    /// A number.
    case regression

    /// The most distinct whole numbers that are taken for classes.
    public static let mostNumericClasses = 20
}

/// A task, and why it is this one.
package struct TaskChoice: Sendable, Equatable {
    /// The task.
    package let task: LearningTask
    /// One sentence for people.
    package let reason: String
}

extension Table {
    /// The task for a target column: `wanted` if given; else text is classes, at most 20 distinct whole numbers are
    /// classes, and other numbers are a regression.
    /// - Throws: `DataError` if the table has no such column or fewer than 2 rows, if all its values are equal, if a
    ///   regression is wanted of text, or classes of more than 1,000 distinct values.
    package func task(forTarget target: String, wanted: LearningTask? = nil) throws(DataError) -> TaskChoice {
        let index = try requiredIndex(ofColumn: target, as: "target")
        let column = columns[index]
        func refuse(_ message: String) -> DataError {
            DataError(
                .unusable, message, file: file, columnName: target, columnNumber: columnNumber(index),
                value: Visible.text(column.text(at: 0)))
        }
        guard rowCount >= 2 else { throw refuse("one row is too few to learn from") }
        let distinct = DistinctCount(of: column)
        guard distinct.count > 1 else {
            if wanted != .regression { try checkClassNames(index) }
            if let rounding = column.rounding, let example = rounding.first ?? rounding.respelt {
                throw refuse(
                    "the target has one value only once its numbers are rounded to \(rounding.type == .f32 ? "float32" : "float64"): "
                        + "\(example.text) on \(example.place) is read as \(Column.spelling(of: example.value))")
            }
            let value = Visible.quoted(column.text(at: 0))
            throw refuse(
                column.type == .text || wanted == .classification
                    ? "the target has one class only, \(value)" : "the target is constant: every value is \(value)")
        }
        let name = Visible.text(target)
        if wanted == .regression, column.type == .text {
            throw error(
                .badValue, "\(Visible.quoted(column.text(at: 0))) is not a number, and regression needs one",
                column: index, row: 0)
        }
        let natural = LearningTask.natural(for: column, distinct)
        let task = wanted ?? natural.task
        if task == .classification, !distinct.isComplete {
            throw refuse(
                "the target has more than \(Visible.grouped(ClassLabels.limit)) distinct values, too many for classes")
        }
        if task == .classification { try checkClassNames(index) }
        if let wanted {
            return TaskChoice(
                task: task, reason: "\(name) has \(distinct) distinct values; \(wanted.rawValue) was asked for")
        }
        return TaskChoice(task: task, reason: "\(name) \(natural.reason)")
    }
}

extension LearningTask {
    fileprivate static func natural(for column: Column, _ distinct: DistinctCount) -> TaskChoice {
        if column.type == .text {
            return TaskChoice(task: .classification, reason: "is text with \(distinct) distinct values: classification")
        }
        guard distinct.areWhole else {
            return TaskChoice(task: .regression, reason: "has numbers with fractions: regression")
        }
        let isFew = distinct.isComplete && distinct.count <= mostNumericClasses
        return TaskChoice(
            task: isFew ? .classification : .regression,
            reason:
                "has \(distinct) distinct whole numbers, \(isFew ? "not more" : "more") than \(mostNumericClasses): "
                + (isFew ? "classification" : "regression"))
    }
}
