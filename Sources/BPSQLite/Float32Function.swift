import CSQLite

extension Connection {
    /// Adds the table-valued function `float32(blob)` to this connection: a row for each little-endian float32 of a blob,
    /// with its `position` from 0, its `value` (NULL for a NaN) and its `bits` as 8 hex digits.
    package func addFloat32Function() throws(SQLiteError) {
        try handle.check(sqlite3_create_module_v2(handle.pointer, "float32", Float32Function.module, nil, nil))
    }
}

/// The implementation that SQLite calls. A blob is copied once, when its rows begin.
private enum Float32Function {
    /// Columns of a row; `data` is the argument.
    static let declaration = "CREATE TABLE x (position INTEGER, value REAL, bits TEXT, data BLOB HIDDEN)"
    static let dataColumn: Int32 = 3

    /// SQLite uses only the first member.
    struct Cursor {
        var base = sqlite3_vtab_cursor()
        var data: UnsafeMutableRawPointer?
        var count = 0
        var position = 0

        func bits(_ position: Int) -> UInt32 {
            UInt32(littleEndian: data?.loadUnaligned(fromByteOffset: 4 * position, as: UInt32.self) ?? 0)
        }
    }

    /// It exists as long as the process, because SQLite keeps a pointer to it.
    nonisolated(unsafe) static let module: UnsafePointer<sqlite3_module> = {
        let module = UnsafeMutablePointer<sqlite3_module>.allocate(capacity: 1)
        module.initialize(to: make())
        return UnsafePointer(module)
    }()

    static func cursor(_ base: UnsafeMutablePointer<sqlite3_vtab_cursor>?) -> UnsafeMutablePointer<Cursor>? {
        base.map { UnsafeMutableRawPointer($0).assumingMemoryBound(to: Cursor.self) }
    }

    private static func make() -> sqlite3_module {
        var module = sqlite3_module()
        module.xConnect = { db, _, _, _, table, _ in
            let result = sqlite3_declare_vtab(db, Float32Function.declaration)
            guard result == SQLITE_OK else { return result }
            // It reads only its argument.
            bp_sqlite3_vtab_innocuous(db)
            let made = UnsafeMutablePointer<sqlite3_vtab>.allocate(capacity: 1)
            made.initialize(to: sqlite3_vtab())
            table?.pointee = made
            return SQLITE_OK
        }
        module.xDisconnect = { table in
            table?.deallocate()
            return SQLITE_OK
        }
        module.xBestIndex = { _, plan in Float32Function.plan(plan) }
        module.xOpen = { _, cursor in
            let made = UnsafeMutablePointer<Cursor>.allocate(capacity: 1)
            made.initialize(to: Cursor())
            cursor?.pointee = UnsafeMutableRawPointer(made).assumingMemoryBound(to: sqlite3_vtab_cursor.self)
            return SQLITE_OK
        }
        module.xClose = { base in
            let cursor = Float32Function.cursor(base)
            cursor?.pointee.data?.deallocate()
            cursor?.deallocate()
            return SQLITE_OK
        }
        module.xFilter = { base, _, _, count, values in
            Float32Function.begin(Float32Function.cursor(base), count == 1 ? values?[0] : nil)
        }
        module.xNext = { base in
            Float32Function.cursor(base)?.pointee.position += 1
            return SQLITE_OK
        }
        module.xEof = { base in
            guard let cursor = Float32Function.cursor(base)?.pointee else { return 1 }
            return cursor.position < cursor.count ? 0 : 1
        }
        module.xColumn = { base, context, column in
            if let cursor = Float32Function.cursor(base)?.pointee { Float32Function.tell(cursor, column, context) }
            return SQLITE_OK
        }
        module.xRowid = { base, row in
            row?.pointee = Int64(Float32Function.cursor(base)?.pointee.position ?? 0)
            return SQLITE_OK
        }
        return module
    }

    /// The only possible plan: the blob is known, and its rows come in order.
    private static func plan(_ plan: UnsafeMutablePointer<sqlite3_index_info>?) -> Int32 {
        guard let plan else { return SQLITE_MISUSE }
        for index in 0..<Int(plan.pointee.nConstraint) {
            let constraint = plan.pointee.aConstraint[index]
            guard constraint.iColumn == dataColumn, Int32(constraint.op) == SQLITE_INDEX_CONSTRAINT_EQ,
                constraint.usable != 0
            else { continue }
            plan.pointee.aConstraintUsage[index].argvIndex = 1
            plan.pointee.aConstraintUsage[index].omit = 1
            plan.pointee.estimatedCost = 4_096
            plan.pointee.estimatedRows = 4_096
            return SQLITE_OK
        }
        return SQLITE_CONSTRAINT
    }

    private static func begin(_ cursor: UnsafeMutablePointer<Cursor>?, _ value: OpaquePointer?) -> Int32 {
        guard let cursor else { return SQLITE_MISUSE }
        cursor.pointee.data?.deallocate()
        (cursor.pointee.data, cursor.pointee.count, cursor.pointee.position) = (nil, 0, 0)
        guard let value, sqlite3_value_type(value) == SQLITE_BLOB, let bytes = sqlite3_value_blob(value) else {
            return SQLITE_OK
        }
        let count = Int(sqlite3_value_bytes(value)) / 4
        let copy = UnsafeMutableRawPointer.allocate(byteCount: 4 * count, alignment: 4)
        copy.copyMemory(from: bytes, byteCount: 4 * count)
        (cursor.pointee.data, cursor.pointee.count) = (copy, count)
        return SQLITE_OK
    }

    private static func tell(_ cursor: Cursor, _ column: Int32, _ context: OpaquePointer?) {
        let bits = cursor.bits(cursor.position)
        switch column {
        case 0: sqlite3_result_int64(context, Int64(cursor.position))
        case 1: sqlite3_result_double(context, Double(Float(bitPattern: bits)))
        case 2:
            let digits = String(bits, radix: 16)
            let text = String(repeating: "0", count: 8 - digits.count) + digits
            bp_sqlite3_result_text_copy(context, text, 8)
        default: sqlite3_result_null(context)
        }
    }
}
