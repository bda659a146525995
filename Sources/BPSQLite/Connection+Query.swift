extension Connection {
    /// Runs one statement to its end and discards its rows: `try db.execute("DELETE FROM run WHERE id = ?", [id])`.
    package func execute(_ sql: String, _ bindings: [any SQLiteBindable] = []) throws {
        try withStatement(sql, bindings) { statement in
            while try statement.step() {}
        }
    }

    /// Executes a statement `count` times, each with the values of its index. The statement is looked up once: a lookup
    /// takes as long as a small insert.
    package func execute(_ sql: String, count: Int, _ values: (Int) -> [SQLiteValue]) throws {
        try withStatement(sql) { statement in
            for index in 0..<count {
                try statement.bind(values(index))
                while try statement.step() {}
            }
        }
    }

    /// Calls `body` with each row.
    package func query(
        _ sql: String, _ bindings: [any SQLiteBindable] = [], _ body: (Row) throws -> Void
    ) throws {
        try withStatement(sql, bindings) { statement in
            while try statement.step() { try body(statement.row) }
        }
    }

    /// All rows, each converted to a value by `body`.
    package func all<Element>(
        _ sql: String, _ bindings: [any SQLiteBindable] = [], _ body: (Row) throws -> Element
    ) throws -> [Element] {
        try withStatement(sql, bindings) { statement in
            var elements: [Element] = []
            while try statement.step() { elements.append(try body(statement.row)) }
            return elements
        }
    }

    /// The first row, converted to a value by `body`; nil if there is none.
    package func first<Value>(
        _ sql: String, _ bindings: [any SQLiteBindable] = [], _ body: (Row) throws -> Value
    ) throws -> Value? {
        try withStatement(sql, bindings) { statement in
            guard try statement.step() else { return nil }
            let value = try body(statement.row)
            // A writing statement with RETURNING checks its foreign keys only at its end.
            if !statement.isReadOnly { while try statement.step() {} }
            return value
        }
    }

    /// The first column of all rows.
    package func all<Value: SQLiteColumn>(
        _ sql: String, _ bindings: [any SQLiteBindable] = [], as type: Value.Type = Value.self
    ) throws -> [Value] {
        try all(sql, bindings) { row in try row.get(0) }
    }

    /// The first column of the first row; nil if there is no row:
    /// `try db.first("SELECT id FROM model WHERE name = ?", [name], as: Int.self)`.
    package func first<Value: SQLiteColumn>(
        _ sql: String, _ bindings: [any SQLiteBindable] = [], as type: Value.Type
    ) throws -> Value? {
        try first(sql, bindings) { row in try row.get(0, as: type) }
    }

    /// The first column of a row that must exist: `let n: Int = try db.value("SELECT count(*) FROM run")`.
    /// - Throws: `SQLiteError` if there is no row.
    package func value<Value: SQLiteColumn>(
        _ sql: String, _ bindings: [any SQLiteBindable] = [], as type: Value.Type = Value.self
    ) throws -> Value {
        guard let value = try first(sql, bindings, as: type) else {
            throw SQLiteError(extendedCode: SQLiteError.notFound, message: "no row, but one is required", sql: sql)
        }
        return value
    }

    /// Runs SQL text of several statements, such as a temporary view. Changes of the file belong in `transaction`.
    package func execute(script sql: String) throws(SQLiteError) { try handle.run(sql) }
}
