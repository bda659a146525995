import BPCore
import BPData

/// A table prepared for a new run, with its target, its task, its split and the roles of its columns.
struct PreparedTable: Sendable {
    let table: Table
    let target: String
    let choice: TaskChoice
    let split: Split
    let roles: [TrainingSpec.ColumnRole]
    /// Classes that some part of the rows lacks, one sentence each.
    private let absences: [String]

    /// - Parameter spec: the spec of `options`, before the data are known.
    /// - Throws: `noTarget`, `setting` for a column that cannot be ignored, and errors of BPData.
    init(_ table: Table, _ options: TrainingOptions, _ spec: TrainingSpec) throws {
        guard let target = options.target ?? table.likelyTarget else { throw TrainingError.noTarget(table.overview) }
        choice = try table.task(forTarget: target, wanted: options.task)
        try table.refuseSingleRows(ofTarget: target, choice, wanted: options.task)
        split = try Split(
            table, target: target, task: choice.task, fractions: spec.fractions, seed: UInt64(spec.splitSeed))
        absences = try split.absences(table, target: target, task: choice.task)
        roles = try PreparedTable.roles(table, target: target, ignored: options.ignored)
        (self.table, self.target) = (table, target)
    }

    /// The names of the columns that are learned from.
    var features: [String] { roles.filter { $0.role == .feature }.map(\.name) }

    /// The table as it was understood, one sentence each: columns, task, parts.
    var notes: [String] {
        [table.understood(target: target, features: features), choice.reason] + split.notes + absences
    }

    /// Doubts about the columns that are used.
    var warnings: [String] { TableFinding.sentences(table.findings(target: target, features: features)) }

    /// The encoding of the columns, fitted on the training rows.
    /// - Parameter hasSingleOutput: whether two classes are one output.
    func fit(hasSingleOutput: Bool) throws(DataError) -> FittedEncoding {
        try Encoding.fit(
            table, target: target, task: choice.task, rows: split.training,
            features: features, hasSingleOutput: hasSingleOutput)
    }

    private static func roles(
        _ table: Table, target: String, ignored: [String]
    ) throws -> [TrainingSpec.ColumnRole] {
        for name in ignored {
            _ = try table.requiredIndex(ofColumn: name, as: "column to ignore")
            if name == target {
                throw TrainingError.setting(name: "ignore", value: name, allowed: "another column than the target")
            }
        }
        return table.columns.map { column in
            TrainingSpec.ColumnRole(
                name: column.name,
                role: column.name == target ? .target : ignored.contains(column.name) ? .ignored : .feature)
        }
    }
}
