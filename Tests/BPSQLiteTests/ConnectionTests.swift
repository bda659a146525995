import BPSQLite
import Testing

@Suite struct ConnectionTests {
    let directory = TemporaryDirectory()

    @Test func everyKindOfValueComesBack() throws {
        let db = try openFresh(directory.file())
        let id = 7
        try db.transaction {
            try db.execute("INSERT INTO item VALUES (?, ?, ?, ?)", [id, "näme", 0.5, [1, 2, 3] as [UInt8]])
        }
        let found = try db.first("SELECT * FROM item WHERE id = ?", [id]) { row in
            try (
                row.get(0, as: Int.self), row.get(1, as: String.self), row.get(2, as: Double.self),
                row.get(3, as: [UInt8].self)
            )
        }
        #expect(try #require(found) == (7, "näme", 0.5, [1, 2, 3]))
        #expect(try db.value("SELECT count(*) FROM item") == 1)
        let rows = try db.all("SELECT id, name FROM item") { row -> String in
            let id: Int = try row.get(0)
            return "\(id)\(try row.get(1, as: String.self))"
        }
        #expect(rows == ["7näme"])
        try db.close()
        #expect(directory.names == ["registry.sqlite"])
    }
}
