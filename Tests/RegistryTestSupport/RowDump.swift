package import BPRegistry
import BPStore

/// Every row of a registry as it is stored, with its seal, by table; without what only ever grows (events), and without
/// what deletions keep.
package func rowDump(_ registry: Registry) throws -> [String: [String]] {
    let left = ["event", "deletion", "deleted_run", "deleted_piece", "deleted_tensor"]
    let names = try rows("SELECT name, 1 FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'", registry)
    var dump: [String: [String]] = [:]
    for name in names.compactMap({ $0.split(separator: "\"").dropFirst().first }).map(String.init)
    where !left.contains(name) {
        let columns =
            switch name {
            case "registry":
                """
                uuid, last_run, last_model, last_keyframe, runs, models, specs, datasets, tags, notes, pins, created,
                last_note, archives
                """
            case "chunk": "sha256, 1, 1"
            case "tensor": "sha256, bytes, 1"
            default: "*"
            }
        dump[name] = try rows("SELECT \(columns) FROM \(name) ORDER BY 1, 2, 3", registry)
    }
    return dump
}

private func rows(_ sql: String, _ registry: Registry) throws -> [String] {
    var rows: [String] = []
    let question = SQLQuestion(sql, timeout: .seconds(60), limit: nil)
    _ = try registry.ask(question, columns: { _ in }) { cells in
        let short = cells.map { cell -> SQLCell in
            if case .blob(let bytes) = cell, bytes.count > 64 { .text(SHA256.hash(bytes).hex) } else { cell }
        }
        rows.append("\(short)")
    }
    return rows
}

/// The tables in which two dumps differ, each with its first different row.
package func differences(_ one: [String: [String]], _ other: [String: [String]]) -> [String] {
    one.keys.sorted().compactMap { table in
        let (mine, others) = (one[table] ?? [], other[table] ?? [])
        guard mine != others else { return nil }
        let row = zip(mine, others).first { $0 != $1 }
        return "\(table): \(mine.count) and \(others.count) rows, \(row.map { "\($0.0) and \($0.1)" } ?? "")"
    }
}
