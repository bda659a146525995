/// A word of an expression, and where it stands.
struct QueryToken: Sendable, Equatable {
    let kind: Kind
    let span: QuerySpan

    enum Kind: Sendable, Equatable {
        case name(String)
        case number(Double)
        case text(String)
        case keyword(QueryKeyword)
        case comparison(QueryComparison)
        case open
        case close
        case comma
        case end
    }
}

/// A stretch of the text, in Unicode scalars from 0.
struct QuerySpan: Sendable, Equatable {
    var start: Int
    var end: Int

    func joined(_ other: QuerySpan) -> QuerySpan { QuerySpan(start: min(start, other.start), end: max(end, other.end)) }
}

/// The words that are no names, in lower or upper case.
enum QueryKeyword: String, Sendable, CaseIterable {
    case and, or, not, between, `in`, like, `is`, null, nan, `true`, `false`
}

/// How two values are compared.
enum QueryComparison: String, Sendable, CaseIterable {
    case equal = "="
    case unequal = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="

    /// The same with its sides exchanged.
    var turned: QueryComparison {
        switch self {
        case .equal, .unequal: self
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        }
    }

    /// The operator in SQL.
    var sql: String { self == .unequal ? "<>" : rawValue }
}

extension QueryToken.Kind {
    /// The word as an error names it.
    var words: String {
        switch self {
        case .name(let name): name
        case .number(let number): queryText(number)
        case .text(let text): "\"\(text)\""
        case .keyword(let keyword): keyword.rawValue
        case .comparison(let comparison): comparison.rawValue
        case .open: "("
        case .close: ")"
        case .comma: ","
        case .end: "the end"
        }
    }
}

/// A number as it may have been typed.
func queryText(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e15 ? String(Int64(number)) : "\(number)"
}
