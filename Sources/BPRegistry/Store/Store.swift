import BPSQLite

/// A connection with what every part of the registry needs of it: sealed rows, transactions, errors in the
/// registry's own terms. Used by one thread at a time.
final class Store {
    let connection: Connection
    let path: String
    let environment: RegistryEnvironment
    private var sealer = Sealer()

    init(_ connection: Connection, path: String, _ environment: RegistryEnvironment) {
        (self.connection, self.path, self.environment) = (connection, path, environment)
    }

    // MARK: Transactions

    /// Runs `body` as one write transaction (BEGIN IMMEDIATE).
    func write<Result>(_ body: () throws -> Result) throws(RegistryError) -> Result {
        try translated { try connection.transaction(body) }
    }

    /// Runs `body` on one state of the registry.
    func read<Result>(_ body: () throws -> Result) throws(RegistryError) -> Result {
        try translated { try connection.read(body) }
    }

    /// Runs `body`, its errors in the registry's terms.
    func translated<Result>(_ body: () throws -> Result) throws(RegistryError) -> Result {
        do { return try body() } catch { throw RegistryError(error, path: path) }
    }

    // MARK: Sealed rows

    /// The row of this key; nil where there is none.
    /// - Throws: `RegistryError.damaged` when its seal does not fit.
    func row(_ table: Table, _ key: [SQLiteValue]) throws -> TableRow? {
        try rows(table, "WHERE \(table.keyCondition)", key).first
    }

    /// The row of this key, which something that is stored names.
    func need(_ table: Table, _ key: [SQLiteValue]) throws -> TableRow {
        guard let row = try row(table, key) else {
            throw damaged("\(table.name) \(TableRow.text(table, key))", "the row is missing")
        }
        return row
    }

    /// Rows selected and ordered by `clause`, their seals checked.
    func rows(_ table: Table, _ clause: String = "", _ bindings: [any SQLiteBindable] = []) throws -> [TableRow] {
        try unsealedRows(table, clause, bindings) { row, fits in
            guard fits else { throw damaged("\(table.name) \(row.keyText)", "the row does not fit its seal") }
            return row
        }
    }

    /// Rows selected and ordered by `clause`, and whether each fits its seal.
    func unsealedRows<Element>(
        _ table: Table, _ clause: String, _ bindings: [any SQLiteBindable],
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

    private func seal(_ row: TableRow) -> SQLiteValue { .digest(sealer.seal(row.table, row.values)) }

    /// An error that tells what does not fit, and where.
    func damaged(_ place: String, _ what: String) -> RegistryError { .damaged(path: path, place: place, what: what) }
}
