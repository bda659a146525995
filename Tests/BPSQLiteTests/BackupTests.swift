import BPSQLite
import TestSupport
import Testing

@Suite struct BackupTests {
    let directory = ScratchDirectory()

    @Test func theCopyIsWholeAndAlone() throws {
        let db = try openWithSchema(directory.file())
        for id in 1...20 { try db.insert(id, String(repeating: "x", count: 5000)) }
        try db.backup(to: directory.file("copy"))
        try db.insert(21)
        try db.close()
        #expect(directory.files.names == ["copy", "registry.sqlite"])
        let copy = try Connection.test(directory.file("copy"), .readOnly)
        #expect(copy.identity == .existing(version: 1))
        #expect(try copy.itemCount == 20)
        #expect(try copy.integrityCheck() == [])
    }

    @Test func anOlderCopyIsReplaced() throws {
        let db = try openWithSchema(directory.file())
        try db.backup(to: directory.file("copy"))
        try db.insert(1)
        try db.backup(to: directory.file("copy"))
        #expect(try Connection.test(directory.file("copy"), .readOnly).itemCount == 1)
    }

    /// 200 copies under writers is the long form; each must be one committed state.
    @Test func underWritersTheCopyIsOneState() throws {
        let path = directory.file()
        let db = try openWithSchema(path)
        let copies = (0..<20).map { directory.file("copy\($0)") }
        let failures = onThreads(3) { number in
            let db = try Connection.test(path, .readWrite, durability: .normal)
            if number == 0 {
                for copy in copies { try db.backup(to: copy) }
            } else {
                for _ in 0..<150 {
                    // Two rows a transaction: a state between them is none.
                    try db.transaction {
                        for _ in 0..<2 { try db.execute("INSERT INTO item (name, weight) VALUES ('x', 1)") }
                    }
                }
            }
        }
        #expect(failures == [])
        for path in copies {
            let copy = try Connection.test(path, .readOnly)
            #expect(try copy.itemCount % 2 == 0)
            #expect(try copy.integrityCheck() == [])
        }
        #expect(try db.itemCount == 600)
    }

    @Test func whereNoFileCanBeNothingIsLeft() throws {
        let db = try openWithSchema(directory.file())
        for path in [directory.path, directory.file("no/where"), ""] {
            #expect(throws: SQLiteError.self) { try db.backup(to: path) }
        }
        try db.close()
        #expect(directory.files.names == ["registry.sqlite"])
    }
}
