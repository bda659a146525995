import BPStore
import BPSQLite

// Stored bytes against their hashes, and the schema against the migrations.
extension Verifier {
    /// Every chunk has the hash that names it.
    func checkChunks() throws {
        tally("chunk", 0)
        var last: Int64 = 0
        var isMore = true
        while isMore {
            isMore = false
            // One chunk at a time: a mebibyte takes a millisecond to hash.
            try store.connection.query(
                "SELECT rowid, sha256, data FROM chunk WHERE rowid > ? ORDER BY rowid LIMIT 1", [last]
            ) {
                row in
                let rowID: Int64 = try row.get(0)
                let name: [UInt8] = try row.get(1)
                let (hash, size) = try row.withBlob(2) { (SHA256.hash($0), $0.count) }
                tally("chunk")
                tally("chunk bytes", size)
                if hash.bytes != name { found("chunk", hexText(name.prefix(6)), "it does not fit its hash") }
                isMore = rowID > last
                last = rowID
            }
        }
    }

    /// Every tensor whose chunks are all there has the hash that names it. One that something is still writing lacks
    /// some; what names it as complete is checked with that row.
    func checkTensors() throws {
        tally("tensor", 0)
        var last: [UInt8] = []
        while let (name, size) = try nextTensor(after: last) {
            guard last.lexicographicallyPrecedes(name) else {
                throw store.damaged("tensor", "its rows are out of order")
            }
            last = name
            tally("tensor")
            try checkTensor(name, size)
        }
    }

    private func nextTensor(after last: [UInt8]) throws -> (name: [UInt8], size: Int)? {
        try store.connection.first(
            "SELECT sha256, bytes FROM tensor WHERE sha256 > ? ORDER BY sha256 LIMIT 1", [last]
        ) { (try $0.get(0), try $0.get(1)) }
    }

    /// One chunk at a time, so that a large tensor keeps no transaction open. A recorder may delete it meanwhile, or
    /// write it anew, which is no damage: only what one transaction sees of a tensor that is whole is a finding.
    private func checkTensor(_ name: [UInt8], _ size: Int) throws {
        let row = hexText(name.prefix(6))
        let count = TensorPart.count(ofBytes: size)
        var hash = SHA256()
        for index in 0..<max(1, count) {
            let isGood = try store.connection.read {
                guard let parts = try partCount(of: name, size), parts >= count else { return false }
                guard parts == count else {
                    found("tensor", row, "it has \(parts) chunks")
                    return false
                }
                return try index >= count || feed(index, of: name, size, row, to: &hash)
            }
            guard isGood else { return }
        }
        guard hash.finish().bytes != name else { return }
        let isWhole = try store.connection.read { try partCount(of: name, size) == count }
        if isWhole { found("tensor", row, "it does not fit its hash") }
    }

    /// How many chunks a tensor has; nil where it is gone.
    private func partCount(of name: [UInt8], _ size: Int) throws -> Int? {
        try store.connection.first(
            """
            SELECT (SELECT count(*) FROM tensor_chunk WHERE tensor = sha256) FROM tensor
            WHERE sha256 = ? AND bytes = ?
            """, [name, size], as: Int.self)
    }

    private func feed(
        _ index: Int, of name: [UInt8], _ size: Int, _ row: String, to hash: inout SHA256
    ) throws -> Bool {
        let chunk = try store.connection.first(
            """
            SELECT data FROM tensor_chunk JOIN chunk ON chunk.sha256 = tensor_chunk.chunk
            WHERE tensor = ? AND part = ?
            """, [name, index], as: [UInt8].self)
        guard let chunk, chunk.count == min(Limit.chunk, size - index * Limit.chunk) else {
            found("tensor", row, "chunk \(index) is missing or short")
            return false
        }
        hash.update(chunk)
        return true
    }

    /// The schema is, word for word, what the migrations make, and the migrations are those known here.
    func checkSchema() throws {
        let recorded = try store.connection.all("SELECT name FROM migration ORDER BY version", as: String.self)
        if recorded != Opening.migrationNames { found("migration", "", "the names are \(recorded)") }
        let objects = try store.schemaObjects()
        if Opening.fingerprint(of: objects) == Opening.schemaFingerprint { return }
        for object in objects where !object.sql.isEmpty && object.name != "migration" {
            // SQLite puts the columns that a later step adds into the text of the table.
            let asWritten = Opening.addedColumns.reduce(object.sql) {
                $0.replacing(", " + $1, with: "", maxReplacements: 1)
            }
            if !Opening.migrationText.contains(asWritten) {
                found("sqlite_schema", object.name, "the schema's text was changed")
            }
        }
        found("sqlite_schema", "", "the schema is not what the migrations make")
    }
}

/// A line of sqlite_schema.
struct SchemaObject {
    let kind: String
    let name: String
    let table: String
    let sql: String
}

extension Store {
    /// The schema, but for where things lie in the file.
    func schemaObjects() throws -> [SchemaObject] {
        try connection.all("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name") { row in
            SchemaObject(
                kind: try row.get(0), name: try row.get(1), table: try row.get(2),
                sql: try row.get(3, as: String?.self) ?? "")
        }
    }
}

extension Opening {
    /// The fingerprint of the schema that the migrations make; a test compares it with a new registry's.
    static let schemaFingerprint = "c7d944fd3d404e1ca357795ff78c97c0a22959d3426f0c7f541ebdab264fdb7b"

    /// SHA-256 over all objects of a schema.
    static func fingerprint(of objects: [SchemaObject]) -> String {
        SHA256.hash(objects.map { "\($0.kind)\0\($0.name)\0\($0.table)\0\($0.sql)\0" }.joined()).hex
    }
}
