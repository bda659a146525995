public import BPStore

/// Rows of a list in pages, each read in a transaction of its own.
///
/// In the list's own order a page is found by the key at its beginning, so only the rows of the page are read. In
/// another order one pass finds the keys of all rows, and then the rows are read page by page.
public final class Listing<Element: Sendable> {
    private let source: any SnapshotReading
    private let query: ListQuery
    private let rows: Rows
    private var remaining: Int
    private var state: State = .begin
    private var pageSize = 100

    /// The rows of a list and how they are read.
    struct Rows {
        let keys: (Store, ListQuery) -> ListedKeys
        /// The records of the rows with these keys, in their order.
        let records: (Store, [Int]) throws -> [Element]
    }

    private enum State {
        case begin
        case after(ListToken)
        case sorted([Int], from: Int)
        case end
    }

    init(_ source: any SnapshotReading, _ query: ListQuery, _ rows: Rows) {
        (self.source, self.query, self.rows) = (source, query, rows)
        remaining = max(0, query.limit ?? .max)
    }

    /// The next rows; empty at the end.
    /// - Throws: `badQuery` for an expression or sort keys with a fault; otherwise as any read.
    public func next() throws(RegistryError) -> [Element] {
        let page = try source.reading { store in try rows.records(store, keys(store)) }
        pageSize = 1_000
        return page
    }

    /// The page after a place, and the place at which the next page begins; nil at the end.
    ///
    /// Pages need no memory between them, so a server can send each to another client. To read a whole list, `next` is
    /// cheaper.
    /// - Throws: `badQuery` for a fault in the query, or a token of another order; otherwise as any read.
    package func page(after token: ListToken? = nil, size: Int = 100) throws(RegistryError) -> ListPage<Element> {
        try source.reading { store in
            let places = try rows.keys(store, query).page(after: token, limit: max(1, size))
            return ListPage(
                elements: try rows.records(store, places.map(\.id)), next: places.count < size ? nil : places.last)
        }
    }

    private func keys(_ store: Store) throws -> [Int] {
        let count = min(remaining, pageSize)
        switch state {
        case .end: return []
        case .begin, .after:
            let keys = rows.keys(store, query)
            if !keys.isInOwnOrder {
                state = .sorted(try keys.all(limit: remaining), from: 0)
                return try self.keys(store)
            }
            var token: ListToken?
            if case .after(let last) = state { token = last }
            return take(try keys.page(after: token, limit: count), count)
        case .sorted(let all, let from):
            let page = Array(all[from..<min(all.count, from + count)])
            state = from + page.count < all.count ? .sorted(all, from: from + page.count) : .end
            return page
        }
    }

    private func take(_ places: [ListToken], _ count: Int) -> [Int] {
        remaining -= places.count
        if let last = places.last, places.count == count, remaining > 0 { state = .after(last) } else { state = .end }
        return places.map(\.id)
    }
}

/// A page of a list.
package struct ListPage<Element: Sendable>: Sendable {
    /// Its rows, in the list's order.
    package let elements: [Element]
    /// The place at which the next page begins; nil at the end.
    package let next: ListToken?
}
