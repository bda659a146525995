/// An expression as it was written: names are not looked up yet, and types are not checked.
indirect enum ParsedExpression: Sendable, Equatable {
    case all([ParsedExpression])
    case any([ParsedExpression])
    case not(ParsedExpression)
    /// A name alone, which must have a truth value.
    case truth(ParsedName)
    case compare(ParsedOperand, QueryComparison, ParsedOperand)
    case between(ParsedName, ParsedLiteral, ParsedLiteral, negated: Bool)
    case among(ParsedName, [ParsedLiteral], negated: Bool)
    case like(ParsedName, ParsedLiteral, negated: Bool)
    case isNull(ParsedName, negated: Bool)
    case isNaN(ParsedName, negated: Bool)
}

/// A name and its place in the text.
struct ParsedName: Sendable, Equatable {
    let text: String
    let span: TextSpan
}

/// A value and its place in the text.
struct ParsedLiteral: Sendable, Equatable {
    let value: Value
    let span: TextSpan

    enum Value: Sendable, Equatable {
        case number(Double)
        /// A whole number that no Double equals.
        case whole(Int64)
        case text(String)
        case truth(Bool)
    }
}

/// A side of a comparison.
enum ParsedOperand: Sendable, Equatable {
    case name(ParsedName)
    case literal(ParsedLiteral)

    var span: TextSpan {
        switch self {
        case .name(let name): name.span
        case .literal(let literal): literal.span
        }
    }
}

extension ParsedLiteral.Value {
    var isNumber: Bool {
        switch self {
        case .number, .whole: true
        case .text, .truth: false
        }
    }

    /// The value as an error names it.
    var words: String {
        switch self {
        case .number(let number): "\(numberText(number)) is a number"
        case .whole(let number): "\(number) is a number"
        case .text(let text): "\"\(text)\" is text"
        case .truth(let truth): "\(truth) is a truth value"
        }
    }
}
