/// A column whose values have no type in common: they are counted by kind.
struct RawColumn {
    private let column: Column
    private var numbers = 0
    private var words = 0
    private var empty = 0
    private var holes = 0
    private var firstNumber: Int?
    private var firstWord: Int?
    private var least = Double.infinity
    private var most = -Double.infinity

    init(_ column: Column) {
        self.column = column
        guard case .text(let texts) = column.values else {
            numbers = column.rowCount
            firstNumber = 0
            if let range = column.range { (least, most) = (range.lowerBound, range.upperBound) }
            return
        }
        for row in 0..<texts.count { texts.bytes(at: row).withUnsafeBufferPointer { take($0, row) } }
    }

    private mutating func take(_ field: UnsafeBufferPointer<UInt8>, _ row: Int) {
        if let number = NumberParser.parse(field)?.value, number.isFinite {
            numbers += 1
            firstNumber = firstNumber ?? row
            (least, most) = (min(least, number), max(most, number))
            return
        }
        switch FieldKind(field) {
        case .empty where field.isEmpty: empty += 1
        // Spaces in quotes.
        case .empty: holes += 1
        case .missing, .nan: holes += 1
        case .infinite, .word:
            words += 1
            firstWord = firstWord ?? row
        }
    }

    /// Whether numbers are most of its values.
    private var isNumeric: Bool { numbers > words }

    /// The survey of the column.
    /// - Parameter faults: why it cannot be used.
    func survey(number: Int, faults: [ColumnFault]) -> ColumnSurvey {
        let example = (isNumeric ? firstNumber : firstWord) ?? firstNumber ?? firstWord
        let shown = [firstNumber, firstWord].compactMap { $0.map { Visible.quoted(column.text(at: $0)) } }
        // The ends of a range would be rounded.
        let isInexact = faults.contains { $0.kind == .inexact }
        return ColumnSurvey(
            name: column.name, number: number, type: nil,
            reason: shown.isEmpty ? "no value" : shown.joined(separator: ", "),
            example: example.map { column.text(at: $0) }, missing: empty + (isNumeric ? holes : 0),
            distinct: distinct, range: isNumeric && least <= most && !isInexact ? least...most : nil,
            fault: faults.map(\.placed).joined(separator: "; ") + dress,
            takesText: faults.contains { $0.kind == .mixed || $0.kind == .inexact })
    }

    /// The dress of the words, if numbers are rarer than these; the fault itself names the dress of rarer words.
    private var dress: String {
        guard numbers > 0, !isNumeric, let firstWord, case .text(let texts) = column.values,
            let dress = DressedValue(texts.bytes(at: firstWord))?.dress
        else { return "" }
        return "; \(Visible.quoted(texts[firstWord])) looks like one of \(dress.looks)"
    }

    /// Different values, missing ones left out.
    private var distinct: DistinctCount {
        guard case .text(let texts) = column.values else { return DistinctCount(of: column) }
        let rows = (0..<texts.count).filter { row in
            texts.bytes(at: row).withUnsafeBufferPointer { field in
                switch FieldKind(field) {
                case .empty: !field.isEmpty && !isNumeric
                case .missing, .nan: !isNumeric
                case .infinite, .word: true
                }
            }
        }
        let labels = ClassLabels.distinct(in: column, rows: rows)
        return DistinctCount(count: labels?.count ?? ClassLabels.limit, isComplete: labels != nil, areWhole: false)
    }
}

extension ColumnFault {
    /// The sentence with the place, which an error gives elsewhere.
    fileprivate var placed: String {
        guard count == 1 else { return sentence }
        return sentence
            + (line.map { " (line \(Visible.grouped($0)))" } ?? row.map { " (row \(Visible.grouped($0)))" } ?? "")
    }
}
