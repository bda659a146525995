/// A word of an expression and its place in the text.
struct Token: Sendable, Equatable {
    let kind: Kind
    let span: TextSpan

    enum Kind: Sendable, Equatable {
        case name(String)
        case number(Double)
        /// A whole number that no Double equals.
        case whole(Int64)
        case text(String)
        case keyword(Keyword)
        case comparison(QueryComparison)
        case open
        case close
        case comma
        case end
    }
}

/// A range of the text, in Unicode scalars from 0.
struct TextSpan: Sendable, Equatable {
    var start: Int
    var end: Int

    func joined(_ other: TextSpan) -> TextSpan { TextSpan(start: min(start, other.start), end: max(end, other.end)) }
}

/// The words that cannot be names, in lower or upper case.
enum Keyword: String, Sendable, CaseIterable {
    case and, or, not, between, `in`, like, `is`, null, nan, `true`, `false`
}

extension Token.Kind {
    /// The word as an error names it.
    var words: String {
        switch self {
        case .name(let name): name
        case .number(let number): numberText(number)
        case .whole(let number): "\(number)"
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
func numberText(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e15 ? String(Int64(number)) : "\(number)"
}
