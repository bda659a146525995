import BPStore

/// The names that an expression may use, and what they stand for.
protocol QueryVocabulary {
    /// What `name` stands for; nil where it is not known.
    func field(_ name: String) throws -> QueryField?
    /// All names that stand for something, for those who mistyped one.
    func names() throws -> [String]
}

/// Looks names up and checks types.
struct QueryResolver {
    private let text: String
    private let vocabulary: any QueryVocabulary

    /// The predicate that `text` is.
    /// - Throws: `QueryError`, or what the vocabulary meets.
    static func predicate(_ text: String, _ vocabulary: any QueryVocabulary) throws -> QueryPredicate {
        try QueryResolver(text: text, vocabulary: vocabulary).resolve(QueryParser.parse(text))
    }

    private init(text: String, vocabulary: any QueryVocabulary) { (self.text, self.vocabulary) = (text, vocabulary) }

    private func resolve(_ expression: QueryExpression) throws -> QueryPredicate {
        switch expression {
        case .all(let parts): return .all(try parts.map(resolve))
        case .any(let parts): return .any(try parts.map(resolve))
        case .not(let inner): return .not(try resolve(inner))
        case .truth(let name):
            let field = try field(name)
            guard let form = field.forms.first(where: { $0.type == .truth }) else {
                throw fault(name.span, "\(name.text) is \(kind(field)): compare it with something")
            }
            return .test(field, form, .isTrue)
        case .compare(let left, let comparison, let right): return try compare(left, comparison, right)
        case .between(let name, let low, let high, let negated):
            return try test(name, [low, high]) { .between($0[0], $0[1], negated: negated) }
        case .among(let name, let values, let negated): return try test(name, values) { .among($0, negated: negated) }
        case .like(let name, let pattern, let negated): return try like(name, pattern, negated)
        case .isNull(let name, let negated): return .isNull(try field(name), negated: negated)
        case .isNaN(let name, let negated):
            let field = try field(name)
            guard let form = field.forms.first(where: { $0.type == .number || $0.type == .measure }) else {
                throw fault(name.span, "\(name.text) is \(kind(field)), which is never nan")
            }
            return .test(field, form, .isNaN(negated: negated))
        }
    }

    private func compare(
        _ left: QueryOperand, _ comparison: QueryComparison, _ right: QueryOperand
    ) throws -> QueryPredicate {
        switch (left, right) {
        case (.name(let name), .literal(let literal)):
            return try test(name, [literal], ordered: comparison) { .compare(comparison, $0[0]) }
        case (.literal, .name): return try compare(right, comparison.turned, left)
        case (.name(let first), .name(let second)):
            let one = try field(first)
            if one.forms.contains(where: { $0.type.words == QueryType.text.words }),
                try vocabulary.field(second.text) == nil
            {
                throw fault(
                    second.span, "there is no \(second.text) to ask for; text stands in quotes",
                    near: ["\"\(second.text)\""])
            }
            let other = try field(second)
            for form in one.forms {
                if let match = other.forms.first(where: { QueryResolver.compare(form.type, $0.type) }),
                    case .value = form.source, case .value = match.source
                {
                    return .compare(form, comparison, match)
                }
            }
            throw fault(
                first.span.joined(second.span),
                "\(first.text), \(kind(one)), and \(second.text), \(kind(other)), do not compare")
        case (.literal, .literal):
            throw fault(left.span.joined(right.span), "a comparison needs a name on one side")
        }
    }

    private static func compare(_ one: QueryType, _ other: QueryType) -> Bool { one.words == other.words }

    private func test(
        _ name: QueryName, _ literals: [QueryLiteral], ordered: QueryComparison? = nil,
        _ make: ([QueryValue]) -> QueryPredicate.Test
    ) throws -> QueryPredicate {
        let field = try field(name)
        for form in field.forms {
            let values = try literals.compactMap { try value($0, form.type, name) }
            if values.count == literals.count { return .test(field, form, make(values)) }
        }
        let odd = literals.first { literal in !field.forms.contains { accepts($0.type, literal.value) } } ?? literals[0]
        var reason = "\(name.text) is \(kind(field)), \(odd.value.words)"
        var near: [String] = []
        if case .text = odd.value, let other = try otherForm(name.text) {
            reason += "; \(other.name) is \(kind(other))"
            near = [other.name]
        }
        throw fault(near.isEmpty ? odd.span : name.span, reason, near: near)
    }

    /// A setting that a column of the same name hides.
    private func otherForm(_ name: String) throws -> QueryField? {
        guard let field = try vocabulary.field("setting." + name) else { return nil }
        return field.forms.contains { $0.type == .text } ? field : nil
    }

    private func like(_ name: QueryName, _ pattern: QueryLiteral, _ negated: Bool) throws -> QueryPredicate {
        let field = try field(name)
        guard let form = field.forms.first(where: { $0.type.words == QueryType.text.words }) else {
            throw fault(name.span, "\(name.text) is \(kind(field)); like asks for text")
        }
        guard case .text(let text) = pattern.value else {
            throw fault(pattern.span, "like wants a pattern in quotes; \(pattern.value.words)")
        }
        // A backslash takes the next character for itself; at the end SQLite would let nothing match.
        var isOpen = false
        for character in text { isOpen = character == "\\" && !isOpen }
        if isOpen { throw fault(pattern.span, "the pattern ends in a \\ that escapes nothing; \\\\ is one backslash") }
        return .test(field, form, .like(text, negated: negated))
    }

    private func accepts(_ type: QueryType, _ value: QueryLiteral.Value) -> Bool {
        switch (type, value) {
        case (.number, .number), (.measure, .number), (.text, .text), (.choice, .text), (.truth, .truth),
            (.time, .text):
            true
        default: false
        }
    }

    /// The literal as a value of `type`; nil where it is of another one.
    private func value(_ literal: QueryLiteral, _ type: QueryType, _ name: QueryName) throws -> QueryValue? {
        switch (type, literal.value) {
        case (.number, .number(let number)): return .number(number)
        case (.measure, .number(let number)): return .number(QueryResolver.roundedToFloat(number))
        case (.text, .text(let text)): return .text(text)
        case (.choice(let choices), .text(let text)):
            guard choices.contains(text) else {
                throw fault(
                    literal.span, "\(name.text) is one of \(choices.joined(separator: ", ")), never \"\(text)\"",
                    near: near(text, choices))
            }
            return .text(text)
        case (.truth, .truth(let truth)): return .truth(truth)
        case (.time, .text(let text)):
            guard let time = QueryTime(text) else {
                throw fault(
                    literal.span, "\"\(text)\" is no time such as 2026-11-24 or 2026-11-24T10:00 (UTC)")
            }
            return .time(time)
        default: return nil
        }
    }

    /// The number as the float32 nearest to it; as it is where that would make it 0 or infinite.
    static func roundedToFloat(_ number: Double) -> Double {
        let rounded = Double(Float(number))
        return rounded.isFinite && (rounded != 0 || number == 0) ? rounded : number
    }

    private func field(_ name: QueryName) throws -> QueryField {
        if let field = try vocabulary.field(name.text) { return field }
        let near = nearOrBegun(name.text, try vocabulary.names())
        throw fault(name.span, "there is no \(name.text) to ask for", near: near)
    }

    private func kind(_ field: QueryField) -> String { field.forms[0].type.words }

    private func fault(_ span: QuerySpan, _ reason: String, near: [String] = []) -> QueryError {
        QueryError(.expression, text, at: span.start, length: span.end - span.start, reason, near: near)
    }
}
