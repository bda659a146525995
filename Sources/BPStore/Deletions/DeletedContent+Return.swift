import BPSQLite

// Rows back into their tables.
extension DeletedContent {
    /// The rows of this kind.
    /// - Throws: `RegistryError.damaged` if one does not match its seal.
    package func rows<Row: SealedRow>(_ type: Row.Type = Row.self) throws -> [Row] {
        let pieces: [DeletedPieceRow] = try store.rows(
            "WHERE deletion = ? AND source = ? ORDER BY piece", [deletion.id, Row.table.name])
        return try pieces.flatMap { piece in
            try piece.sealedRows(in: store).map { row, fits in
                guard fits else { throw store.damaged(piece.place, "\(row.keyText) does not fit its seal") }
                return try Row(row)
            }
        }
    }

    /// Inserts all rows into their tables, as they were, and drops the deletion.
    package func putBack() throws {
        var last = 0
        while let piece: DeletedPieceRow = try store.first(
            "WHERE deletion = ? AND piece > ? ORDER BY piece", [deletion.id, last])
        {
            last = piece.piece
            let table = try piece.table(in: store)
            let marks = Array(repeating: "?", count: piece.names.count).joined(separator: ", ")
            let sql = "INSERT INTO \(table.name) (\(piece.names.joined(separator: ", "))) VALUES (\(marks))"
            let values = try piece.values(in: store)
            try store.connection.execute(sql, count: values.count) { values[$0] }
        }
        try store.deletions.drop(deletion)
    }
}

extension DeletedPieceRow {
    var place: String { "deleted_piece \(keyText)" }

    var names: [String] { columns.split(separator: ",").map(String.init) }

    /// The table of the rows, which has all of their columns.
    func table(in store: Store) throws -> SealedTable {
        guard let table = SealedTable.sealed.first(where: { $0.name == source }), names.last == "seal",
            names.dropLast().allSatisfy({ table.places[$0] != nil })
        else { throw store.damaged(place, "its rows are of no known table") }
        return table
    }

    func values(in store: Store) throws -> [[SQLiteValue]] {
        guard let values = RowCoder.rows(rows, width: names.count, count: count) else {
            throw store.damaged(place, "its bytes are not \(count) rows")
        }
        return values
    }

    /// The rows, and whether each matches its seal.
    func sealedRows(in store: Store) throws -> [(row: TableRow, fits: Bool)] {
        let table = try table(in: store)
        let names = names
        return try values(in: store).map { values in
            // Columns that a later schema added are NULL.
            var row = TableRow(table)
            for (name, value) in zip(names.dropLast(), values) { row[name] = value }
            return (row, values.last == store.seal(row))
        }
    }
}
