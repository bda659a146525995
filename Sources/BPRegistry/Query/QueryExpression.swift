/// An expression as it was written: names are not looked up yet.
indirect enum QueryExpression: Sendable, Equatable {
    case all([QueryExpression])
    case any([QueryExpression])
    case not(QueryExpression)
    /// A name alone, which must be a truth value.
    case truth(QueryName)
    case compare(QueryOperand, QueryComparison, QueryOperand)
    case between(QueryName, QueryLiteral, QueryLiteral, negated: Bool)
    case among(QueryName, [QueryLiteral], negated: Bool)
    case like(QueryName, QueryLiteral, negated: Bool)
    case isNull(QueryName, negated: Bool)
    case isNaN(QueryName, negated: Bool)
}

/// A name and where it stands.
struct QueryName: Sendable, Equatable {
    let text: String
    let span: QuerySpan
}

/// A value and where it stands.
struct QueryLiteral: Sendable, Equatable {
    let value: Value
    let span: QuerySpan

    enum Value: Sendable, Equatable {
        case number(Double)
        case text(String)
        case truth(Bool)
    }
}

/// A side of a comparison.
enum QueryOperand: Sendable, Equatable {
    case name(QueryName)
    case literal(QueryLiteral)

    var span: QuerySpan {
        switch self {
        case .name(let name): name.span
        case .literal(let literal): literal.span
        }
    }
}

extension QueryLiteral.Value {
    /// The value as an error names it.
    var words: String {
        switch self {
        case .number(let number): "\(queryText(number)) is a number"
        case .text(let text): "\"\(text)\" is text"
        case .truth(let truth): "\(truth) is a truth value"
        }
    }
}
