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
    /// A pattern in which `%` matches any characters, `_` one, and `\` escapes the next character.
    case like(String, negated: Bool)
    case isNaN(negated: Bool)
    case isTrue
}

/// A value to compare with a field.
package enum QueryValue: Sendable, Equatable {
    case number(Double)
    case text(String)
    case truth(Bool)
    case time(QueryTime)
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
