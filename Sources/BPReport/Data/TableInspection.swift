package import BPData
package import BPJSON

/// A survey of a table, as JSON, as CSV of its columns, and in words.
package struct TableInspection {
    private let survey: TableSurvey
    /// Its path as it was typed.
    private let file: String
    /// The options with which it was read, for the command that trains.
    private let options: [String]

    /// - Parameter options: the typed options that say how to read it.
    package init(_ survey: TableSurvey, file: String, options: [String]) {
        (self.survey, self.file, self.options) = (survey, file, options)
    }

    /// Prints it.
    package func write(as format: OutputFormat, to output: Output) throws {
        switch format {
        case .json: try output.object(members)
        case .csv: try ColumnList.columns.write(survey.columns, as: .csv, to: output)
        case .text: try text(to: output)
        }
    }

    package var members: [String: JSONValue] {
        let sentences = TableFinding.sentences(survey.findings)
        return [
            "file": .string(file), "format": .string(survey.format.rawValue), "gzipped": .bool(survey.isCompressed),
            "separator": JSONValue(survey.separator), "rows": JSONValue(survey.rowCount),
            "columns": .array(survey.columns.map { .object(ColumnList.columns.members(of: $0)) }),
            "target": JSONValue(survey.target.name), "target_reason": .string(survey.target.reason),
            "task": JSONValue(survey.task?.task.rawValue), "task_reason": JSONValue(survey.task?.reason),
            "classes": .array(
                classes.map { ["class": .string($0.name), "rows": JSONValue($0.rows), "share": .double($0.share)] }),
            "notes": .array(survey.notes.map(JSONValue.string)), "warnings": .array(sentences.map(JSONValue.string)),
            "findings": .array(
                survey.findings.map {
                    ["kind": .string($0.kind), "column": .string($0.column), "text": .string($0.text)]
                }),
            "obstacles": .array(survey.obstacles.map(JSONValue.string)),
            "train": JSONValue(command),
        ]
    }

    private var classes: [(name: String, rows: Int, share: Double)] {
        guard let sizes = survey.classes else { return [] }
        return sizes.rows.enumerated().map { index, rows in
            (sizes.labels.name(index), rows, Double(rows) / Double(survey.rowCount))
        }
    }

    /// The command that trains on it, without the columns that have faults; nil if none can.
    private var command: String? {
        guard survey.task != nil, let target = survey.target.name else { return nil }
        let faulty = survey.columns.filter { $0.role == .feature && $0.fault != nil }.map(\.name)
        let hasFeatures = survey.columns.contains { $0.role == .feature && $0.fault == nil }
        guard hasFeatures, faulty.count <= 20 else { return nil }
        let words = ["bpreg", "train", file] + options + ["--target", target] + faulty.flatMap { ["--ignore", $0] }
        return words.map(ShellText.quoted).joined(separator: " ")
    }

    private func text(to output: Output) throws {
        var fields = Fields()
        fields.add("file", file + ": " + kind)
        fields.add("rows", NumberText.grouped(survey.rowCount))
        fields.add("columns", columnKinds)
        fields.add("target", targetText)
        fields.add("task", survey.task.map { "\($0.task.rawValue): \($0.reason)" })
        fields.add("classes", classText)
        for note in survey.notes { fields.add("note", note) }
        try fields.write(to: output)
        try output.line()
        try ColumnList.write(survey.columns, to: output)
        var findings = Fields()
        let sentences = TableFinding.sentences(survey.findings)
        if !sentences.isEmpty || !survey.obstacles.isEmpty { try output.line() }
        for sentence in sentences { findings.add("warning", sentence) }
        for obstacle in survey.obstacles { findings.add("cannot train", obstacle) }
        findings.add("train", command)
        if sentences.isEmpty, survey.obstacles.isEmpty { try output.line() }
        try findings.write(to: output)
        try output.finish()
    }

    /// `species is the last column`
    private var targetText: String {
        guard let name = survey.target.name else { return "none: \(survey.target.reason)" }
        return survey.target.reason.hasPrefix(name) ? survey.target.reason : "\(name), \(survey.target.reason)"
    }

    /// `CSV, columns separated by commas`
    private var kind: String {
        survey.format.rawValue.uppercased() + (survey.separator.map { ", columns separated by \($0)" } ?? "")
            + (survey.isCompressed ? ", gzipped" : "")
    }

    /// `10: 6 of numbers, 3 of text, 1 with faults`
    private var columnKinds: String {
        let columns = survey.columns
        let counts = [
            (columns.count { $0.type?.isNumeric == true }, "of numbers"),
            (columns.count { $0.type == .text }, "of text"),
            (columns.count { $0.type == nil }, "with faults"),
        ].filter { $0.0 > 0 }
        return "\(NumberText.grouped(columns.count)): "
            + counts.map { "\(NumberText.grouped($0.0)) \($0.1)" }.joined(separator: ", ")
    }

    /// `setosa 50 (33.3%), versicolor 50 (33.3%)`; of many classes the largest.
    private var classText: String? {
        let classes = classes
        guard !classes.isEmpty else { return nil }
        let most = 20
        func list(_ classes: [(name: String, rows: Int, share: Double)]) -> String {
            classes.map { "\($0.name) \(NumberText.grouped($0.rows)) (\(NumberText.percent($0.share)))" }
                .joined(separator: ", ")
        }
        guard classes.count > most else { return "\(classes.count): " + list(classes) }
        let largest = classes.enumerated().sorted { ($1.element.rows, $0.offset) < ($0.element.rows, $1.offset) }
        return "\(NumberText.grouped(classes.count)), the largest: " + list(largest.prefix(10).map(\.element))
    }
}
