/// What the values of a column are.
public enum ColumnType: String, CaseIterable, Sendable {
    /// float64.
    case f64
    /// float32.
    case f32
    /// Whole numbers 0…255.
    case u8
    /// UTF-8 text.
    case text

    /// Bytes a value takes in the canonical form; nil for text, whose values differ in length.
    public var width: Int? {
        switch self {
        case .f64: 8
        case .f32: 4
        case .u8: 1
        case .text: nil
        }
    }

    /// Everything but text.
    public var isNumeric: Bool { self != .text }
}

/// A named column of one type.
public struct Column: Sendable {
    /// The values, one a row.
    public enum Values: Sendable {
        /// float64.
        case f64([Double])
        /// float32.
        case f32([Float])
        /// Whole numbers 0…255.
        case u8([UInt8])
        /// UTF-8 text.
        case text(TextValues)
    }

    /// The name, as the header has it.
    public let name: String
    /// The values, one a row.
    public let values: Values
    /// The differences between the values and the file; nil if there are none.
    package let rounding: Rounding?
    /// A doubt whether its numbers are some; nil if there is none, or if the type was given.
    package let spelling: NumberSpelling?

    /// A column of these values.
    public init(name: String, values: Values) { self.init(name: name, values: values, rounding: nil) }

    init(name: String, values: Values, rounding: Rounding?, spelling: NumberSpelling? = nil) {
        self.name = name
        self.values = values
        self.rounding = rounding
        self.spelling = spelling
    }

    /// The same, with another name.
    func called(_ name: String) -> Column {
        Column(name: name, values: values, rounding: rounding, spelling: spelling)
    }

    /// The type of the values.
    public var type: ColumnType {
        switch values {
        case .f64: .f64
        case .f32: .f32
        case .u8: .u8
        case .text: .text
        }
    }

    /// How many values.
    public var rowCount: Int { values.count }

    /// The number at `row` as a Double, exactly; nil in a text column.
    public func number(at row: Int) -> Double? { values.number(at: row) }

    /// The value at `row` as text: the shortest decimal that reads back, `3` rather than `3.0`.
    public func text(at row: Int) -> String {
        switch values {
        case .f64(let numbers): Column.spelling(of: numbers[row])
        case .f32(let numbers): Column.spelling(of: Double(numbers[row]))
        case .u8(let numbers): String(numbers[row])
        case .text(let texts): texts[row]
        }
    }

    /// The first row whose number is NaN or infinite.
    var firstNonFinite: Int? {
        switch values {
        case .f64(let numbers): numbers.firstIndex { !$0.isFinite }
        case .f32(let numbers): numbers.firstIndex { !$0.isFinite }
        case .u8, .text: nil
        }
    }

    /// A number as people write it: all digits of a whole one up to 2⁶⁴, and no `.0` behind it.
    static func spelling(of number: Double) -> String {
        if number >= 0x1p53, let whole = UInt64(exactly: number) { return String(whole) }
        if number <= -0x1p53, let whole = Int64(exactly: number) { return String(whole) }
        return shortSpelling(of: number)
    }

    /// The shortest decimal that reads back, such as 1e+16.
    static func shortSpelling(of number: Double) -> String {
        let text = number.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}

extension Column.Values {
    /// How many values.
    var count: Int {
        switch self {
        case .f64(let numbers): numbers.count
        case .f32(let numbers): numbers.count
        case .u8(let numbers): numbers.count
        case .text(let texts): texts.count
        }
    }

    /// The number at `row` as a Double, exactly; nil for text.
    func number(at row: Int) -> Double? {
        switch self {
        case .f64(let numbers): numbers[row]
        case .f32(let numbers): Double(numbers[row])
        case .u8(let numbers): Double(numbers[row])
        case .text: nil
        }
    }
}
