import BPQuery
import BPSQLite

/// The rows of a list: those of a table that match a query, in its order.
package struct ListedKeys {
    package let store: Store
    let query: ListQuery
    let table: String
    private let base: SQLFragment?
    let vocabulary: any QueryVocabulary<SQLAccess>

    init(
        _ store: Store, _ query: ListQuery, table: String, base: SQLFragment? = nil,
        _ vocabulary: any QueryVocabulary<SQLAccess>
    ) {
        (self.store, self.query, self.table, self.base) = (store, query, table, base)
        self.vocabulary = vocabulary
    }

    /// Whether the rows are in the list's own order, the largest number first. An index gives each page of that order.
    package var isInOwnOrder: Bool { query.sort == nil }

    /// The numbers of all rows, `limit` at most.
    package func all(limit: Int) throws -> [Int] {
        let statement = try select([], where: [base, filter()], order(sort()), limit)
        return try store.connection.all(statement.text, statement.bindings, as: Int.self)
    }

    /// The places of the rows after `token`, `limit` at most.
    package func page(after token: ListToken?, limit: Int) throws -> [ListToken] {
        let sort = try sort()
        if let token, token.key.count != sort.count {
            throw QueryError(.sort, query.sort ?? "", at: nil, "the token belongs to a list in another order")
        }
        let behind = token.map { SortTerm.behind($0, sort, id) }
        let statement = try select(sort.map(\.value), where: [base, filter(), behind], order(sort), limit)
        return try store.connection.all(statement.text, statement.bindings) { row in
            ListToken(id: try row.get(0), key: try sort.indices.map { try row.get($0 + 1) })
        }
    }

    private var id: String { "\(table).id" }

    private func filter() throws -> SQLFragment? { try query.filter.map { try QueryPredicate($0, vocabulary).sql } }

    private func sort() throws -> [SortTerm] { try query.sort.map { try QuerySort($0, vocabulary).terms } ?? [] }

    private func order(_ terms: [SortTerm]) -> SQLFragment {
        terms.map(\.order).reduce(SQLFragment("")) { $0 + $1 + ", " } + "\(id) DESC"
    }

    private func select(
        _ values: [SQLFragment], where conditions: [SQLFragment?], _ order: SQLFragment, _ limit: Int
    ) throws -> SQLFragment {
        let list = values.reduce(SQLFragment(id)) { $0 + ", " + $1 }
        let condition = conditions.compactMap { $0 }.enumerated().reduce(SQLFragment("")) {
            $0 + ($1.offset == 0 ? " WHERE (" : " AND (") + $1.element + ")"
        }
        return "SELECT " + list + " FROM \(table)" + condition + " ORDER BY " + order
            + SQLFragment(" LIMIT ?", [.int(limit)])
    }
}

/// A term of ORDER BY. A missing value, or a NaN, comes last in either direction.
struct SortTerm {
    let value: SQLFragment
    let isDescending: Bool

    var order: SQLFragment { value + (isDescending ? " DESC NULLS LAST" : " ASC NULLS LAST") }

    /// The condition for the rows behind a place: equal in the first terms and behind in the next, the number last.
    static func behind(_ place: ListToken, _ terms: [SortTerm], _ id: String) -> SQLFragment {
        var alternatives: [SQLFragment] = []
        var equal = SQLFragment("TRUE")
        for (term, value) in zip(terms, place.key) {
            if value != .null {
                let sign = term.isDescending ? " < ?" : " > ?"
                alternatives.append(
                    equal + " AND (" + term.value + SQLFragment(sign, [value]) + " OR " + term.value + " IS NULL)")
            }
            equal = equal + " AND " + term.value + SQLFragment(" IS ?", [value])
        }
        alternatives.append(equal + SQLFragment(" AND \(id) < ?", [.int(place.id)]))
        return SQLFragment.joined(alternatives.map { "(" + $0 + ")" }, " OR ")
    }
}

extension Store {
    /// The runs that match `query`, the newest first unless it has another order.
    package func listedRuns(_ query: ListQuery) -> ListedKeys {
        ListedKeys(self, query, table: "run", RunVocabulary(store: self))
    }

    /// The versions that match `query`, of one model or of all, the newest first unless it has another order.
    package func listedVersions(ofModel model: Int?, _ query: ListQuery) -> ListedKeys {
        ListedKeys(
            self, query, table: "version", base: model.map { SQLFragment("version.model = ?", [.int($0)]) },
            VersionVocabulary(store: self))
    }
}
