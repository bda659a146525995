import BPSQLite

/// A piece of SQL with the values of its `?`. What people wrote is only ever among the values.
struct QuerySQL: Sendable, Equatable {
    var text: String
    var bindings: [SQLiteValue] = []

    init(_ text: String, _ bindings: [SQLiteValue] = []) { (self.text, self.bindings) = (text, bindings) }

    static func + (left: QuerySQL, right: QuerySQL) -> QuerySQL {
        QuerySQL(left.text + right.text, left.bindings + right.bindings)
    }

    static func + (left: QuerySQL, right: String) -> QuerySQL { QuerySQL(left.text + right, left.bindings) }
    static func + (left: String, right: QuerySQL) -> QuerySQL { QuerySQL(left + right.text, right.bindings) }
}

/// What a name stands for: its type, and where SQL finds it.
///
/// A setting whose values differ in type from run to run has several forms; the value it is compared with chooses.
struct QueryField: Sendable, Equatable {
    let name: String
    let forms: [Form]

    struct Form: Sendable, Equatable {
        let type: QueryType
        let source: Source
        /// SQL that is NULL where there is no value. It differs from the value's where that may be NaN, for SQL has
        /// NULL for a NaN.
        let presence: QuerySQL
    }

    enum Source: Sendable, Equatable {
        /// One value.
        case value(QuerySQL)
        /// Any number of values: what stands between FROM and WHERE, with a column `value`. A comparison holds where
        /// it holds for one of them.
        case members(QuerySQL)
    }

    /// A field of one value.
    init(_ name: String, _ type: QueryType, _ value: QuerySQL, presence: QuerySQL? = nil) {
        self.init(name, [Form(type: type, source: .value(value), presence: presence ?? value)])
    }

    /// A field of any number of values, which `members` gives as the column `value`.
    init(_ name: String, _ type: QueryType, members: QuerySQL) {
        let presence = "(SELECT 1 FROM " + members + " LIMIT 1)"
        self.init(name, [Form(type: type, source: .members(members), presence: presence)])
    }

    init(_ name: String, _ forms: [Form]) { (self.name, self.forms) = (name, forms) }

    /// The same under another name, its value found through another row.
    func renamed(_ name: String, _ through: (QuerySQL) -> QuerySQL) -> QueryField {
        QueryField(
            name,
            forms.map { form in
                guard case .value(let value) = form.source else { return form }
                return Form(type: form.type, source: .value(through(value)), presence: through(form.presence))
            })
    }
}

/// What a field holds.
enum QueryType: Sendable, Equatable {
    case number
    /// A float32: a number it is compared with is rounded to float32 first, so that what is printed is found again.
    case measure
    case text
    /// Text of a few values.
    case choice([String])
    case truth
    /// Microseconds since 1970.
    case time

    /// The type as an error names it.
    var words: String {
        switch self {
        case .number, .measure: "a number"
        case .text, .choice: "text"
        case .truth: "a truth value"
        case .time: "a time"
        }
    }
}
