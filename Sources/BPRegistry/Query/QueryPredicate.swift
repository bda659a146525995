/// An expression whose names are looked up and whose types fit.
///
/// Its value is true or false, never unknown. A comparison with what is not there, or is NaN, is false whatever its
/// form; `not` turns round what it stands before.
indirect enum QueryPredicate: Sendable, Equatable {
    case all([QueryPredicate])
    case any([QueryPredicate])
    case not(QueryPredicate)
    case test(QueryField, QueryField.Form, Test)
    /// Two fields of one value each.
    case compare(QueryField.Form, QueryComparison, QueryField.Form)
    case isNull(QueryField, negated: Bool)

    /// What is asked of a value.
    enum Test: Sendable, Equatable {
        case compare(QueryComparison, QueryValue)
        case between(QueryValue, QueryValue, negated: Bool)
        case among([QueryValue], negated: Bool)
        case like(String, negated: Bool)
        case isNaN(negated: Bool)
        case isTrue
    }
}

/// A value that a field is compared with.
enum QueryValue: Sendable, Equatable {
    case number(Double)
    case text(String)
    case truth(Bool)
    case time(QueryTime)
}
