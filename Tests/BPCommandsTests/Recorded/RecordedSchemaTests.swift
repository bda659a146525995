import Foundation
import Testing

/// Tests/Fixtures/schema.sql holds the tables, indexes, triggers and views of a new registry, as SQLite keeps them.
@Suite("The schema, as recorded")
struct RecordedSchemaTests {
    @Test("a new registry has the recorded schema, byte for byte")
    func fresh() throws {
        let bench = try Bench.trained("--epochs", "1")
        try Fixtures.expect(RecordedSchemaTests.schema(of: bench), recordedAs: "schema.sql")
    }

    /// The schema of the registry in the folder.
    static func schema(of bench: Bench) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "sqlite3", "-readonly", bench.folder.appending(path: "bpreg.sqlite").path,
            """
            SELECT format('-- %s %s', type, name) || char(10) || coalesce(sql || ';', '-- made by SQLite') || char(10)
            FROM sqlite_schema ORDER BY type, name;
            SELECT format('PRAGMA %s = %s;', 'application_id', application_id) FROM pragma_application_id;
            SELECT format('PRAGMA %s = %s;', 'user_version', user_version) FROM pragma_user_version;
            SELECT format('PRAGMA %s = %s;', 'page_size', page_size) FROM pragma_page_size;
            SELECT format('PRAGMA %s = %s;', 'auto_vacuum', auto_vacuum) FROM pragma_auto_vacuum;
            SELECT format('PRAGMA %s = %s;', 'journal_mode', journal_mode) FROM pragma_journal_mode;
            SELECT format('migration %s %s %s', version, name, checksum) FROM migration ORDER BY version;
            """,
        ]
        process.standardOutput = output
        try process.run()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The recorded schema.
    static func recorded() throws -> String { String(decoding: try Fixtures.bytes("schema.sql"), as: UTF8.self) }
}
