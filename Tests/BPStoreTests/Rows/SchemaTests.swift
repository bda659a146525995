import BPMigrations
import Foundation
import RegistryTestSupport
import TestSupport
import Testing

@testable import BPRegistry
@testable import BPStore

@Suite("The schema and its migrations")
struct SchemaTests {
    @Test("the fingerprint is that of what the migrations make")
    func fingerprint() throws {
        let bench = try Bench()
        let objects = try bench.registry.withStore { try $0.schemaObjects() }
        #expect(Opening.fingerprint(of: objects) == Opening.schemaFingerprint)
    }

    @Test("the embedded migrations are the files of migrations/, in order")
    func embedded() throws {
        let folder = Project.file("migrations")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".sql") }
        #expect(files.sorted() == Migrations.all.map { $0.name + ".sql" })
        for (index, step) in Migrations.all.enumerated() {
            #expect(step.version == index + 1)
            #expect(
                step.name.hasPrefix("V" + String(repeating: "0", count: 4 - String(index + 1).count) + "\(index + 1)_"))
            #expect(try String(contentsOf: folder.appending(path: step.name + ".sql"), encoding: .utf8) == step.sql)
        }
    }

    @Test("every table of the schema that has a seal is known to be sealed, with all its columns")
    func tables() throws {
        let bench = try Bench()
        try bench.registry.withStore { store in
            let names = try store.connection.all(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%seal BLOB%' ORDER BY name",
                as: String.self)
            #expect(names == SealedTable.sealed.map(\.name).sorted())
            for table in SealedTable.sealed {
                let columns = try store.connection.all(
                    "SELECT name FROM pragma_table_info(?)", [table.name], as: String.self)
                #expect(Set(columns) == Set(table.columns + ["seal"]))
            }
        }
    }
}
