/// Takes a column's fields one by one and finds its type.
///
/// A column is numeric if every field is a number, text if none is; the first field that does not fit with those
/// before it is an error. NA and inf in their spellings are words among words and errors among numbers.
struct ColumnBuilder {
    let name: String
    let number: Int
    private let forced: ColumnType?
    private let rules: ReadingRules
    /// In a file that commas do not separate, `5,1` is most likely a number with a decimal comma.
    private let refusesDecimalComma: Bool
    private var numbers: NumberStore
    private var texts = TextValues()
    /// The first NA or inf, while nothing else was seen: an error as soon as a number follows.
    private var firstHole: DataError?
    /// The first field that is plainly text: nothing but text may follow.
    private var firstWord: DataError?

    init(name: String, number: Int, forced: ColumnType?, refusesDecimalComma: Bool, rules: ReadingRules) {
        self.rules = rules
        self.name = name
        self.number = number
        self.forced = forced
        self.refusesDecimalComma = refusesDecimalComma
        numbers = NumberStore(forced: forced)
    }

    /// Adds the field that begins on `line`.
    mutating func append(_ field: UnsafeBufferPointer<UInt8>, line: Int, isQuoted: Bool) throws(DataError) {
        let field = rules.trimsText && !isQuoted ? FieldKind.trimmed(field) : field
        if forced == .text {
            texts.append(field)
        } else if let number = NumberParser.parse(field) {
            try append(number, field, line)
        } else {
            try appendWord(field, line)
        }
    }

    /// The column of all the fields.
    var column: Column {
        Column(name: name, values: isNumeric ? numbers.values : .text(texts))
    }

    private var isNumeric: Bool { numbers.count > 0 || (forced?.isNumeric ?? false) }

    private mutating func append(
        _ number: ParsedNumber, _ field: UnsafeBufferPointer<UInt8>, _ line: Int
    ) throws(DataError) {
        if let firstWord {
            throw error(
                "\(shown(field)) is a number, but \"\(firstWord.value ?? "")\" on line \(firstWord.line ?? 0) is not: "
                    + "a column is all numbers or all text", field, line)
        }
        if let firstHole { throw firstHole }
        guard number.value.isFinite else {
            throw error("\(shown(field)) is beyond the range of a float64", field, line)
        }
        guard numbers.append(number) else {
            throw error(
                "\(shown(field)) is \(forced == .u8 ? "no whole number 0…255" : "beyond the range of a float32"), "
                    + "which the column is read as", field, line)
        }
    }

    private mutating func appendWord(_ field: UnsafeBufferPointer<UInt8>, _ line: Int) throws(DataError) {
        // Among words only an empty field is not one.
        let kind = firstWord != nil && !FieldKind.isEmpty(field) ? .word : FieldKind(field)
        if kind == .empty { throw error("a value is missing", field, line) }
        if isNumeric { throw misfit(kind, field, line) }
        if refusesDecimalComma, FieldKind.hasDecimalComma(field) {
            throw error("\(shown(field)) looks like a number with a decimal comma; write a point", field, line)
        }
        if kind == .word {
            firstWord = firstWord ?? error("", field, line)
        } else if firstHole == nil {
            firstHole = misfit(kind, field, line)
        }
        texts.append(field)
    }

    /// The error of a word among numbers.
    private func misfit(_ kind: FieldKind, _ field: UnsafeBufferPointer<UInt8>, _ line: Int) -> DataError {
        switch kind {
        case .empty, .missing: return error("a value is missing: \(shown(field))", field, line)
        case .infinite: return error("\(shown(field)) is no finite number", field, line)
        case .word:
            let before = numbers.count
            let contrast =
                before == 0
                ? ""
                : ", but the \(before == 1 ? "value" : "\(Visible.grouped(before)) values") before it "
                    + (before == 1 ? "is" : "are") + ": a column is all numbers or all text"
            return error("\(shown(field)) is not a number\(contrast)", field, line)
        }
    }

    private func shown(_ field: UnsafeBufferPointer<UInt8>) -> String { "\"\(Visible.bytes(field))\"" }

    private func error(_ message: String, _ field: UnsafeBufferPointer<UInt8>, _ line: Int) -> DataError {
        DataError(
            .badValue, message, line: line, columnName: name, columnNumber: number, value: Visible.bytes(field))
    }
}
