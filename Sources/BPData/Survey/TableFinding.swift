/// A doubt about a column, which does not prevent a training.
package enum TableFinding: Sendable, Hashable {
    /// A feature holds the target in another form.
    case copyOfTarget(column: String, target: String, TargetCopy)
    /// A feature numbers the rows: from `first` in order, or in another order.
    case rowNumber(column: String, first: Int, last: Int, inOrder: Bool)
    /// A feature of text has another value in nearly every row.
    case oneValueARow(column: String, distinct: Int, rows: Int)
    /// A column of text holds numbers in another dress.
    case dressed(column: String, DressedValues, isTarget: Bool)
    /// A column of numbers is written as codes or grouped digits are.
    case spelled(column: String, NumberSpelling, isTarget: Bool)
    /// A column of numbers holds dates.
    case dateNumbers(column: String, DateNumbers, isTarget: Bool)
    /// A feature has the same value in every row.
    case constant(column: String)
    /// A column of text has a category that elsewhere means a missing value.
    case wordForMissing(column: String, word: String, count: Int)

    /// The column that it is about.
    package var column: String {
        switch self {
        case .copyOfTarget(let column, _, _), .rowNumber(let column, _, _, _), .oneValueARow(let column, _, _),
            .dressed(let column, _, _), .spelled(let column, _, _), .dateNumbers(let column, _, _),
            .wordForMissing(let column, _, _), .constant(let column):
            column
        }
    }

    /// Its kind, for programs.
    package var kind: String {
        switch self {
        case .copyOfTarget: "copy-of-target"
        case .rowNumber: "row-number"
        case .oneValueARow: "one-value-a-row"
        case .dressed: "number-as-text"
        case .spelled(_, let spelling, _): spelling.kind == .thousands ? "thousands-as-decimal" : "code-as-number"
        case .dateNumbers: "date-as-number"
        case .wordForMissing: "word-for-missing"
        case .constant: "constant"
        }
    }

    /// One sentence, with advice.
    package var text: String {
        let name = Visible.text(column)
        switch self {
        case .copyOfTarget(_, let target, let copy):
            return "\(name) \(copy.text(of: Visible.text(target), in: name)): with it the target is known, not learned"
                + leaveOut
        case .rowNumber(_, let first, let last, let inOrder):
            let range = "\(Visible.grouped(first)) to \(Visible.grouped(last))"
            guard inOrder else {
                return "\(name) has each number from \(range) once: a row number says nothing about new rows" + leaveOut
            }
            return first == 0 || first == 1
                ? "\(name) counts the rows, from \(range) in order: a row number says nothing about new rows" + leaveOut
                : "\(name) goes up by 1 in each row, from \(range): if it only numbers the rows, it says nothing about "
                    + "new ones" + leaveOut
        case .oneValueARow(_, let distinct, let rows):
            return "\(name) has \(Visible.grouped(distinct)) different texts in \(Visible.count(rows, "row")): "
                + "what is learned about them does not apply to new rows" + leaveOut
        case .dressed(_, let values, let isTarget):
            return "\(name) is read as text, each value a category: \(values.description); \(values.advice)"
                + (isTarget ? "" : leaveOut.replacing(" (", with: ", or leave the column out ("))
        case .spelled(_, let spelling, _):
            return "\(name) is read as numbers: \(spelling.description); \(spelling.advice(for: column))"
        case .dateNumbers(_, let dates, let isTarget):
            return
                "\(name) is read as numbers: \(dates.description); write numbers instead, such as days since a fixed "
                + "date, the month or the weekday"
                + (isTarget ? "" : leaveOut.replacing(" (", with: ", or leave the column out ("))
        case .constant: return "\(name) has the same value in every row: nothing can be learned from it" + leaveOut
        case .wordForMissing(_, let word, let count):
            return "\(name) is text, and \(Visible.quoted(word)) (\(Visible.count(count, "row"))) is a category like "
                + "others: does it mean a missing value?"
        }
    }

    private var leaveOut: String { " (--ignore \(Visible.shellWord(column)))" }

    /// The sentences of findings. Of many that are alike the first is given in full, and the columns of the others.
    package static func sentences(_ findings: [TableFinding]) -> [String] {
        var kinds: [String] = []
        for finding in findings where !kinds.contains(finding.group) { kinds.append(finding.group) }
        return kinds.flatMap { kind -> [String] in
            let alike = findings.filter { $0.group == kind }
            guard alike.count > 3 else { return alike.map(\.text) }
            return [
                alike[0].text
                    + "; the same of \(Visible.count(alike.count - 1, "column")): "
                    + Visible.list(alike.dropFirst().map(\.column))
            ]
        }
    }

    /// Findings of one group are joined in one sentence if there are many.
    private var group: String {
        if case .dressed(_, let values, let isTarget) = self { return "\(kind) \(values.dress) \(isTarget)" }
        if case .spelled(_, let spelling, let isTarget) = self { return "\(kind) \(spelling.kind) \(isTarget)" }
        return kind
    }
}

extension Visible {
    /// A word for a shell, in quotes unless all its characters are harmless.
    static func shellWord(_ word: String) -> String {
        let isHarmless =
            !word.isEmpty
            && word.utf8.allSatisfy { byte in
                byte >= 0x80 || isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                    || "._-/:@=,+".utf8.contains(byte)
            }
        return isHarmless ? text(word) : "'" + text(word).replacing("'", with: "'\\''") + "'"
    }
}
