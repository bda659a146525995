/// How a feature holds the target.
package enum TargetCopy: Sendable, Hashable {
    /// Value for value the same.
    case equal
    /// Each value of the feature belongs to one of the target and the other way round: `1` and `"one"`.
    case oneToOne(distinct: Int)
    /// target = slope · feature + intercept in every row.
    case linear(slope: Double, intercept: Double)

    /// `equals y in every row`
    func text(of target: String, in column: String) -> String {
        switch self {
        case .equal: "equals \(target) in every row"
        case .oneToOne(let distinct):
            "and \(target) determine each other in every row (\(Visible.grouped(distinct)) values each)"
        case .linear(let slope, let intercept):
            "gives \(target) in every row: \(target) = "
                + (slope == 1 ? column : slope == -1 ? "-\(column)" : "\(TargetCopy.short(slope)) · \(column)")
                + (intercept == 0 ? "" : " \(intercept < 0 ? "−" : "+") \(TargetCopy.short(intercept.magnitude))")
        }
    }

    private static func short(_ number: Double) -> String {
        // Seven digits: the rest is what the rounding of the values left.
        let magnitude = number.magnitude
        guard magnitude >= 1e-4, magnitude < 1e7 else { return Column.spelling(of: number) }
        var scale = 1.0
        while magnitude * scale < 1e6 { scale *= 10 }
        return Column.spelling(of: (number * scale).rounded() / scale)
    }
}

/// Looks for features that hold the target. Rows spread over the table are compared first, so that a column that is no
/// copy costs little.
struct CopySearch {
    private let table: Table
    private let target: Column
    private let rows: [Int]
    private let codes: Codes
    private let numbers: [Double]?

    /// How many rows are compared first.
    private static let sample = 256
    /// The difference allowed for a copy with fewer digits, as a share of the target's range.
    private static let tolerance = 1e-6

    init(_ table: Table, target: Int) {
        self.table = table
        self.target = table.columns[target]
        let count = min(table.rowCount, CopySearch.sample)
        let rows = (0..<count).map { $0 * table.rowCount / count }
        self.rows = rows
        codes = Codes(self.target, rows)
        numbers = self.target.type.isNumeric ? rows.compactMap { table.columns[target].number(at: $0) } : nil
    }

    /// How `feature` holds the target; nil if it does not.
    func copy(in feature: Column) -> TargetCopy? {
        // In a table of three rows anything is a copy.
        guard rows.count >= 4, codes.distinct > 1 else { return nil }
        if let numbers, feature.type.isNumeric, let line = line(numbers, feature), fits(line, feature) {
            return line.slope == 1 && line.intercept == 0
                ? .equal : .linear(slope: line.slope, intercept: line.intercept)
        }
        // Values that nearly all differ determine each other in any table.
        guard codes.distinct * 2 <= rows.count, codes.match(Codes(feature, rows)) else { return nil }
        let (mine, theirs) = (Codes(target, 0..<table.rowCount), Codes(feature, 0..<table.rowCount))
        guard mine.distinct * 2 <= table.rowCount, mine.match(theirs) else { return nil }
        return isEqual(feature) ? .equal : .oneToOne(distinct: mine.distinct)
    }

    private func isEqual(_ feature: Column) -> Bool {
        feature.type == target.type && (0..<table.rowCount).allSatisfy { feature.text(at: $0) == target.text(at: $0) }
    }

    /// The line through two of the compared rows, if it goes through the others too.
    private func line(_ numbers: [Double], _ feature: Column) -> (slope: Double, intercept: Double, slack: Double)? {
        let values = rows.compactMap { feature.number(at: $0) }
        guard let least = values.indices.min(by: { values[$0] < values[$1] }),
            let most = values.indices.max(by: { values[$0] < values[$1] }), values[most] > values[least],
            let low = numbers.min(), let high = numbers.max(), high > low
        else { return nil }
        // Two values make a line of anything.
        guard Set(values.prefix(64)).count > 2 else {
            return values == numbers ? (1, 0, 0) : nil
        }
        let slope = (numbers[most] - numbers[least]) / (values[most] - values[least])
        let intercept = numbers[least] - slope * values[least]
        let slack = (high - low) * CopySearch.tolerance
        guard slope.isFinite, intercept.isFinite else { return nil }
        for (value, number) in zip(values, numbers) where (slope * value + intercept - number).magnitude > slack {
            return nil
        }
        if values == numbers { return (1, 0, 0) }
        return (slope, intercept.magnitude <= slack ? 0 : intercept, slack)
    }

    private func fits(_ line: (slope: Double, intercept: Double, slack: Double), _ feature: Column) -> Bool {
        for row in 0..<table.rowCount {
            guard let value = feature.number(at: row), let number = target.number(at: row),
                (line.slope * value + line.intercept - number).magnitude <= line.slack
            else { return false }
        }
        return true
    }
}

/// The values of some rows, numbered as they first appear.
private struct Codes {
    private(set) var numbers: [Int] = []
    private(set) var distinct = 0

    init(_ column: Column, _ rows: some Collection<Int>) {
        numbers.reserveCapacity(rows.count)
        if case .text(let texts) = column.values {
            var known: [ArraySlice<UInt8>: Int] = [:]
            for row in rows { add(texts.bytes(at: row), &known) }
        } else {
            var known: [Double: Int] = [:]
            for row in rows { add(column.number(at: row) ?? 0, &known) }
        }
    }

    private mutating func add<Key: Hashable>(_ key: Key, _ known: inout [Key: Int]) {
        if let code = known[key] { return numbers.append(code) }
        known[key] = distinct
        numbers.append(distinct)
        distinct += 1
    }

    /// Whether the values determine each other: then both are numbered alike.
    func match(_ other: Codes) -> Bool { distinct == other.distinct && numbers == other.numbers }
}
