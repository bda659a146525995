import BPStore
import BPQuery
import BPSQLite

/// The rows that a list shows, their order and their number.
public struct ListQuery: Sendable, Equatable {
    /// An expression that the rows satisfy (docs/query.md); nil for all.
    public var filter: String?
    /// Names to sort by, separated by commas, with `-` in front for the largest first; nil for the list's own order.
    public var sort: String?
    /// The most rows to give; nil for all.
    public var limit: Int?

    /// A query; by default for all rows in the list's own order.
    public init(where filter: String? = nil, sort: String? = nil, limit: Int? = nil) {
        (self.filter, self.sort, self.limit) = (filter, sort, limit)
    }
}

/// Rows of a list in pages, each read in a transaction of its own.
///
/// In the list's own order a page is found by the key after which it begins, so that only the rows of the page are read.
/// In another order the keys of all rows are found first, and then the rows page by page.
public final class Listing<Element: Sendable> {
    private let registry: Registry
    private let query: ListQuery
    private let source: Source
    private var remaining: Int
    private var state: State = .begin
    private var pageSize = 100

    /// The table of the rows, and how they are read.
    struct Source {
        let table: String
        /// The list's own order, largest first: columns of an index.
        let key: String
        /// A condition that all rows satisfy.
        var base: SQLFragment?
        let vocabulary: (Store) -> any QueryVocabulary<SQLAccess>
        /// The records of the rows with these keys, in their order.
        let records: (Store, [Int]) throws -> [Element]
    }

    private enum State {
        case begin
        case after(Int)
        case sorted([Int], from: Int)
        case end
    }

    init(_ registry: Registry, _ query: ListQuery, _ source: Source) {
        (self.registry, self.query, self.source) = (registry, query, source)
        remaining = max(0, query.limit ?? .max)
    }

    /// The next rows, none at the end.
    /// - Throws: `badQuery` for an expression or sort keys with a fault; otherwise as any reading.
    public func next() throws(RegistryError) -> [Element] {
        let page = try registry.reading { store in
            let keys = try self.keys(store)
            return try self.source.records(store, keys)
        }
        pageSize = 1_000
        return page
    }

    private func keys(_ store: Store) throws -> [Int] {
        let count = min(remaining, pageSize)
        switch state {
        case .end: return []
        case .begin:
            let vocabulary = source.vocabulary(store)
            let filter = try query.filter.map { try QueryPredicate($0, vocabulary).sql }
            if let sort = try query.sort.map({ try QuerySort($0, vocabulary) }) {
                let all = try select(store, filter, order: sort.sql(source.key + " DESC"), remaining)
                state = .sorted(all, from: 0)
                return try self.keys(store)
            }
            return take(try select(store, filter, order: source.key + " DESC", count), count)
        case .after(let last):
            let filter = try query.filter.map { try QueryPredicate($0, source.vocabulary(store)).sql }
            let behind = SQLFragment("\(source.key) < ?", [.int(last)])
            let both = filter.map { behind + " AND (" + $0 + ")" } ?? behind
            return take(try select(store, both, order: source.key + " DESC", count), count)
        case .sorted(let all, let from):
            let page = Array(all[from..<min(all.count, from + count)])
            state = from + page.count < all.count ? .sorted(all, from: from + page.count) : .end
            return page
        }
    }

    private func take(_ keys: [Int], _ count: Int) -> [Int] {
        remaining -= keys.count
        if let last = keys.last, keys.count == count, remaining > 0 { state = .after(last) } else { state = .end }
        return keys
    }

    private func select(_ store: Store, _ filter: SQLFragment?, order: SQLFragment, _ count: Int) throws -> [Int] {
        let conditions = [source.base, filter].compactMap { $0 }.map { "(" + $0 + ")" }
        let condition = conditions.enumerated().reduce(SQLFragment("")) {
            $0 + ($1.offset == 0 ? " WHERE " : " AND ") + $1.element
        }
        let head = SQLFragment("SELECT \(source.key) FROM \(source.table)")
        let statement = head + condition + " ORDER BY " + order + SQLFragment(" LIMIT ?", [.int(count)])
        return try store.connection.all(statement.text, statement.bindings, as: Int.self)
    }

    private func select(_ store: Store, _ filter: SQLFragment?, order: String, _ count: Int) throws -> [Int] {
        try select(store, filter, order: SQLFragment(order), count)
    }
}
