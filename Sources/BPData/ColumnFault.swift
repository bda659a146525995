/// A fault in the values of one column.
public struct ColumnFault: Sendable, Hashable {
    /// The kind of fault.
    public enum Kind: String, Sendable, CaseIterable {
        /// An empty field, or among numbers a spelling of "not known".
        case missing
        /// Infinity or NaN among numbers.
        case infinite
        /// Numbers and text in one column.
        case mixed
        /// A text in a column that was said to be numbers.
        case notNumber = "not-number"
        /// Beyond the range of a float64.
        case tooLarge = "too-large"
        /// Beyond the type that was said.
        case misfit
        /// A whole number that no float64 equals.
        case inexact
        /// A number with a decimal comma.
        case decimalComma = "decimal-comma"
    }

    /// The kind of fault.
    public let kind: Kind
    /// The column's name.
    public let name: String
    /// The column's number in the file, from 1.
    public let columnNumber: Int
    /// How many values are so.
    public let count: Int
    /// How many values the column has.
    public let total: Int
    /// The line on which the first begins, from 1; nil for data without lines.
    public let line: Int?
    /// The row of the first, from 1, of data without lines.
    public let row: Int?
    /// The first value, shortened, with control characters made visible.
    public let value: String
    /// Of `misfit` what the column is read as; of `mixed` whether the values are the numbers among text.
    let detail: String?

    /// The same, with another name of the column.
    func calling(_ name: String) -> ColumnFault {
        ColumnFault(
            kind: kind, name: name, columnNumber: columnNumber, count: count, total: total, line: line, row: row,
            value: value, detail: detail)
    }

    /// One sentence about the column alone.
    var sentence: String { judgement + dress }

    /// The number in another dress that the text among numbers looks like, if it does.
    private var dress: String {
        guard kind == .mixed && detail == nil || kind == .notNumber, let dressed = DressedValue(Array(value.utf8))
        else {
            return ""
        }
        return "; it looks like one of \(dressed.dress.looks)"
            + (dressed.plain.map { ", which is written \($0)" } ?? "")
    }

    private var judgement: String {
        let shown = "\"\(value)\""
        let isOne = count == 1
        let some = "\(Visible.grouped(count)) of \(Visible.count(total, "value"))"
        let first = "the first is \(shown)"
        switch kind {
        case .missing:
            let given = value.isEmpty ? "" : ": \(shown)"
            return isOne ? "a value is missing" + given : "\(some) are missing, the first on \(place)"
        case .infinite:
            return isOne ? "\(shown) is no finite number" : "\(some) are no finite numbers, \(first)"
        case .mixed:
            let isNumber = detail != nil
            let rule = ": a column is all numbers or all text"
            guard isOne else {
                return "\(some) \(isNumber ? "are numbers, and the others are not" : "are not numbers"), \(first)"
                    + rule
            }
            let others = total - count
            return "\(shown) is \(isNumber ? "a number" : "not a number"), but the "
                + (others == 1 ? "other value is" : "other \(Visible.grouped(others)) values are")
                + (isNumber ? " not" : "") + rule
        case .notNumber: return isOne ? "\(shown) is not a number" : "\(some) are not numbers, \(first)"
        case .tooLarge:
            let range = "beyond the range of a float64"
            return isOne ? "\(shown) is \(range)" : "\(some) are \(range), \(first)"
        case .misfit:
            let what = detail ?? ""
            return isOne
                ? "\(shown) is \(what), which the column is read as"
                : "\(some) are \(what), which the column is read as; \(first)"
        case .inexact:
            return isOne
                ? "\(shown) is a whole number that no float64 holds exactly"
                : "\(some) are whole numbers that no float64 holds exactly, \(first)"
        case .decimalComma:
            return isOne
                ? "\(shown) looks like a number with a decimal comma; write a point"
                : "\(some) look like numbers with a decimal comma, \(first); write points"
        }
    }

    /// The same among others, without the name: `177, first on line 7`.
    private var entry: String {
        let some = Visible.grouped(count)
        return kind == .missing
            ? "\(Visible.text(name)) (\(some), first on \(place))"
            : "\(Visible.text(name)) (\(some), first \"\(value)\" on \(place))"
    }

    private var place: String { line.map { "line \($0)" } ?? "row \(Visible.grouped(row ?? 1))" }

    /// The error that names all of them, at the place of the first.
    static func error(_ faults: [ColumnFault]) -> DataError? {
        let first = faults.min { ($0.line ?? $0.row ?? 0, $0.columnNumber) < ($1.line ?? $1.row ?? 0, $1.columnNumber) }
        guard let first else { return nil }
        var error = DataError(
            .badValue, faults.count == 1 ? first.sentence : ColumnFault.sentence(on: faults), line: first.line,
            columnName: first.name, columnNumber: first.columnNumber, value: first.value)
        error.row = first.row
        error.faults = faults
        return error
    }

    /// All columns at once, by the sort of fault.
    private static func sentence(on faults: [ColumnFault]) -> String {
        Kind.allCases.compactMap { kind -> String? in
            let own = faults.filter { $0.kind == kind }
            guard !own.isEmpty else { return nil }
            if own.count == 1, kind != .missing || faults.allSatisfy({ $0.name == own[0].name }) {
                return "column \(Visible.text(own[0].name)): \(own[0].sentence)"
            }
            let count = own.reduce(0) { $0 + $1.count }
            let what =
                switch kind {
                case .missing: "missing"
                case .infinite: "no finite numbers"
                case .mixed: "of the rarer sort in columns that mix numbers and text"
                case .notNumber: "not numbers"
                case .tooLarge: "beyond the range of a float64"
                case .misfit: "not of the type that the column is read as"
                case .inexact: "whole numbers that no float64 holds exactly"
                case .decimalComma: "numbers with a decimal comma"
                }
            return "\(Visible.count(count, "value")) \(count == 1 ? "is" : "are") \(what) in "
                + "\(Visible.count(own.count, "column")): \(list(own))"
        }.joined(separator: "; ")
    }

    private static func list(_ faults: [ColumnFault], limit: Int = 20) -> String {
        let shown = faults.prefix(limit).map(\.entry).joined(separator: ", ")
        return faults.count > limit ? "\(shown) and \(Visible.grouped(faults.count - limit)) more" : shown
    }
}
