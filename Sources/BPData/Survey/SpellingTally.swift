/// Counts how the numbers of a column are written. It is not asked about whole numbers up to 999, which most are.
struct SpellingTally {
    /// The spellings of one number that raise a doubt.
    private struct Spelled {
        let text: [UInt8]
        var count: Int
    }

    /// How many numbers have each form.
    private var counts = SIMD8<Int>()
    /// The first of each form that is not plain.
    private var firsts: [NumberForm: (text: String, line: Int, value: Double)] = [:]
    /// Whole numbers above 999, which digits in groups of three would have marked.
    private var largeWholes = 0
    private var longestZeros = 0
    private var shortestPlus = Int.max
    private var decimals: ClosedRange<Int>?
    private var spelled: [Double: Spelled] = [:]
    private var merged: NumberSpelling.Pair?

    /// The most numbers whose spellings are compared.
    private static let most = 1000
    /// The fewest digits of a code with leading zeros: `01` to `12` are months.
    private static let codeLength = 3
    /// The fewest digits of a telephone number.
    private static let phoneLength = 7
    /// The fewest values with three decimals that look like groups of thousands.
    private static let fewestGroups = 3

    /// Adds a number that is not a whole one up to 999.
    mutating func add(_ number: ParsedNumber, _ field: UnsafeBufferPointer<UInt8>, _ line: Int) {
        let form = number.form
        counts[Int(form.rawValue)] += 1
        switch form {
        case .whole:
            largeWholes += 1
            return
        case .decimal:
            if decimals == nil || counts[Int(NumberForm.trailingZero.rawValue)] > 0 { measure(field) }
            return
        case .threeDecimals: note(decimals: 3)
        case .leadingZeros: longestZeros = max(longestZeros, FieldKind.trimmed(field).count(where: isDigit))
        case .plus: shortestPlus = min(shortestPlus, FieldKind.trimmed(field).count - 1)
        case .trailingZero: measure(field)
        case .bareExponent: break
        }
        if counts[Int(form.rawValue)] == 1 {
            firsts[form] = (Visible.bytes(FieldKind.trimmed(field)), line, number.value)
        }
        guard form != .plus, form != .threeDecimals else { return }
        compare(FieldKind.trimmed(field), number.value)
    }

    private mutating func compare(_ text: UnsafeBufferPointer<UInt8>, _ value: Double) {
        guard let known = spelled[value] else {
            if spelled.count < SpellingTally.most { spelled[value] = Spelled(text: Array(text), count: 1) }
            return
        }
        spelled[value]?.count += 1
        if merged == nil, !text.elementsEqual(known.text) {
            merged = NumberSpelling.Pair(first: Visible.bytes(known.text), second: Visible.bytes(text))
        }
    }

    /// Notes the number of digits behind the point.
    private mutating func measure(_ field: UnsafeBufferPointer<UInt8>) {
        let text = FieldKind.trimmed(field)
        guard let point = text.firstIndex(of: UInt8(ascii: ".")) else { return }
        note(decimals: text.count - point - 1)
    }

    private mutating func note(decimals count: Int) {
        decimals = decimals.map { min($0.lowerBound, count)...max($0.upperBound, count) } ?? count...count
    }

    private func count(_ form: NumberForm) -> Int { counts[Int(form.rawValue)] }

    /// The doubt about the column of these values; nil if there is none.
    func spelling(of values: Column.Values) -> NumberSpelling? {
        let total = values.count
        // Nothing but whole numbers and decimals as programs write them.
        guard
            count(.leadingZeros) + count(.plus) + count(.bareExponent) + count(.threeDecimals) + count(.trailingZero)
                > 0
        else { return nil }
        let merged = merged ?? plainTwin(in: values)
        func spelling(_ kind: NumberSpelling.Kind, _ form: NumberForm) -> NumberSpelling? {
            firsts[form].map {
                NumberSpelling(
                    kind: kind, example: $0.text, line: $0.line, value: $0.value, count: count(form), total: total,
                    merged: merged)
            }
        }
        let hasDecimals = count(.decimal) + count(.threeDecimals) + count(.trailingZero) > 0
        if count(.leadingZeros) > 0, merged != nil || longestZeros >= SpellingTally.codeLength {
            return spelling(.leadingZeros, .leadingZeros)
        }
        if count(.bareExponent) > 0, !hasDecimals, merged != nil || count(.bareExponent) < total {
            return spelling(.exponent, .bareExponent)
        }
        let small = total - largeWholes - count(.threeDecimals)
        // Each of the other numbers is a whole one up to 999, which is not counted.
        let others = counts.wrappedSum() - count(.threeDecimals) - largeWholes
        if count(.threeDecimals) >= SpellingTally.fewestGroups, largeWholes == 0, small > 0,
            others == 0
        {
            return spelling(.thousands, .threeDecimals)
        }
        if count(.plus) == total, shortestPlus >= SpellingTally.phoneLength { return spelling(.plus, .plus) }
        if count(.trailingZero) > 0, merged != nil, let decimals, decimals.count > 1 {
            return spelling(.trailingZeros, .trailingZero)
        }
        return nil
    }

    /// A number that is also written plainly: `7` beside `007`.
    private func plainTwin(in values: Column.Values) -> NumberSpelling.Pair? {
        guard !spelled.isEmpty else { return nil }
        var counts: [Double: Int] = [:]
        for row in 0..<values.count {
            guard let value = values.number(at: row), let known = spelled[value] else { continue }
            counts[value, default: 0] += 1
            if counts[value, default: 0] > known.count {
                return NumberSpelling.Pair(first: Visible.bytes(known.text), second: Column.spelling(of: value))
            }
        }
        return nil
    }
}
