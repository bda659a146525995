/// A column of a file, usable or not: type, example, range, counts.
package struct ColumnSurvey: Sendable {
    /// The name.
    package let name: String
    /// From 1, in the file.
    package let number: Int
    /// The type that it has; nil if its values make no column.
    package let type: ColumnType?
    /// Why it has this type, a few words: `5.1 needs float64`.
    package let reason: String
    /// The first value that is not missing.
    package let example: String?
    /// How many values are missing.
    package let missing: Int
    /// How many different values there are, missing ones left out.
    package let distinct: DistinctCount
    /// The smallest and the largest number; nil unless it is a column of numbers.
    package let range: ClosedRange<Double>?
    /// Why it cannot be used as it is; nil if it can.
    package var fault: String?
    /// Whether reading it as text helps.
    var takesText = false
    /// Its purpose.
    package var role: ColumnRole = .feature

    /// Advice about its fault.
    var advice: String {
        let word = Visible.shellWord(name)
        let remedies = [
            missing > 0 ? "fill these in" : nil,
            takesText ? "read all as text with --type \(Visible.shellWord(name + "=text"))" : nil,
            role == .target ? nil : "leave the column out with --ignore \(word)",
        ].compactMap { $0 }
        return remedies.isEmpty ? "" : "; " + remedies.joined(separator: ", or ")
    }

    /// The purpose of a column in a training.
    package enum ColumnRole: String, Sendable {
        case feature, target, ignored
    }
}

extension ColumnSurvey {
    /// A column that was read.
    /// - Parameter isForced: whether a person said its type.
    init(_ column: Column, number: Int, isForced: Bool) {
        let why = column.typeReason
        self.init(
            name: column.name, number: number, type: column.type, reason: isForced ? "forced by --type" : why,
            example: column.text(at: 0), missing: 0, distinct: DistinctCount(of: column), range: column.range,
            fault: nil)
    }
}

extension Column {
    /// The smallest and the largest number; nil for text.
    var range: ClosedRange<Double>? {
        switch values {
        case .f64(let numbers): numbers.min().flatMap { least in numbers.max().map { least...$0 } }
        case .f32(let numbers): numbers.min().flatMap { least in numbers.max().map { Double(least)...Double($0) } }
        case .u8(let numbers): numbers.min().flatMap { least in numbers.max().map { Double(least)...Double($0) } }
        case .text: nil
        }
    }

    /// The value that decided its type.
    fileprivate var typeReason: String {
        switch values {
        case .text(let texts): "\(Visible.quoted(texts[0])): no number"
        case .u8(let numbers): "\(numbers.max() ?? 0): whole, 0…255"
        case .f64(let numbers):
            numbers.first { Double(Float($0)) != $0 }.map { "\(Column.spelling(of: $0)) needs float64" } ?? "numbers"
        case .f32:
            (0..<rowCount).lazy.compactMap { row in self.number(at: row).flatMap(Column.notByte).map { (row, $0) } }
                .first
                .map { "\(text(at: $0.0)) is \($0.1)" } ?? "not all are written as plain digits"
        }
    }

    private static func notByte(_ number: Double) -> String? {
        if number != number.rounded() { return "not whole" }
        if number < 0 { return "negative" }
        return number > 255 ? "above 255" : nil
    }
}
