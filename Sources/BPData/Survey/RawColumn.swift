/// A column that no type suits, or one of text that is tried as numbers: what its values are, counted.
struct RawColumn {
    private var numbers = 0
    private var missing = 0
    private var empty = 0
    private var infinite = 0
    private var words = 0
    private var firstWord: Int?
    private var firstNumber: Int?
    private var firstMissing: Int?
    private var firstInfinite: Int?
    private var least = Double.infinity
    private var most = -Double.infinity
    private let texts: TextValues

    init(_ texts: TextValues) {
        self.texts = texts
        for row in 0..<texts.count {
            texts.bytes(at: row).withContiguousStorageIfAvailable { take($0, row) }
        }
    }

    private mutating func take(_ field: UnsafeBufferPointer<UInt8>, _ row: Int) {
        if let number = NumberParser.parse(field)?.value, number.isFinite {
            numbers += 1
            firstNumber = firstNumber ?? row
            (least, most) = (min(least, number), max(most, number))
            return
        }
        switch FieldKind(field) {
        case .empty:
            empty += 1
            firstMissing = firstMissing ?? row
        case .missing:
            missing += 1
            firstMissing = firstMissing ?? row
        case .infinite:
            infinite += 1
            firstInfinite = firstInfinite ?? row
        case .word:
            words += 1
            firstWord = firstWord ?? row
        }
    }

    /// Whether numbers are what most of its values are.
    private var isNumeric: Bool { numbers > 0 && words * 4 <= numbers }

    /// What it holds.
    /// - Parameters:
    ///   - error: why the reader refuses it.
    ///   - place: where a row begins: `line 5`.
    func survey(name: String, number: Int, error: DataError, place: (Int) -> String) -> ColumnSurvey {
        let holes = numbers > 0 ? missing + empty : empty
        var parts: [String] = []
        if holes > 0, let firstMissing {
            parts.append(
                "\(Visible.grouped(holes)) of \(Visible.count(texts.count, "value")) "
                    + "\(holes == 1 ? "is" : "are") missing, the first in \(place(firstMissing))")
        }
        if infinite > 0, numbers > 0, let firstInfinite {
            parts.append(
                "\(Visible.count(infinite, "value")) not finite, the first \(Visible.quoted(texts[firstInfinite])) in "
                    + place(firstInfinite))
        }
        if numbers > 0, words > 0, let firstWord, let firstNumber {
            parts.append(
                "\(Visible.count(numbers, "value")) \(numbers == 1 ? "is a number" : "are numbers"), such as "
                    + "\(Visible.quoted(texts[firstNumber])), and \(Visible.grouped(words)) "
                    + "\(words == 1 ? "is" : "are") not, such as \(Visible.quoted(texts[firstWord])) in \(place(firstWord))"
                    + (dressed.map { " (\($0.looks))" } ?? ""))
        }
        let example = firstNumber.flatMap { isNumeric ? $0 : nil } ?? firstWord ?? firstNumber
        return ColumnSurvey(
            name: name, number: number, type: nil,
            reason: reason,
            example: example.map { texts[$0] }, missing: holes, distinct: distinct(isNumeric: numbers > 0),
            range: isNumeric && least <= most ? least...most : nil,
            fault: parts.isEmpty ? error.message : parts.joined(separator: "; "), isMixed: numbers > 0 && words > 0)
    }

    /// Values that show what it holds.
    private var reason: String {
        let shown = [firstNumber, firstWord ?? (numbers > 0 ? firstInfinite : nil)].compactMap {
            $0.map { Visible.quoted(texts[$0]) }
        }
        switch (numbers > 0, words > 0) {
        case (true, true): return "numbers and text: " + shown.joined(separator: ", ")
        case (true, false): return "numbers: " + shown.joined(separator: ", ")
        case (false, _): return shown.isEmpty ? "no value" : "text: " + shown.joined(separator: ", ")
        }
    }

    /// The dress of the first word among numbers.
    private var dressed: Dress? { firstWord.flatMap { DressedValue(texts.bytes(at: $0))?.dress } }

    private func distinct(isNumeric: Bool) -> DistinctCount {
        let rows = (0..<texts.count).filter { row in
            texts.bytes(at: row).withContiguousStorageIfAvailable { field in
                switch FieldKind(field) {
                case .empty: false
                case .missing: !isNumeric
                case .infinite, .word: true
                }
            } ?? false
        }
        let labels = ClassLabels.distinct(in: Column(name: "", values: .text(texts)), rows: rows)
        return DistinctCount(
            count: labels?.count ?? ClassLabels.limit, isComplete: labels != nil, areWhole: false)
    }
}
