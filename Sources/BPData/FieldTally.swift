/// Counts the fields of one column by kind, and keeps the first of each.
struct FieldTally {
    /// How many, and the first.
    struct Count {
        fileprivate(set) var count = 0
        private(set) var line = 0
        private(set) var value = ""

        mutating func add(_ field: UnsafeBufferPointer<UInt8>, _ newLine: Int) {
            if count == 0 { (line, value) = (newLine, Visible.bytes(field)) }
            count += 1
        }
    }

    var numbers = Count()
    /// Fields that are plainly text. After the first one every field counts so, unless it is empty or a number.
    var words = Count()
    var empty = Count()
    /// NA and its like, nan too.
    var holes = Count()
    var nans = 0
    var infinite = Count()
    var tooLarge = Count()
    var misfits = Count()
    var inexact = Count()
    var decimalCommas = Count()
}

extension FieldTally {
    /// Whether the fields are numbers, if nothing was said about them.
    func areNumbers(_ rules: ReadingRules) -> Bool {
        guard words.count == 0 else { return false }
        return numbers.count > 0 || rules.takesInfinityForNumber && (infinite.count > 0 || nans > 0)
    }

    /// All faults of the column.
    func faults(
        _ name: String, _ columnNumber: Int, total: Int, forced: ColumnType?, _ rules: ReadingRules
    ) -> [ColumnFault] {
        func fault(_ kind: ColumnFault.Kind, _ tally: Count, _ detail: String? = nil) -> ColumnFault? {
            guard tally.count > 0 else { return nil }
            return ColumnFault(
                kind: kind, name: name, columnNumber: columnNumber, count: tally.count, total: total, line: tally.line,
                row: nil, value: tally.value, detail: detail)
        }
        let isMixed = forced == nil && words.count > 0 && numbers.count > 0
        let isMostlyText = words.count > numbers.count
        guard forced != nil || areNumbers(rules) || isMixed && !isMostlyText else {
            return [
                isMixed ? fault(.mixed, numbers, "numbers") : nil, fault(.missing, empty),
                fault(.decimalComma, decimalCommas),
            ].compactMap { $0 }
        }
        if isMixed {
            return [fault(.mixed, words), missing.flatMap { fault(.missing, $0) }, fault(.decimalComma, decimalCommas)]
                .compactMap { $0 }
        }
        let type = forced == .u8 ? "no whole number 0…255" : "beyond the range of a float32"
        return [
            fault(.notNumber, words), missing.flatMap { fault(.missing, $0) }, fault(.infinite, infinite),
            fault(.tooLarge, tooLarge), fault(.misfit, misfits, type), fault(.inexact, inexact),
            fault(.decimalComma, decimalCommas),
        ].compactMap { $0 }
    }

    /// Empty fields and holes together.
    private var missing: Count? {
        if empty.count == 0 { return holes.count == 0 ? nil : holes }
        return holes.count == 0 ? empty : empty.joined(holes)
    }
}

extension FieldTally.Count {
    fileprivate func joined(_ other: FieldTally.Count) -> FieldTally.Count {
        var first = line <= other.line ? self : other
        first.count = count + other.count
        return first
    }
}
