/// Takes a column's fields one by one and finds its type.
///
/// A column is numeric if every field is a number, text if none is. What does not fit is counted; `faults` has all of
/// it at the end. NA and inf in their spellings are words among words and errors among numbers.
struct ColumnBuilder {
    let name: String
    let number: Int
    private let forced: ColumnType?
    /// The column is stored and not used: it becomes text if its values do not fit together.
    let isIgnored: Bool
    private let rules: ReadingRules
    /// In a file that commas do not separate, `5,1` is most likely a number with a decimal comma.
    private let refusesDecimalComma: Bool
    private var numbers: NumberStore
    private var texts = TextValues()
    private var tally = FieldTally()
    private var rounding: RoundingTally?
    private var spelling = SpellingTally()

    init(
        name: String, number: Int, forced: ColumnType?, isIgnored: Bool = false, refusesDecimalComma: Bool,
        rules: ReadingRules
    ) {
        self.name = name
        self.number = number
        self.forced = forced
        self.isIgnored = isIgnored && forced == nil
        self.refusesDecimalComma = refusesDecimalComma
        self.rules = rules
        numbers = NumberStore(forced: forced)
    }

    /// Adds the field that begins on `line`.
    mutating func append(_ field: UnsafeBufferPointer<UInt8>, line: Int, isQuoted: Bool) {
        if forced == .text {
            texts.append(rules.trimsText && !isQuoted ? FieldKind.trimmed(field) : field)
        } else if let number = NumberParser.parse(field) {
            append(number, field, line)
        } else {
            appendWord(rules.trimsText && !isQuoted ? FieldKind.trimmed(field) : field, line)
        }
    }

    /// The column of all the fields.
    var column: Column {
        guard forced?.isNumeric ?? (tally.numbers.count > 0) else { return Column(name: name, values: .text(texts)) }
        let values = numbers.values
        return Column(
            name: name, values: values, rounding: rounding?.rounding,
            spelling: forced == nil ? spelling.spelling(of: values) : nil)
    }

    /// All faults of the `total` fields; none in a column that is not judged.
    func faults(total: Int) -> [ColumnFault] { isIgnored ? [] : allFaults(total) }

    /// The column as text, for another pass over the fields; nil unless it is ignored and does not fit a type.
    func asText(total: Int) -> ColumnBuilder? {
        guard isIgnored, !allFaults(total).isEmpty else { return nil }
        return ColumnBuilder(
            name: name, number: number, forced: .text, refusesDecimalComma: refusesDecimalComma, rules: rules)
    }

    private func allFaults(_ total: Int) -> [ColumnFault] {
        forced == .text ? [] : tally.faults(name, number, total: total, forced: forced, rules)
    }

    private mutating func append(_ number: ParsedNumber, _ field: UnsafeBufferPointer<UInt8>, _ line: Int) {
        tally.numbers.add(field, line)
        guard number.value.isFinite else {
            tally.tooLarge.add(field, line)
            return
        }
        if rules.guardsPrecision {
            if number.precision == .inexactWhole {
                tally.inexact.add(field, line)
            } else if number.precision != .held || forced == .f32, !isIgnored {
                rounding = rounding ?? RoundingTally(forced == .f32 ? .f32 : .f64)
                rounding?.add(number, field, line)
            }
        }
        if number.form != .whole || number.value > 999 { spelling.add(number, field, line) }
        if !numbers.append(number) { tally.misfits.add(field, line) }
    }

    private mutating func appendWord(_ field: UnsafeBufferPointer<UInt8>, _ line: Int) {
        // Among words only an empty field is not one. Spaces that trimming has left are in quotes, and are text.
        let isEmpty = rules.trimsText ? field.isEmpty : FieldKind.isEmpty(field)
        let kind: FieldKind =
            isEmpty ? .empty : tally.words.count > 0 ? .word : FieldKind.isEmpty(field) ? .missing : FieldKind(field)
        switch kind {
        case .empty: tally.empty.add(field, line)
        case .word where refusesDecimalComma && FieldKind.hasDecimalComma(field): tally.decimalCommas.add(field, line)
        case .word: tally.words.add(field, line)
        case .missing: tally.holes.add(field, line)
        case .nan:
            tally.holes.add(field, line)
            tally.nans += 1
        case .infinite: tally.infinite.add(field, line)
        }
        if tally.numbers.count == 0 { texts.append(field) }
    }
}
