import BPSQLite

// A sample of all checks, for a quick look.
extension Verifier {
    /// Checks rows drawn by `seed`: the shared ones, those of some runs, keyframes, versions and events, and content.
    package func checkSample(count: Int, bytes: Int, seed: UInt64) {
        var draw = Draw(state: seed)
        var seen: Set<String> = []
        check(.registry, "", [], &seen)
        // The key of most tables begins with a number of a run or of their own, the others' with a hash or a model.
        for table in SealedTable.sealed where table !== SealedTable.registry {
            let key = table.columns[0]
            let isNumber = ["id", "run", "model", "keyframe", "version", "deletion"].contains(key)
            for _ in 0..<count {
                attempt(table.name) {
                    let at: any SQLiteBindable = try isNumber ? draw.number(key, of: table, store) : draw.hash()
                    check(table, "WHERE \(key) >= ? ORDER BY \(table.key.joined(separator: ", ")) LIMIT 4", [at], &seen)
                }
            }
        }
        var read = 0
        for _ in 0..<count where read < bytes {
            attempt("tensor") {
                try store.connection.read {
                    let found = try store.connection.first(
                        "SELECT sha256, bytes FROM tensor WHERE sha256 >= ? ORDER BY sha256 LIMIT 1", [draw.hash()]
                    ) { (hash: try $0.get(0, as: [UInt8].self), size: try $0.get(1, as: Int.self)) }
                    guard let found, let digest = SHA256Digest(bytes: found.hash) else { return }
                    guard read == 0 || found.size <= bytes - read else { return }
                    let parts: Int = try store.connection.value(
                        "SELECT count(*) FROM tensor_chunk WHERE tensor = ?", [found.hash])
                    // A tensor that is being written is not complete.
                    guard parts == TensorPart.count(ofBytes: found.size) else { return }
                    guard seen.insert(digest.hex).inserted else { return }
                    _ = try store.tensors.bytes(digest)
                    tally("tensor")
                    read += found.size
                    tally("tensor bytes", found.size)
                }
            }
        }
        report.counts = counts
    }

    private func check(
        _ table: SealedTable, _ clause: String, _ bindings: [any SQLiteBindable], _ seen: inout Set<String>
    ) {
        attempt(table.name) {
            try store.connection.read {
                for (row, fits) in try store.unsealedRows(table, clause, bindings, { (row: $0, fits: $1) }) {
                    guard seen.insert("\(table.name) \(row.keyText)").inserted else { continue }
                    tally("row")
                    fits ? check(row) : found(table.name, row.keyText, "the row does not fit its seal")
                }
            }
        }
    }
}

/// Numbers drawn by a seed (SplitMix64).
private struct Draw {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func hash() -> [UInt8] {
        (0..<4).flatMap { _ in withUnsafeBytes(of: next()) { Array($0) } }
    }

    /// A number up to the highest of a table's first column.
    mutating func number(_ column: String, of table: SealedTable, _ store: Store) throws -> Int {
        let most = try store.connection.value("SELECT coalesce(max(\(column)), 0) FROM \(table.name)", as: Int.self)
        return most > 0 ? 1 + Int(next() % UInt64(most)) : 0
    }
}
