import BPSQLite

/// A connection with the functions that every part of the registry needs: sealed rows, transactions, and errors in the
/// registry's own terms. Used by one thread at a time.
package final class Store {
    let connection: Connection
    package let path: String
    /// The path by which it was opened, which may be a symbolic link.
    let name: String
    package let environment: RegistryEnvironment
    private var sealer = Sealer()

    init(_ connection: Connection, path: String, name: String, _ environment: RegistryEnvironment) {
        (self.connection, self.path, self.name, self.environment) = (connection, path, name, environment)
    }

    // MARK: Transactions

    /// Runs `body` as one write transaction (BEGIN IMMEDIATE).
    package func write<Result>(_ body: () throws -> Result) throws(RegistryError) -> Result {
        try translated { try connection.transaction(body) }
    }

    /// Runs `body`, which writes rows from outside, as one write transaction. Errors pass unchanged, except that
    /// `unsound` replaces those which only the rows can have caused.
    package func writeForeign<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try connection.transaction(body)
        } catch let error as BadColumn {
            throw RegistryError.unsound(
                place: "\(error.table) \(error.row)", what: "column \(error.column) holds an invalid value")
        } catch let error as SQLiteError where error.isConstraint {
            throw RegistryError.unsound(place: "its rows", what: error.message)
        }
    }

    /// Runs `body` on one state of the registry.
    package func read<Result>(_ body: () throws -> Result) throws(RegistryError) -> Result {
        try translated { try connection.read(body) }
    }

    /// Runs `body`, its errors in the registry's terms.
    package func translated<Result>(_ body: () throws -> Result) throws(RegistryError) -> Result {
        do { return try body() } catch { throw RegistryError(error, path: path) }
    }

    /// Checkpoints and closes; the store is not used afterwards.
    package func close() throws(RegistryError) {
        try translated { try connection.close() }
    }

    /// The length of the file in pages.
    package var pageCount: Int { get throws { try connection.value("PRAGMA page_count") } }

    // MARK: Typed rows

    func find<Row: SealedRow>(_ key: [SQLiteValue]) throws -> Row? {
        try row(Row.table, key).map { try Row($0) }
    }

    func need<Row: SealedRow>(_ key: [SQLiteValue]) throws -> Row { try Row(need(Row.table, key)) }

    /// The first row that `clause` selects; nil if it selects none.
    func first<Row: SealedRow>(_ clause: String, _ bindings: [any SQLiteBindable]) throws -> Row? {
        try rows(Row.table, clause + " LIMIT 1", bindings).first.map { try Row($0) }
    }

    func rows<Row: SealedRow>(_ clause: String = "", _ bindings: [any SQLiteBindable] = []) throws -> [Row] {
        try rows(Row.table, clause, bindings).map { try Row($0) }
    }

    package func insert(_ row: some SealedRow) throws { try insert(TableRow(row)) }

    /// Inserts many rows of a table.
    func insert<Row: SealedRow>(_ rows: [Row]) throws {
        try connection.execute(Row.table.insertSQL, count: rows.count) { index in
            var columns = ColumnWriter(count: Row.table.columns.count + 1)
            rows[index].write(to: &columns)
            return columns.values + CollectionOfOne(.digest(sealer.seal(Row.table, columns.values)))
        }
    }

    package func update(_ row: some SealedRow) throws { try update(TableRow(row)) }
    package func delete(_ row: some SealedRow) throws { try delete(TableRow(row)) }

    /// Numbers as one value of a statement, for json_each.
    func list(_ ids: [Int]) -> String { "[" + ids.map(String.init).joined(separator: ",") + "]" }

    // MARK: Sealed rows

    /// The row of this key; nil if there is none.
    /// - Throws: `RegistryError.damaged` if its seal does not match.
    func row(_ table: SealedTable, _ key: [SQLiteValue]) throws -> TableRow? {
        try rows(table, "WHERE \(table.keyCondition)", key).first
    }

    /// The row of this key, to which something stored refers.
    func need(_ table: SealedTable, _ key: [SQLiteValue]) throws -> TableRow {
        guard let row = try row(table, key) else {
            throw damaged("\(table.name) \(TableRow.text(table, key))", "the row is missing")
        }
        return row
    }

    /// Rows selected and ordered by `clause`, their seals checked.
    func rows(_ table: SealedTable, _ clause: String = "", _ bindings: [any SQLiteBindable] = []) throws
        -> [TableRow]
    {
        try unsealedRows(table, clause, bindings) { row, fits in
            guard fits else { throw damaged("\(table.name) \(row.keyText)", "the row does not fit its seal") }
            return row
        }
    }

    /// Rows selected and ordered by `clause`, and whether each matches its seal.
    func unsealedRows<Element>(
        _ table: SealedTable, _ clause: String, _ bindings: [any SQLiteBindable],
        _ body: (TableRow, _ fits: Bool) throws -> Element
    ) throws -> [Element] {
        let width = table.columns.count
        return try connection.all("\(table.selectSQL) \(clause)", bindings) { row in
            var values: [SQLiteValue] = []
            values.reserveCapacity(width)
            for column in 0..<width { values.append(try row.get(column)) }
            let seal: SQLiteValue = try row.get(width)
            return try body(TableRow(table, values: values), seal == .digest(sealer.seal(table, values)))
        }
    }

    func insert(_ row: TableRow) throws {
        try connection.execute(row.table.insertSQL, row.values + [seal(row)])
    }

    func update(_ row: TableRow) throws {
        try connection.execute(row.table.updateSQL, row.values.dropFirst(row.table.keyCount) + [seal(row)] + row.key)
        guard connection.changes == 1 else { throw damaged("\(row.table.name) \(row.keyText)", "the row is missing") }
    }

    func delete(_ row: TableRow) throws {
        try connection.execute(row.table.deleteSQL, Array(row.key))
    }

    func seal(_ row: TableRow) -> SQLiteValue { .digest(sealer.seal(row.table, row.values)) }

    /// An error that names the mismatch and its place.
    package func damaged(_ place: String, _ what: String) -> RegistryError {
        .damaged(path: path, place: place, what: what)
    }

    /// A new UUID.
    package func newUUID(_ now: Int64) -> UUIDv7 {
        var random = environment.random()
        return UUIDv7(now: now, random: &random)
    }
}
