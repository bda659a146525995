import TestSupport

@testable import BPQuery

/// A vocabulary without a database. A field is found by a closure, and a predicate compiles to a closure.
struct SampleVocabulary: QueryVocabulary {
    /// The values of a field in a run, none if the run lacks it.
    typealias Access = @Sendable (SampleRun) -> [QueryValue]

    private static let types: [String: [QueryType]] = [
        "run": [.number], "epochs": [.number], "seconds": [.number], "parent": [.number], "root": [.number],
        "ancestor": [.number], "learning_rate": [.number], "width": [.number, .text],
        "loss": [.measure], "last.loss": [.measure], "val_loss": [.measure], "test_loss": [.measure],
        "min.test_loss": [.measure],
        "model": [.text], "optimizer": [.text], "reason": [.text], "note": [.text], "setting.loss": [.text],
        "status": [.choice(QueryTree.statuses)], "ended": [.time], "shuffle": [.truth], "forked": [.truth],
    ]

    func field(_ name: String) -> QueryField<Access>? {
        let isTag = name.hasPrefix("tag.") && name.count > 4
        guard let types = isTag ? [.text] : SampleVocabulary.types[name] else { return nil }
        let stored = name == "last.loss" ? "loss" : name
        return QueryField(
            name,
            types.map { type in
                QueryField.Form(type, isMultivalued: name == "ancestor" || name == "note") { run in
                    SampleVocabulary.values(stored, type, run)
                }
            })
    }

    func hiddenField(_ name: String) -> QueryField<Access>? { field("setting." + name) }

    func names() -> [String] { Array(SampleVocabulary.types.keys) }

    private static func values(_ name: String, _ type: QueryType, _ run: SampleRun) -> [QueryValue] {
        switch (name, type) {
        case ("ancestor", _): run.ancestors.map { .number(Double($0)) }
        case ("note", _): run.notes.map { .text($0) }
        case (_, .number), (_, .measure): run.numbers[name].map { [.number($0)] } ?? []
        case (_, .text), (_, .mixed), (_, .hash), (_, .choice): run.texts[name].map { [.text($0)] } ?? []
        case (_, .truth): run.truths[name].map { [.truth($0)] } ?? []
        case (_, .time): run.times[name].map { [.time(QueryTime(start: $0, end: $0 + 1))] } ?? []
        }
    }
}

// The compiler of this vocabulary.

extension QueryPredicate<SampleVocabulary.Access> {
    /// Whether a run satisfies the predicate.
    var filter: @Sendable (SampleRun) -> Bool {
        switch self {
        case .all(let parts):
            let filters = parts.map(\.filter)
            return { run in filters.allSatisfy { $0(run) } }
        case .any(let parts):
            let filters = parts.map(\.filter)
            return { run in filters.contains { $0(run) } }
        case .not(let inner):
            let filter = inner.filter
            return { !filter($0) }
        case .test(let form, let test): return { run in form.access(run).contains { test.holds(for: $0) } }
        case .compare(let left, let comparison, let right):
            return { run in
                guard let one = left.access(run).first, let other = right.access(run).first else { return false }
                return QueryTest.compare(comparison, other).holds(for: one)
            }
        case .isNull(let field, let negated):
            return { run in field.forms.allSatisfy { $0.access(run).isEmpty } != negated }
        }
    }
}

extension QueryTest {
    fileprivate func holds(for value: QueryValue) -> Bool {
        switch self {
        case .isNaN(let negated): return value.isNaN != negated
        case _ where value.isNaN: return false
        case .compare(let comparison, let other): return value.order(to: other).map(comparison.holds) ?? false
        case .between(let low, let high, let negated):
            guard let left = value.order(to: low), let right = value.order(to: high) else { return false }
            return negated != (left >= 0 && right <= 0)
        case .among(let values, let negated): return negated != values.contains { value.order(to: $0) == 0 }
        case .begins(let beginnings, let negated):
            guard case .text(let text) = value else { return false }
            return negated != beginnings.contains { text.hasPrefix($0) }
        case .like(let pattern, let negated):
            guard case .text(let text) = value else { return false }
            return negated != QueryTree.isLike(text, pattern)
        case .isTrue: return value == .truth(true)
        }
    }
}

extension QueryComparison {
    fileprivate func holds(_ order: Int) -> Bool {
        switch self {
        case .equal: order == 0
        case .unequal: order != 0
        case .less: order < 0
        case .lessOrEqual: order <= 0
        case .greater: order > 0
        case .greaterOrEqual: order >= 0
        }
    }
}

extension QueryValue {
    fileprivate var isNaN: Bool { if case .number(let number) = self { number.isNaN } else { false } }

    /// Below 0 if the value is before `other`, above 0 if it is after it; nil if the two do not compare.
    fileprivate func order(to other: QueryValue) -> Int? {
        switch (self, other) {
        case (.number(let one), .number(let other)):
            one < other ? -1 : one > other ? 1 : one == other ? 0 : nil
        case (.text(let one), .text(let other)):
            one.utf8.elementsEqual(other.utf8) ? 0 : one.utf8.lexicographicallyPrecedes(other.utf8) ? -1 : 1
        case (.truth(let one), .truth(let other)): (one ? 1 : 0) - (other ? 1 : 0)
        case (.time(let one), .time(let other)): one.start < other.start ? -1 : one.start >= other.end ? 1 : 0
        default: nil
        }
    }
}

extension QuerySort<SampleVocabulary.Access> {
    /// Whether `one` comes before `other`, with the larger number first between equals.
    func areInOrder(_ one: SampleRun, _ other: SampleRun) -> Bool {
        for key in keys {
            let (left, right) = (key.value(of: one), key.value(of: other))
            if left == nil && right == nil { continue }
            guard let left, let right else { return right == nil }
            if let order = left.order(to: right), order != 0 { return key.isDescending ? order > 0 : order < 0 }
        }
        return one.number > other.number
    }
}

extension QuerySort<SampleVocabulary.Access>.Key {
    /// The value to sort by; nil if it is missing or NaN.
    fileprivate func value(of run: SampleRun) -> QueryValue? {
        field.forms.lazy.compactMap { $0.access(run).first }.first.flatMap { $0.isNaN ? nil : $0 }
    }
}
