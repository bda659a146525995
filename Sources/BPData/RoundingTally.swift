/// Counts the values of a column that its type does not hold to the last digit.
struct RoundingTally {
    private(set) var rounding: Rounding
    /// The spellings of 16 or 17 digits that were looked at. A column with more of them has no classes.
    private var seen: Set<String> = []

    init(_ type: ColumnType) { rounding = Rounding(type) }

    /// Adds a value that may be rounded.
    mutating func add(_ number: ParsedNumber, _ field: UnsafeBufferPointer<UInt8>, _ line: Int) {
        let value = rounding.type == .f32 ? Double(Float(number.value)) : number.value
        func example() -> Rounding.Example {
            Rounding.Example(text: Visible.bytes(FieldKind.trimmed(field)), line: line, row: nil, value: value)
        }
        if number.precision == .rounded || value != number.value {
            rounding.add(example())
        } else if number.precision == .long, rounding.respelt == nil, seen.count <= ClassLabels.limit,
            seen.insert(String(decoding: field, as: UTF8.self)).inserted,
            !NumberParser.isShortest(field, of: number.value)
        {
            rounding.addRespelt(example())
        }
    }
}
