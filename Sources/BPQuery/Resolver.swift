import BPText

/// Looks the names of an expression up in a vocabulary and checks the types of its comparisons.
struct Resolver<Vocabulary: QueryVocabulary> {
    typealias Field = QueryField<Vocabulary.Access>
    typealias Predicate = QueryPredicate<Vocabulary.Access>

    /// The text of the expression, for errors.
    let text: String
    let vocabulary: Vocabulary

    /// The predicate that `expression` means.
    /// - Throws: `QueryError`, or an error of the vocabulary.
    func resolve(_ expression: ParsedExpression) throws -> Predicate {
        switch expression {
        case .all(let parts): return .all(try parts.map(resolve))
        case .any(let parts): return .any(try parts.map(resolve))
        case .not(let inner): return .not(try resolve(inner))
        case .truth(let name):
            let field = try field(name)
            guard let form = field.forms.first(where: { $0.type == .truth }) else {
                throw fault(name.span, "\(name.text) is \(kind(field)): compare it with something")
            }
            return .test(form, .isTrue)
        case .compare(let left, let comparison, let right): return try compare(left, comparison, right)
        case .between(let name, let low, let high, let negated):
            return try test(name, [low, high]) { .between($0[0], $0[1], negated: negated) }
        case .among(let name, let values, let negated): return try test(name, values) { .among($0, negated: negated) }
        case .like(let name, let pattern, let negated): return try like(name, pattern, negated)
        case .isNull(let name, let negated): return .isNull(try field(name), negated: negated)
        case .isNaN(let name, let negated):
            let field = try field(name)
            guard let form = field.forms.first(where: \.type.isNumber) else {
                throw fault(name.span, "\(name.text) is \(kind(field)), which is never nan")
            }
            return .test(form, .isNaN(negated: negated))
        }
    }

    private func compare(
        _ left: ParsedOperand, _ comparison: QueryComparison, _ right: ParsedOperand
    ) throws -> Predicate {
        switch (left, right) {
        case (.name(let name), .literal(let literal)):
            return try test(name, [literal]) { .compare(comparison, $0[0]) }
        case (.literal, .name): return try compare(right, comparison.flipped, left)
        case (.name(let first), .name(let second)):
            let one = try field(first)
            if one.forms.contains(where: \.type.isText), try vocabulary.field(second.text) == nil {
                throw fault(
                    second.span, "unknown field: \(second.text); text needs quotes",
                    near: ["\"\(second.text)\""])
            }
            let other = try field(second)
            for form in one.forms {
                if let match = other.forms.first(where: { form.type.isComparable(with: $0.type) }),
                    !form.isMultivalued, !match.isMultivalued
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

    private func test(
        _ name: ParsedName, _ literals: [ParsedLiteral], _ make: ([QueryValue]) -> QueryTest
    ) throws -> Predicate {
        let field = try field(name)
        for isSpelled in [false, true] {
            for form in field.forms {
                let values = try literals.compactMap {
                    try isSpelled
                        ? spelled($0, form.type, name) : value($0, form.type, name, isAlone: field.forms.count == 1)
                }
                if values.count == literals.count {
                    return .test(form, form.type == .hash ? QueryHash.test(make(values)) : make(values))
                }
            }
        }
        let odd = literals.first { literal in !field.forms.contains { accepts($0.type, literal.value) } } ?? literals[0]
        var reason = "\(name.text) is \(kind(field)), \(odd.value.words)"
        var near: [String] = []
        if case .text = odd.value, let other = try hiddenText(name.text) {
            reason += "; \(other.name) is \(kind(other))"
            near = [other.name]
        }
        if field.forms[0].type == .hash || field.forms[0].type == .text, odd.value.isNumber {
            let word = String(
                String.UnicodeScalarView(
                    text.unicodeScalars.dropFirst(odd.span.start).prefix(
                        odd.span.end - odd.span.start)))
            near = ["\"\(word)\""]
            throw fault(odd.span, reason + "; text needs quotes", near: near)
        }
        throw fault(near.isEmpty ? odd.span : name.span, reason, near: near)
    }

    /// The field of text that a field called `name` hides.
    private func hiddenText(_ name: String) throws -> Field? {
        guard let field = try vocabulary.hiddenField(name) else { return nil }
        return field.forms.contains { $0.type == .text } ? field : nil
    }

    private func like(_ name: ParsedName, _ pattern: ParsedLiteral, _ negated: Bool) throws -> Predicate {
        let field = try field(name)
        guard let form = field.forms.first(where: \.type.isText) else {
            throw fault(name.span, "\(name.text) is \(kind(field)); like needs text")
        }
        guard case .text(let text) = pattern.value else {
            throw fault(pattern.span, "like needs a pattern in quotes; \(pattern.value.words)")
        }
        // A backslash escapes the next character. SQLite would match nothing if one were at the end.
        var isOpen = false
        for character in text { isOpen = character == "\\" && !isOpen }
        if isOpen { throw fault(pattern.span, "the pattern ends in a \\ that escapes nothing; \\\\ is one backslash") }
        return .test(form, .like(text, negated: negated))
    }

    private func accepts(_ type: QueryType, _ value: ParsedLiteral.Value) -> Bool {
        switch (type, value) {
        case (.number, _), (.measure, _): value.isNumber
        case (.mixed, .number), (.mixed, .whole): true
        case (.text, .text), (.mixed, .text), (.hash, .text), (.choice, .text), (.truth, .truth), (.time, .text): true
        default: false
        }
    }

    /// The literal as a value of `type`, whose text may be a word for a truth value as lists and commands write it.
    private func spelled(_ literal: ParsedLiteral, _ type: QueryType, _ name: ParsedName) throws -> QueryValue? {
        guard case .text(let text) = literal.value else { return try value(literal, type, name, isAlone: true) }
        switch type {
        case .truth:
            return ["on", "yes", "true"].contains(text)
                ? .truth(true) : ["off", "no", "false"].contains(text) ? .truth(false) : nil
        case .number, .measure, .text, .mixed, .hash, .choice, .time: return nil
        }
    }

    /// The literal as a value of `type`; nil if it is of another one.
    /// - Parameter isAlone: whether the field has no other form that may take the literal.
    private func value(
        _ literal: ParsedLiteral, _ type: QueryType, _ name: ParsedName, isAlone: Bool
    ) throws -> QueryValue? {
        switch (type, literal.value) {
        case (.number, .number(let number)): return .number(number)
        case (.number, .whole(let number)), (.mixed, .whole(let number)): return .whole(number)
        case (.measure, .whole(let number)): return .number(Resolver.roundedToFloat(Double(number)))
        case (.hash, .text(let text)):
            guard let digits = QueryHash.digits(text) else {
                throw fault(
                    literal.span,
                    "\"\(text)\" is no hash of \(QueryHash.lengths.lowerBound) to \(QueryHash.lengths.upperBound) "
                        + "hexadecimal digits; like finds a shorter beginning, such as \(name.text) like \"3f9a%\"")
            }
            return .text(digits)
        case (.measure, .number(let number)): return .number(Resolver.roundedToFloat(number))
        case (.text, .text(let text)), (.mixed, .text(let text)): return .text(text)
        case (.mixed, .number(let number)): return .number(number)
        case (.choice(let choices), .text(let text)):
            guard choices.contains(text) else {
                if !isAlone { return nil }
                throw fault(
                    literal.span, "\(name.text) is one of \(choices.joined(separator: ", ")), never \"\(text)\"",
                    near: NearNames.of(text, among: choices))
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

    /// The float32 nearest to the number, or the number itself if rounding would make it 0 or infinite.
    private static func roundedToFloat(_ number: Double) -> Double {
        let rounded = Double(Float(number))
        return rounded.isFinite && (rounded != 0 || number == 0) ? rounded : number
    }

    private func field(_ name: ParsedName) throws -> Field {
        if let field = try vocabulary.field(name.text) { return field }
        throw fault(
            name.span, "unknown field: \(name.text)", near: try vocabulary.suggestions(for: name.text))
    }

    private func kind(_ field: Field) -> String { field.forms[0].type.words }

    private func fault(_ span: TextSpan, _ reason: String, near: [String] = []) -> QueryError {
        QueryError(.expression, text, at: span.start, length: span.end - span.start, reason, near: near)
    }
}
