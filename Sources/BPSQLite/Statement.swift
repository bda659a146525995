import CSQLite

/// A prepared statement: bind by position, step, reset.
///
/// Most code calls `Connection.execute`, `first`, `all` or `query`, which keep statements in a cache and leave none in
/// use. Prepare one directly for a loop that must be able to stop in the middle.
package final class Statement {
    let handle: DatabaseHandle
    let pointer: OpaquePointer
    /// The SQL text.
    package let sql: String

    init(_ handle: DatabaseHandle, _ sql: String) throws(SQLiteError) {
        guard handle.pointer != nil else { throw SQLiteError(misuse: "the connection is closed", sql: sql) }
        var prepared: OpaquePointer?
        var text = sql
        let (result, hasMore) = text.withUTF8 { utf8 -> (Int32, Bool) in
            utf8.withMemoryRebound(to: CChar.self) { characters in
                var tail: UnsafePointer<CChar>?
                let result = sqlite3_prepare_v3(
                    handle.pointer, characters.baseAddress, Int32(clamping: characters.count),
                    UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, &tail)
                let used = tail.flatMap { tail in characters.baseAddress.map { tail - $0 } } ?? characters.count
                // Preparing the rest would replace the error that the connection reports.
                guard result == SQLITE_OK else { return (result, false) }
                return (
                    result, Statement.isStatement(UnsafeBufferPointer(rebasing: characters.dropFirst(used)), handle)
                )
            }
        }
        guard result == SQLITE_OK else { throw handle.error(result, sql) }
        guard let prepared else { throw SQLiteError(misuse: "no statement in the SQL", sql: sql) }
        self.handle = handle
        self.sql = sql
        pointer = prepared
        guard !hasMore else { throw SQLiteError(misuse: "more than one statement in the SQL", sql: sql) }
    }

    deinit { sqlite3_finalize(pointer) }

    /// Whether `text` contains more than white space, semicolons and comments.
    private static func isStatement(_ text: UnsafeBufferPointer<CChar>, _ handle: DatabaseHandle) -> Bool {
        guard text.contains(where: { ![0x20, 0x09, 0x0A, 0x0D, 0x3B].contains($0) }) else { return false }
        var rest = UnsafeBufferPointer(rebasing: text.drop { $0 == 0x3B })
        while let start = rest.baseAddress, rest.count > 0, start.pointee != 0 {
            var next: OpaquePointer?
            var tail: UnsafePointer<CChar>?
            let result = sqlite3_prepare_v3(handle.pointer, start, Int32(clamping: rest.count), 0, &next, &tail)
            sqlite3_finalize(next)
            guard result == SQLITE_OK, next == nil, let tail else { return true }
            guard tail - start > 0 else { return true }
            rest = UnsafeBufferPointer(rebasing: rest.dropFirst(tail - start))
        }
        return rest.count > 0
    }

    /// Whether it changes no database.
    var isReadOnly: Bool { sqlite3_stmt_readonly(pointer) != 0 }

    /// Moves to the next row; false at the end, where the statement is reset.
    /// - Throws: `SQLiteError`, after a reset.
    package func step() throws(SQLiteError) -> Bool {
        let result = sqlite3_step(pointer)
        if result == SQLITE_ROW { return true }
        // The error is taken before the reset, which may overwrite it.
        let failure: SQLiteError? = result == SQLITE_DONE ? nil : handle.error(result, sql)
        sqlite3_reset(pointer)
        if let failure { throw failure }
        return false
    }

    /// The row to which the last `step()` moved.
    package var row: Row { Row(self) }

    /// Makes it ready to run again and clears its bindings.
    package func reset() {
        sqlite3_reset(pointer)
        sqlite3_clear_bindings(pointer)
    }

    /// Binds all parameters, in order.
    /// - Throws: `SQLiteError` if their number differs from that of the `?`.
    package func bind(_ values: [any SQLiteBindable]) throws(SQLiteError) {
        try checkCount(values.count)
        for (index, value) in values.enumerated() { try value.bind(to: self, at: index + 1) }
    }

    /// Binds all parameters, in order, without a box for each.
    func bind(_ values: [SQLiteValue]) throws(SQLiteError) {
        try checkCount(values.count)
        for index in values.indices { try values[index].bind(to: self, at: index + 1) }
    }

    private func checkCount(_ count: Int) throws(SQLiteError) {
        let expected = Int(sqlite3_bind_parameter_count(pointer))
        guard count == expected else {
            throw SQLiteError(misuse: "\(count) values for \(expected) parameters", sql: sql)
        }
    }

    func bindNull(at position: Int) throws(SQLiteError) {
        try handle.check(sqlite3_bind_null(pointer, Int32(position)), sql)
    }

    func bind(_ value: Int64, at position: Int) throws(SQLiteError) {
        try handle.check(sqlite3_bind_int64(pointer, Int32(position), value), sql)
    }

    func bind(_ value: Double, at position: Int) throws(SQLiteError) {
        try handle.check(sqlite3_bind_double(pointer, Int32(position), value), sql)
    }

    func bind(_ value: String, at position: Int) throws(SQLiteError) {
        var text = value
        let result = text.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) {
                bp_sqlite3_bind_text_copy(pointer, Int32(position), $0.baseAddress, UInt64($0.count))
            }
        }
        try handle.check(result, sql)
    }

    func bind(_ value: [UInt8], at position: Int) throws(SQLiteError) {
        let result = value.withUnsafeBytes {
            bp_sqlite3_bind_blob_copy(pointer, Int32(position), $0.baseAddress, UInt64($0.count))
        }
        try handle.check(result, sql)
    }

    func bind(borrowing bytes: UnsafeRawBufferPointer, at position: Int) throws(SQLiteError) {
        let result = bp_sqlite3_bind_blob_borrow(pointer, Int32(position), bytes.baseAddress, UInt64(bytes.count))
        try handle.check(result, sql)
    }
}
