import BPData
import BPJSON

/// The columns of a table that was inspected.
enum ColumnList {
    /// Every column, for JSON and CSV, and for a text of few columns.
    static let columns = ListColumns<ColumnSurvey>([
        (.essential("column", least: 12), { .string($0.name) }),
        (.hidden("number"), { JSONValue($0.number) }),
        (.mark("role"), { .string($0.role.rawValue) }),
        (.mark("type"), { JSONValue($0.type?.rawValue) }),
        (.words("example"), { JSONValue($0.example) }),
        (.hidden("min"), { $0.range.map { .double($0.lowerBound) } ?? .null }),
        (.hidden("max"), { $0.range.map { .double($0.upperBound) } ?? .null }),
        (.count("distinct"), { JSONValue($0.distinct.isComplete ? $0.distinct.count : nil) }),
        (.count("missing"), { JSONValue($0.missing) }),
        (.words("reason"), { .string($0.reason) }),
        (.hidden("fault"), { JSONValue($0.fault) }),
    ])

    /// The lines of a text.
    private static let lines = ListColumns<ColumnGroup>([
        (.essential("column", least: 12).own(), { .string($0.name) }),
        (.mark("type"), { .string($0.first.type?.rawValue ?? "fault") }),
        (.words("because").own(), { .string($0.first.reason) }),
        (.mark("range").own(), { .string($0.range) }),
        (.count("distinct").own(), { .string($0.distinct) }),
        (.count("missing"), { .string(NumberText.grouped($0.missing)) }),
        // Most columns are features.
        (.mark("role", ""), { .string($0.first.role == .feature ? "" : $0.first.role.rawValue) }),
    ])

    /// The most lines that are printed: of more the first and the last.
    private static let most = 40

    /// Prints columns as a text table. Columns that differ in a number of their names alone share a line.
    static func write(_ columns: [ColumnSurvey], to output: Output) throws {
        let groups = ColumnGroup.groups(of: columns)
        let isLong = groups.count > most
        // A table of its own inside a longer text, which ends the output.
        let part = Output(width: output.width, isTerminal: output.isTerminal, isUnicode: output.isUnicode) {
            try output.write(bytes: $0)
        }
        try lines.write(isLong ? Array(groups.prefix(most - 5) + groups.suffix(5)) : groups, as: .text, to: part)
        if isLong {
            try output.line(
                "\(NumberText.grouped(groups.count - most)) lines before the last 5 are left out; --csv has all")
        } else if groups.count < columns.count {
            try output.line("columns with numbered names share a line; --csv has each")
        }
    }
}

/// Columns that follow each other, of one type and purpose, whose names are numbered: p00, p01 and on.
struct ColumnGroup {
    let first: ColumnSurvey
    private(set) var last: ColumnSurvey
    private(set) var count = 1
    private(set) var missing: Int
    private var bounds: ClosedRange<Double>?
    private var leastDistinct: DistinctCount
    private var mostDistinct: DistinctCount

    /// The fewest columns that share a line.
    private static let fewest = 8

    private init(_ column: ColumnSurvey) {
        (first, last, missing, bounds) = (column, column, column.missing, column.range)
        (leastDistinct, mostDistinct) = (column.distinct, column.distinct)
    }

    /// The lines of these columns.
    static func groups(of columns: [ColumnSurvey]) -> [ColumnGroup] {
        var groups: [ColumnGroup] = []
        var start = 0
        while start < columns.count {
            var group = ColumnGroup(columns[start])
            var end = start + 1
            while end < columns.count, group.takes(columns[end]) {
                group.add(columns[end])
                end += 1
            }
            if end - start < fewest {
                groups += columns[start..<end].map { ColumnGroup($0) }
            } else {
                groups.append(group)
            }
            start = end
        }
        return groups
    }

    private func takes(_ column: ColumnSurvey) -> Bool {
        guard first.fault == nil, column.fault == nil, column.role == first.role,
            (column.type == .text) == (first.type == .text)
        else { return false }
        let (mine, next) = (ColumnGroup.numbered(last.name), ColumnGroup.numbered(column.name))
        guard let mine, let next else { return false }
        return mine.stem == next.stem && next.number == mine.number + 1
    }

    private mutating func add(_ column: ColumnSurvey) {
        (last, count, missing) = (column, count + 1, missing + column.missing)
        if let mine = bounds, let other = column.range {
            bounds = min(mine.lowerBound, other.lowerBound)...max(mine.upperBound, other.upperBound)
        }
        func size(_ distinct: DistinctCount) -> Int { distinct.isComplete ? distinct.count : .max }
        if size(column.distinct) < size(leastDistinct) { leastDistinct = column.distinct }
        if size(column.distinct) > size(mostDistinct) { mostDistinct = column.distinct }
    }

    /// `p` and 12 of `p12`.
    private static func numbered(_ name: String) -> (stem: Substring, number: Int)? {
        let digits = name.reversed().prefix { ("0"..."9").contains($0) }.count
        guard digits > 0, digits < 9, let number = Int(name.suffix(digits)) else { return nil }
        return (name.dropLast(digits), number)
    }

    /// `p00`, or `p00 … p63 (64)`.
    var name: String { count == 1 ? first.name : "\(first.name) … \(last.name) (\(NumberText.grouped(count)))" }

    /// `0 … 16`, or the number of categories.
    var range: String {
        guard let bounds else { return first.type == .text ? "\(distinct) categories" : "–" }
        return NumberText.plain(bounds.lowerBound) + " … " + NumberText.plain(bounds.upperBound)
    }

    /// `3`, or `1 … 17`.
    var distinct: String {
        func text(_ distinct: DistinctCount) -> String {
            distinct.isComplete ? NumberText.grouped(distinct.count) : "> \(NumberText.grouped(distinct.count))"
        }
        let (least, most) = (text(leastDistinct), text(mostDistinct))
        return least == most ? least : "\(least) … \(most)"
    }
}
