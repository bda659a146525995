/// A file as a training would understand it: its columns, the proposed target and task, and doubts. A file whose columns cannot all be used is surveyed too.
package struct TableSurvey: Sendable {
    /// The choices of a person.
    package struct Choices: Sendable {
        /// The target; proposed if nil.
        package var target: String?
        /// Columns that are no features.
        package var ignored: [String]
        /// The task; by the target's values if nil.
        package var task: LearningTask?

        /// Choices; what is nil is found.
        package init(target: String? = nil, ignored: [String] = [], task: LearningTask? = nil) {
            (self.target, self.ignored, self.task) = (target, ignored, task)
        }
    }

    /// How the file is written: `CSV`, `NPY, gzipped`.
    package let format: TableFormat
    /// Whether it is gzipped.
    package let isCompressed: Bool
    /// The separator of a CSV file in a word, such as `commas`; nil for an array.
    package let separator: String?
    /// How many rows.
    package let rowCount: Int
    /// The columns, in order, with their purposes.
    package let columns: [ColumnSurvey]
    /// The notes of the reader.
    package let notes: [String]
    /// The target, and why this one; the name is nil if there is none.
    package let target: (name: String?, reason: String)
    /// The task with the reason; nil if the target cannot be learned as it is.
    package let task: TaskChoice?
    /// Of a target of classes how many rows each has.
    package let classes: ClassSizes?
    /// Doubts about the columns.
    package let findings: [TableFinding]
    /// Why it cannot be trained as it is: columns that are used and have faults first, then the target.
    package let obstacles: [String]

    /// - Parameters:
    ///   - columns: a survey of each column of the file.
    ///   - sound: those that can be used; nil if none can.
    ///   - read: all of them, as they were read.
    init(
        _ columns: [ColumnSurvey], sound table: Table?, of read: Table, file: TableFile, separator: String?,
        choices: Choices
    ) throws(DataError) {
        let names = columns.map(\.name)
        for (name, role) in choices.ignored.map({ ($0, "column to ignore") })
            + [(choices.target, "target")].compactMap({
                name, role in name.map { ($0, role) }
            }) where !names.contains(name)
        {
            throw Table.unknown(name, as: role, among: names, file: file.path)
        }
        let proposed = ProposedTarget(
            columns.filter { !choices.ignored.contains($0.name) }.map {
                .init(name: $0.name, distinct: $0.distinct, isNumeric: $0.range != nil)
            }, rowCount: read.rowCount)
        if let target = choices.target {
            self.target = (target, "named by --target")
        } else if let target = read.likelyTarget {
            self.target = (target, "the labels that belong to the rows")
        } else if read.lacksLabels {
            self.target = (nil, "a matrix has no labels; --labels FILE names them, or --target one of its columns")
        } else {
            self.target = (proposed.name, proposed.reason)
        }
        let target = self.target.name
        if let target, choices.ignored.contains(target) {
            throw DataError(.unusable, "the target cannot be ignored", file: file.path, columnName: target)
        }
        self.columns = columns.map { column in
            var column = column
            column.role =
                column.name == target ? .target : choices.ignored.contains(column.name) ? .ignored : .feature
            if column.role == .feature, column.type == .text, !column.distinct.isComplete {
                column.fault = table?.columns.first { $0.name == column.name }?.excess
            }
            return column
        }
        var obstacles = self.columns.filter { $0.role != .ignored }.compactMap { column in
            column.fault.map { "\(Visible.text(column.name)): \($0)\(column.advice)" }
        }
        var task: TaskChoice?
        if let target, let table, table.index(ofColumn: target) != nil {
            do throws(DataError) {
                let choice = try table.task(forTarget: target, wanted: choices.task)
                try table.refuseSingleRows(ofTarget: target, choice, wanted: choices.task)
                task = choice
            } catch { obstacles.append("\(Visible.text(target)): \(error.message)") }
        }
        if self.columns.allSatisfy({ $0.role != .feature }) {
            obstacles.append("there is no column to learn from beside the target")
        } else if self.columns.allSatisfy({ $0.role != .feature || $0.fault == nil && $0.distinct.count == 1 }) {
            obstacles.append("no feature column varies")
        }
        self.task = task
        self.obstacles = obstacles
        classes =
            task?.task == .classification
            ? table?.columns.first { $0.name == target }.flatMap { ClassSizes(of: $0) } : nil
        let features = self.columns.filter { $0.role == .feature && $0.fault == nil }.map(\.name)
        let constants = self.columns.filter { $0.role == .feature && $0.fault == nil && $0.distinct.count == 1 }
        findings =
            (target.flatMap { table?.findings(target: $0, features: features) } ?? [])
            + constants.map { .constant(column: $0.name) }
        (format, isCompressed, self.separator) = (file.format, file.isCompressed, separator)
        (rowCount, notes) = (read.rowCount, read.notes)
    }
}
