import BPSQLite

// The comparison of the schema with the migrations.
extension Verifier {
    /// The schema is exactly the result of the migrations, and the migrations are those of this bpreg.
    func checkSchema() throws {
        let recorded = try store.connection.all("SELECT name FROM migration ORDER BY version", as: String.self)
        if recorded != Opening.migrationNames { found("migration", "", "the recorded names are \(recorded)") }
        let objects = try store.schemaObjects()
        if Opening.fingerprint(of: objects) == Opening.schemaFingerprint { return }
        for object in objects where !object.sql.isEmpty && object.name != "migration" {
            // SQLite inserts the columns that a later step adds into the text of the table.
            let asWritten = Opening.addedColumns.reduce(object.sql) {
                $0.replacing(", " + $1, with: "", maxReplacements: 1)
            }
            if !Opening.migrationText.contains(asWritten) {
                found("sqlite_schema", object.name, "the schema's text was changed")
            }
        }
        found("sqlite_schema", "", "the schema differs from the result of the migrations")
    }
}

/// A line of sqlite_schema.
package struct SchemaObject {
    let kind: String
    package let name: String
    let table: String
    package let sql: String
}

extension Store {
    /// The schema, without page numbers.
    package func schemaObjects() throws -> [SchemaObject] {
        try connection.all("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name") { row in
            SchemaObject(
                kind: try row.get(0), name: try row.get(1), table: try row.get(2),
                sql: try row.get(3, as: String?.self) ?? "")
        }
    }
}

extension Opening {
    /// The fingerprint of the schema that results from the migrations; a test compares it with a new registry's.
    package static let schemaFingerprint = "3d66de59edf82d461a993f0a7e9ccc3c46e1d0e26e89a9c833b5ed19556bbc27"

    /// SHA-256 over all objects of a schema.
    package static func fingerprint(of objects: [SchemaObject]) -> String {
        SHA256.hash(objects.map { "\($0.kind)\0\($0.name)\0\($0.table)\0\($0.sql)\0" }.joined()).hex
    }
}
