import BPSQLite

extension QueryPredicate {
    /// A condition for WHERE that holds where the predicate is true. Elsewhere it may be NULL, which WHERE, AND and OR
    /// take for false; NOT would not, and is written IS NOT TRUE.
    var sql: QuerySQL {
        switch self {
        case .all(let parts): Self.joined(parts, " AND ")
        case .any(let parts): Self.joined(parts, " OR ")
        case .not(let inner): "(" + inner.sql + ") IS NOT TRUE"
        case .test(_, let form, let test): Self.condition(form, test)
        case .compare(let left, let comparison, let right):
            left.scalar + " \(comparison.sql) " + right.scalar
        case .isNull(let field, let negated):
            Self.present(field, negated: negated)
        }
    }

    private static func joined(_ parts: [QueryPredicate], _ word: String) -> QuerySQL {
        QuerySQL.joined(parts.map { "(" + $0.sql + ")" }, word)
    }

    private static func present(_ field: QueryField, negated: Bool) -> QuerySQL {
        let parts = field.forms.map { $0.presence + (negated ? " IS NOT NULL" : " IS NULL") }
        return QuerySQL.joined(parts, negated ? " OR " : " AND ")
    }

    private static func condition(_ form: QueryField.Form, _ test: Test) -> QuerySQL {
        if case .isNaN(let negated) = test {
            return negated
                ? form.scalar + " IS NOT NULL" : "(" + form.presence + " IS NOT NULL AND " + form.scalar + " IS NULL)"
        }
        switch form.source {
        case .value(let value): return holds(value, test)
        case .members(let members):
            return "EXISTS (SELECT 1 FROM " + members + " WHERE " + holds(QuerySQL("value"), test) + ")"
        }
    }

    /// A condition on one value.
    private static func holds(_ value: QuerySQL, _ test: Test) -> QuerySQL {
        switch test {
        case .compare(let comparison, .time(let time)): return holds(value, comparison, time)
        case .compare(let comparison, let other):
            return value + " \(comparison.sql) " + QuerySQL("?", [other.bound])
        case .between(.time(let low), .time(let high), let negated):
            let word = negated ? " NOT BETWEEN ? AND ?" : " BETWEEN ? AND ?"
            return value + QuerySQL(word, [.integer(low.start), .integer(high.end - 1)])
        case .between(let low, let high, let negated):
            return value + QuerySQL(negated ? " NOT BETWEEN ? AND ?" : " BETWEEN ? AND ?", [low.bound, high.bound])
        case .among(let values, let negated):
            if case .time = values.first { return among(value, values, negated) }
            let marks = Array(repeating: "?", count: values.count).joined(separator: ", ")
            return value + QuerySQL(negated ? " NOT IN (\(marks))" : " IN (\(marks))", values.map(\.bound))
        case .like(let pattern, let negated):
            return value + QuerySQL((negated ? " NOT LIKE ?" : " LIKE ?") + " ESCAPE '\\'", [.text(pattern)])
        case .isTrue: return value + " = 1"
        case .isNaN: return value + " IS NULL"
        }
    }

    private static func holds(_ value: QuerySQL, _ comparison: QueryComparison, _ time: QueryTime) -> QuerySQL {
        let (start, last) = (SQLiteValue.integer(time.start), SQLiteValue.integer(time.end - 1))
        switch comparison {
        case .equal: return value + QuerySQL(" BETWEEN ? AND ?", [start, last])
        case .unequal: return value + QuerySQL(" NOT BETWEEN ? AND ?", [start, last])
        case .less: return value + QuerySQL(" < ?", [start])
        case .lessOrEqual: return value + QuerySQL(" <= ?", [last])
        case .greater: return value + QuerySQL(" > ?", [last])
        case .greaterOrEqual: return value + QuerySQL(" >= ?", [start])
        }
    }

    private static func among(_ value: QuerySQL, _ values: [QueryValue], _ negated: Bool) -> QuerySQL {
        let parts = values.map { holds(value, .compare(negated ? .unequal : .equal, $0)) }
        return QuerySQL.joined(parts, negated ? " AND " : " OR ")
    }
}

extension QuerySQL {
    /// Conditions with `word` between them, in parentheses as a balanced tree: SQLite bounds how deep one is.
    static func joined(_ parts: [QuerySQL], _ word: String) -> QuerySQL {
        guard parts.count > 1 else { return parts.first ?? QuerySQL("") }
        let half = parts.count / 2
        return "(" + joined(Array(parts.prefix(half)), word) + word + joined(Array(parts.dropFirst(half)), word) + ")"
    }
}

extension QueryField.Form {
    /// The value, of a field that has one.
    var scalar: QuerySQL {
        switch source {
        case .value(let value): value
        case .members(let members): "(SELECT min(value) FROM " + members + ")"
        }
    }
}

extension QueryValue {
    var bound: SQLiteValue {
        switch self {
        case .number(let number): .real(number)
        case .text(let text): .text(text)
        case .truth(let truth): .bool(truth)
        case .time(let time): .integer(time.start)
        }
    }
}
