import BPQuery
import BPSQLite

/// A piece of SQL with the values of its `?`. Text that people wrote only ever occurs among the values.
struct SQLFragment: Sendable, Equatable {
    var text: String
    var bindings: [SQLiteValue] = []

    init(_ text: String, _ bindings: [SQLiteValue] = []) { (self.text, self.bindings) = (text, bindings) }

    static func + (left: SQLFragment, right: SQLFragment) -> SQLFragment {
        SQLFragment(left.text + right.text, left.bindings + right.bindings)
    }

    static func + (left: SQLFragment, right: String) -> SQLFragment { SQLFragment(left.text + right, left.bindings) }
    static func + (left: String, right: SQLFragment) -> SQLFragment { SQLFragment(left + right.text, right.bindings) }

    /// Conditions joined by `word`, in parentheses as a balanced tree, because SQLite limits its depth.
    static func joined(_ parts: [SQLFragment], _ word: String) -> SQLFragment {
        guard parts.count > 1 else { return parts.first ?? SQLFragment("") }
        let half = parts.count / 2
        return "(" + joined(Array(parts.prefix(half)), word) + word + joined(Array(parts.dropFirst(half)), word) + ")"
    }
}

/// The way in which SQL finds the value of a field.
struct SQLAccess: Sendable {
    /// An expression for one value, or, for several values, a table that has them in the column `value`.
    let value: SQLFragment
    /// An expression that is NULL if there is no value. It differs from `value` if the value may be NaN, because SQL
    /// stores a NaN as NULL.
    let presence: SQLFragment
    /// The sort key if it is not the field's value; empty if the field is not sorted by this form.
    var order: [SQLFragment]?
}

typealias SQLField = QueryField<SQLAccess>

extension QueryField<SQLAccess> {
    /// A field of one value.
    init(
        _ name: String, _ type: QueryType, _ value: SQLFragment, presence: SQLFragment? = nil,
        order: [SQLFragment]? = nil
    ) {
        self.init(name, [Form(type, SQLAccess(value: value, presence: presence ?? value, order: order))])
    }

    /// A field of any number of values, which `members` returns in the column `value`.
    init(_ name: String, _ type: QueryType, members: SQLFragment) {
        let presence = "(SELECT 1 FROM " + members + " LIMIT 1)"
        self.init(name, [Form(type, isMultivalued: true, SQLAccess(value: members, presence: presence))])
    }
}
