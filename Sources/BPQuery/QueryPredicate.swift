/// A checked expression: its names are looked up and its types match. Each vocabulary has a compiler that turns it into
/// the form for its data, such as SQL.
///
/// Its value is true or false, never unknown. A comparison with a missing value or NaN is false in every form,
/// including the negated ones; `not` in front of a comparison inverts the result.
package indirect enum QueryPredicate<Access: Sendable>: Sendable {
    case all([QueryPredicate])
    case any([QueryPredicate])
    case not(QueryPredicate)
    case test(QueryField<Access>.Form, QueryTest)
    /// Two fields of one value each.
    case compare(QueryField<Access>.Form, QueryComparison, QueryField<Access>.Form)
    case isNull(QueryField<Access>, negated: Bool)

    /// Parses `text`, looks its names up in `vocabulary` and checks its types.
    /// - Throws: `QueryError`, or an error of the vocabulary.
    package init(_ text: String, _ vocabulary: some QueryVocabulary<Access>) throws {
        self = try Resolver(text: text, vocabulary: vocabulary).resolve(Parser.parse(text))
    }
}

/// A condition on the value of a field.
package enum QueryTest: Sendable, Equatable {
    case compare(QueryComparison, QueryValue)
    case between(QueryValue, QueryValue, negated: Bool)
    case among([QueryValue], negated: Bool)
    /// Text that begins with one of these.
    case begins([String], negated: Bool)
    /// A pattern in which `%` matches any characters, `_` one, and `\` escapes the next character.
    case like(String, negated: Bool)
    case isNaN(negated: Bool)
    case isTrue
}

/// A value to compare with a field.
package enum QueryValue: Sendable, Equatable {
    case number(Double)
    /// A whole number that no Double equals.
    case whole(Int64)
    case text(String)
    case truth(Bool)
    case time(QueryTime)
}

extension QueryValue {
    package var isNumber: Bool {
        switch self {
        case .number, .whole: true
        case .text, .truth, .time: false
        }
    }

    /// The number of a text that `Double` reads, exactly if it is a whole number; nil for a whole number beyond 64 bits.
    init?(whole text: String) {
        guard let number = Double(text) else { return nil }
        let digits = text.drop { "+-".contains($0) }
        guard digits.allSatisfy({ "0"..."9" ~= $0 }) else {
            self = .number(number)
            return
        }
        guard let whole = Int64(text) else { return nil }
        self = Int64(exactly: number) == whole ? .number(number) : .whole(whole)
    }

    /// The number that `text` spells as JSON writes numbers: no sign +, no leading zero, no point at an end.
    package static func number(spelledBy text: String) -> QueryValue? {
        var rest = text.utf8[...]
        func takeDigits() -> Int {
            let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            rest = rest.dropFirst(digits.count)
            return digits.count
        }
        func take(_ characters: String) -> Bool {
            guard let first = rest.first, characters.utf8.contains(first) else { return false }
            rest = rest.dropFirst()
            return true
        }
        _ = take("-")
        let isZero = rest.first == UInt8(ascii: "0")
        let whole = takeDigits()
        guard whole == 1 || (whole > 1 && !isZero) else { return nil }
        if take("."), takeDigits() == 0 { return nil }
        if take("eE") {
            _ = take("+-")
            if takeDigits() == 0 { return nil }
        }
        return rest.isEmpty ? QueryValue(whole: text) ?? Double(text).map { .number($0) } : nil
    }
}

/// A comparison of two values.
package enum QueryComparison: String, Sendable, CaseIterable {
    case equal = "="
    case unequal = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="

    /// The same comparison with its sides exchanged.
    var flipped: QueryComparison {
        switch self {
        case .equal, .unequal: self
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        }
    }
}
