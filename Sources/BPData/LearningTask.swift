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
                .badValue,
                "\(Visible.quoted(column.text(at: 0))) is not a number, and regression needs one"
                    + (column.dressedValues.map { ": \($0.description); \($0.advice)" } ?? ""),
                column: index, row: 0)
        }
        let natural = LearningTask.natural(for: column, distinct)
        let task = wanted ?? natural.task
        if task == .classification, !distinct.isComplete {
            throw refuse(
                "the target has more than \(Visible.grouped(ClassLabels.limit)) distinct values, too many for classes"
                    + (column.dressedValues.map { "; \($0.description); \($0.advice)" } ?? ""))
        }
        if task == .classification { try checkClassNames(index) }
        let learned = "treating \(name) as \(task == .classification ? "classes" : "a number")"
        if let wanted {
            return TaskChoice(
                task: task, reason: "\(learned) (--task \(wanted.rawValue)): it has \(distinct) distinct values")
        }
        return TaskChoice(
            task: task, reason: learned + (task == .regression ? " (regression)" : "") + ": \(natural.reason)")
    }
}

extension LearningTask {
    fileprivate static func natural(for column: Column, _ distinct: DistinctCount) -> TaskChoice {
        if column.type == .text {
            return TaskChoice(task: .classification, reason: "it is text with \(distinct) distinct values")
        }
        let isFew = distinct.isComplete && distinct.count <= mostNumericClasses
        let classes = distinct.count <= 100 ? " (use --task classification to change that)" : ""
        guard distinct.areWhole else {
            let example = (0..<column.rowCount).lazy.compactMap { column.number(at: $0) }.first { $0 != $0.rounded() }
            return TaskChoice(
                task: .regression,
                reason: "it has fractions"
                    + (example.map { ", such as \(Column.spelling(of: $0))" } ?? "")
                    + (isFew ? classes : ""))
        }
        return isFew
            ? TaskChoice(
                task: .classification,
                reason: "it has only \(distinct) distinct whole numbers (use --task regression to change that)")
            : TaskChoice(
                task: .regression,
                reason: "it has \(distinct) distinct whole numbers, more than \(mostNumericClasses)" + classes)
    }
}
