/// Parses an expression by recursive descent:
///
///     expression = conjunction { "or" conjunction }
///     conjunction = negation { "and" negation }
///     negation = "not" negation | "(" expression ")" | comparison
///     comparison = name | operand ("=" | "!=" | "<" | "<=" | ">" | ">=") operand
///                | name ["not"] "between" value "and" value
///                | name ["not"] "in" "(" value { "," value } ")"
///                | name ["not"] "like" text | name "is" ["not"] ("null" | "nan")
///
/// Depth and number of comparisons are limited, so that no expression overflows a stack here or in the database for
/// which a vocabulary compiles it.
struct Parser {
    private let text: String
    private let tokens: [Token]
    private var place = 0
    private var depth = 0
    private var comparisons = 0

    /// The maximum nesting of parentheses and `not`s.
    static let deepest = 100
    /// The maximum number of comparisons in one expression.
    static let mostComparisons = 250

    /// Parses `text` as one expression.
    /// - Throws: `QueryError`.
    static func parse(_ text: String) throws(QueryError) -> ParsedExpression {
        var parser = Parser(text: text, tokens: try Lexer.tokens(text))
        let expression = try parser.expression()
        guard parser.next.kind == .end else {
            throw parser.fault("\(parser.next.kind.words) is not expected here; and, or, or the end is")
        }
        return expression
    }

    private init(text: String, tokens: [Token]) { (self.text, self.tokens) = (text, tokens) }

    private var next: Token { tokens[place] }

    private mutating func advance() { if place < tokens.count - 1 { place += 1 } }

    private mutating func take(_ kind: Token.Kind) -> Bool {
        guard next.kind == kind else { return false }
        advance()
        return true
    }

    private mutating func need(_ kind: Token.Kind, _ purpose: String) throws(QueryError) {
        guard take(kind) else { throw fault("\(kind.words) is expected here, \(purpose), not \(next.kind.words)") }
    }

    private func fault(_ reason: String) -> QueryError { fault(next.span, reason) }

    private func fault(_ span: TextSpan, _ reason: String, near: [String] = []) -> QueryError {
        QueryError(.expression, text, at: span.start, length: span.end - span.start, reason, near: near)
    }

    private mutating func expression() throws(QueryError) -> ParsedExpression {
        var parts = [try conjunction()]
        while take(.keyword(.or)) { parts.append(try conjunction()) }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    private mutating func conjunction() throws(QueryError) -> ParsedExpression {
        var parts = [try negation()]
        while take(.keyword(.and)) { parts.append(try negation()) }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private mutating func negation() throws(QueryError) -> ParsedExpression {
        let isNot = next.kind == .keyword(.not)
        guard isNot || next.kind == .open else { return try comparison() }
        depth += 1
        guard depth <= Parser.deepest else {
            throw fault("more than \(Parser.deepest) nested parentheses and nots")
        }
        defer { depth -= 1 }
        advance()
        if isNot { return .not(try negation()) }
        let inner = try expression()
        try need(.close, "which closes the parenthesis")
        return inner
    }

    private mutating func comparison() throws(QueryError) -> ParsedExpression {
        comparisons += 1
        guard comparisons <= Parser.mostComparisons else {
            throw fault("more than \(Parser.mostComparisons) comparisons")
        }
        let left = try operand()
        if case .comparison(let comparison) = next.kind {
            advance()
            return .compare(left, comparison, try operand())
        }
        guard case .name(let name) = left else {
            throw fault("a comparison is expected here, with =, !=, <, <=, > or >=, not \(next.kind.words)")
        }
        return try test(of: name)
    }

    /// The rest of a comparison that has no sign: `is`, `between`, `in`, `like`, or nothing after a truth value.
    private mutating func test(of name: ParsedName) throws(QueryError) -> ParsedExpression {
        if take(.keyword(.is)) {
            let negated = take(.keyword(.not))
            if take(.keyword(.null)) { return .isNull(name, negated: negated) }
            if take(.keyword(.nan)) { return .isNaN(name, negated: negated) }
            throw fault("is needs null or nan, not \(next.kind.words)")
        }
        let negated = take(.keyword(.not))
        if take(.keyword(.between)) {
            let low = try literal()
            try need(.keyword(.and), "before the upper bound of between")
            return .between(name, low, try literal(), negated: negated)
        }
        if take(.keyword(.in)) { return .among(name, try list(), negated: negated) }
        if take(.keyword(.like)) { return .like(name, try literal(), negated: negated) }
        guard !negated else { throw fault("between, in or like is expected behind not, not \(next.kind.words)") }
        return .truth(name)
    }

    private mutating func list() throws(QueryError) -> [ParsedLiteral] {
        try need(.open, "before the values of in")
        var values = [try literal()]
        while take(.comma) { values.append(try literal()) }
        try need(.close, "behind the values of in")
        return values
    }

    private mutating func operand() throws(QueryError) -> ParsedOperand {
        let token = next
        guard case .name(let text) = token.kind else { return .literal(try literal()) }
        advance()
        return .name(ParsedName(text: text, span: token.span))
    }

    private mutating func literal() throws(QueryError) -> ParsedLiteral {
        let token = next
        let value: ParsedLiteral.Value
        switch token.kind {
        case .number(let number): value = .number(number)
        case .whole(let number): value = .whole(number)
        case .text(let text): value = .text(text)
        case .keyword(.true): value = .truth(true)
        case .keyword(.false): value = .truth(false)
        case .keyword(.nan): throw fault("nothing compares with nan; write: is nan")
        case .keyword(.null): throw fault("nothing compares with null; write: is null")
        case .name(let name):
            throw fault(
                next.span, "a value is expected here, not the name \(name); text needs quotes",
                near: ["\"\(name)\""])
        case let other: throw fault("a name or a value is expected here, not \(other.words)")
        }
        advance()
        return ParsedLiteral(value: value, span: token.span)
    }
}
