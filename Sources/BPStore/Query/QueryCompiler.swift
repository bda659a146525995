import BPQuery
import BPSQLite

extension QueryPredicate<SQLAccess> {
    /// A condition for WHERE that holds if the predicate is true. Otherwise it may be NULL, which WHERE, AND and OR
    /// treat as false. NOT does not, so it is written IS NOT TRUE.
    var sql: SQLFragment {
        switch self {
        case .all(let parts): Self.joined(parts, " AND ")
        case .any(let parts): Self.joined(parts, " OR ")
        case .not(let inner): "(" + inner.sql + ") IS NOT TRUE"
        case .test(let form, let test): Self.condition(form, test)
        case .compare(let left, let comparison, let right):
            Self.compare(left, comparison, right)
        case .isNull(let field, let negated):
            Self.present(field, negated: negated)
        }
    }

    private static func joined(_ parts: [QueryPredicate], _ word: String) -> SQLFragment {
        SQLFragment.joined(parts.map { "(" + $0.sql + ")" }, word)
    }

    private static func present(_ field: SQLField, negated: Bool) -> SQLFragment {
        let parts = field.forms.map { $0.access.presence + (negated ? " IS NOT NULL" : " IS NULL") }
        return SQLFragment.joined(parts, negated ? " OR " : " AND ")
    }

    /// A text that may spell a number is compared with a number as one, and with a text if both spell one.
    private static func compare(
        _ left: SQLField.Form, _ comparison: QueryComparison, _ right: SQLField.Form
    ) -> SQLFragment {
        let sign = " \(comparison.sql) "
        let plain = left.scalar + sign + right.scalar
        guard left.type == .mixed || right.type == .mixed else { return plain }
        func number(_ form: SQLField.Form) -> SQLFragment {
            form.type.isText ? SQLFragment.number(spelledBy: form.scalar) : form.scalar
        }
        let numbers = number(left) + sign + number(right)
        guard left.type.isText, right.type.isText else { return numbers }
        let areNumbers = number(left) + " IS NOT NULL AND " + number(right) + " IS NOT NULL"
        return "(CASE WHEN " + areNumbers + " THEN " + numbers + " ELSE " + plain + " END)"
    }

    /// A condition on a text that may spell a number.
    private static func mixed(_ text: SQLFragment, _ test: QueryTest) -> SQLFragment? {
        let number = SQLFragment.number(spelledBy: text)
        switch test {
        case .compare(.unequal, let value) where value.isNumber:
            return "(" + text + " IS NOT NULL AND " + number + SQLFragment(" IS NOT ?)", [value.bound])
        case .compare(_, let value) where value.isNumber: return holds(number, test)
        case .between(let low, let high, _) where low.isNumber && high.isNumber: return holds(number, test)
        case .compare(let comparison, .text(let other)) where comparison != .equal && comparison != .unequal:
            guard let value = QueryValue.number(spelledBy: other) else { return nil }
            return either(number, holds(number, .compare(comparison, value)), holds(text, test))
        case .between(.text(let low), .text(let high), let negated):
            guard let first = QueryValue.number(spelledBy: low), let last = QueryValue.number(spelledBy: high) else {
                return nil
            }
            return either(
                number, holds(number, .between(first, last, negated: negated)), holds(text, test))
        case .among(let values, let negated):
            let parts = values.map { value in
                let one = QueryTest.compare(negated ? .unequal : .equal, value)
                return mixed(text, one) ?? holds(text, one)
            }
            return SQLFragment.joined(parts.map { "(" + $0 + ")" }, negated ? " AND " : " OR ")
        default: return nil
        }
    }

    private static func either(
        _ number: SQLFragment, _ asNumber: SQLFragment, _ asText: SQLFragment
    ) -> SQLFragment {
        "(CASE WHEN " + number + " IS NOT NULL THEN " + asNumber + " ELSE " + asText + " END)"
    }

    private static func condition(_ form: SQLField.Form, _ test: QueryTest) -> SQLFragment {
        if case .isNaN(let negated) = test {
            return negated
                ? form.scalar + " IS NOT NULL"
                : "(" + form.access.presence + " IS NOT NULL AND " + form.scalar + " IS NULL)"
        }
        if form.type == .mixed, !form.isMultivalued, let condition = mixed(form.access.value, test) { return condition }
        guard form.isMultivalued else { return holds(form.access.value, test) }
        return "EXISTS (SELECT 1 FROM " + form.access.value + " WHERE " + holds(SQLFragment("value"), test) + ")"
    }

    /// A condition on one value.
    private static func holds(_ value: SQLFragment, _ test: QueryTest) -> SQLFragment {
        switch test {
        case .compare(let comparison, .time(let time)): return holds(value, comparison, time)
        case .compare(let comparison, let other):
            return value + " \(comparison.sql) " + SQLFragment("?", [other.bound])
        case .between(.time(let low), .time(let high), let negated):
            let word = negated ? " NOT BETWEEN ? AND ?" : " BETWEEN ? AND ?"
            return value + SQLFragment(word, [.integer(low.start), .integer(high.end - 1)])
        case .between(let low, let high, let negated):
            return value + SQLFragment(negated ? " NOT BETWEEN ? AND ?" : " BETWEEN ? AND ?", [low.bound, high.bound])
        case .among(let values, let negated):
            if case .time = values.first { return among(value, values, negated) }
            let marks = Array(repeating: "?", count: values.count).joined(separator: ", ")
            return value + SQLFragment(negated ? " NOT IN (\(marks))" : " IN (\(marks))", values.map(\.bound))
        case .begins(let beginnings, let negated):
            let parts = beginnings.map { beginning in
                "substr(" + value
                    + SQLFragment(
                        ", 1, ?)" + (negated ? " <> ?" : " = ?"), [.int(beginning.utf8.count), .text(beginning)])
            }
            return SQLFragment.joined(parts, negated ? " AND " : " OR ")
        case .like(let pattern, let negated):
            return value + SQLFragment((negated ? " NOT LIKE ?" : " LIKE ?") + " ESCAPE '\\'", [.text(pattern)])
        case .isTrue: return value + " = 1"
        case .isNaN: return value + " IS NULL"
        }
    }

    private static func holds(_ value: SQLFragment, _ comparison: QueryComparison, _ time: QueryTime) -> SQLFragment {
        let (start, last) = (SQLiteValue.integer(time.start), SQLiteValue.integer(time.end - 1))
        switch comparison {
        case .equal: return value + SQLFragment(" BETWEEN ? AND ?", [start, last])
        case .unequal: return value + SQLFragment(" NOT BETWEEN ? AND ?", [start, last])
        case .less: return value + SQLFragment(" < ?", [start])
        case .lessOrEqual: return value + SQLFragment(" <= ?", [last])
        case .greater: return value + SQLFragment(" > ?", [last])
        case .greaterOrEqual: return value + SQLFragment(" >= ?", [start])
        }
    }

    private static func among(_ value: SQLFragment, _ values: [QueryValue], _ negated: Bool) -> SQLFragment {
        let parts = values.map { holds(value, .compare(negated ? .unequal : .equal, $0)) }
        return SQLFragment.joined(parts, negated ? " AND " : " OR ")
    }
}

extension QuerySort<SQLAccess> {
    /// The terms of ORDER BY, without the one that breaks ties.
    var terms: [SortTerm] {
        keys.flatMap { key in
            key.field.forms.flatMap { form in
                form.order.map { SortTerm(value: $0, isDescending: key.isDescending) }
            }
        }
    }
}

extension QueryField<SQLAccess>.Form {
    /// The value, or the smallest of several.
    fileprivate var scalar: SQLFragment {
        isMultivalued ? "(SELECT min(value) FROM " + access.value + ")" : access.value
    }

    /// The order of a list.
    fileprivate var order: [SQLFragment] { access.order ?? [scalar] }
}

extension QueryComparison {
    /// The operator in SQL.
    fileprivate var sql: String { self == .unequal ? "<>" : rawValue }
}

extension QueryValue {
    fileprivate var bound: SQLiteValue {
        switch self {
        case .number(let number): .real(number)
        case .whole(let number): .integer(number)
        case .text(let text): .text(text)
        case .truth(let truth): .bool(truth)
        case .time(let time): .integer(time.start)
        }
    }
}
