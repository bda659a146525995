import BPSQLite
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The three files of a database that is open, and what others do to them.
@Suite struct PlaceTests {
    let directory = ScratchDirectory()
    private let name = "registry.sqlite"

    /// What may happen to a file.
    enum Accident: String, CaseIterable {
        case deleted, moved, replaced
    }

    private func happen(_ accident: Accident, to name: String) {
        switch accident {
        case .deleted: directory.files.remove(name)
        case .moved: rename(directory.file(name), directory.file("elsewhere"))
        case .replaced:
            directory.files.write(directory.files.read(name), to: "another")
            rename(directory.file("another"), directory.file(name))
        }
    }

    @Test(arguments: Accident.allCases, ["", "-wal", "-shm"])
    func anAccidentIsNoticedBeforeTheCommit(_ accident: Accident, _ suffix: String) throws {
        let db = try openWithSchema(directory.file())
        try db.insert(1)
        try db.checkPlace()
        happen(accident, to: name + suffix)
        usleep(11_000)
        // The index of the log has the marks of readers, which change.
        func content() -> [[UInt8]] {
            directory.files.names.map { name in
                let isIndex = name.hasSuffix("-shm") || (suffix == "-shm" && name == "elsewhere")
                return isIndex ? [] : directory.files.read(name)
            }
        }
        let (names, before) = (directory.files.names, content())
        let error = #expect(throws: SQLiteError.self) { try db.insert(2) }
        #expect(error?.isMoved == true && error?.isReadOnly == false)
        #expect(error?.message.contains(directory.file(name + suffix)) == true, "\(String(describing: error))")
        #expect(throws: SQLiteError.self) { try db.checkPlace() }
        #expect(throws: SQLiteError.self) { try db.checkpoint(.passive) }
        // What was committed is still open, and can be copied.
        let copies = ScratchDirectory()
        try db.backup(to: copies.file())
        #expect(try Connection.test(copies.file(), .readOnly).itemCount == 1)
        #expect(throws: SQLiteError.self) { try db.close() }
        // Nothing was written over, or removed by its name.
        #expect(directory.files.names == names)
        #expect((content() == before) == true)
    }

    @Test func aNewFileOfTheNameKeepsItsLog() throws {
        let db = try openWithSchema(directory.file())
        try db.insert(1)
        for suffix in ["", "-wal", "-shm"] { directory.files.remove(name + suffix) }
        let other = try openWithSchema(directory.file())
        try other.insert(7)
        try? db.close()
        #expect(directory.files.names == [name, name + "-shm", name + "-wal"])
        #expect(try other.itemCount == 1)
        try other.close()
        #expect(directory.files.names == [name])
    }

    @Test func theLogOfALostFileIsSetAside() throws {
        let db = try openWithSchema(directory.file())
        try db.insert(1)
        #expect(db.setLogAside(as: directory.file("aside")) == nil)
        directory.files.remove(name)
        #expect(throws: SQLiteError.self) { try db.checkPlace() }
        #expect(db.setLogAside(as: directory.file("aside")) == directory.file("aside"))
        #expect(directory.files.names == ["aside"])
        #expect(db.setLogAside(as: directory.file("again")) == nil)
    }

    #if os(Linux)
        @Test func aMovedFolderIsFound() throws {
            let folder = directory.file("one")
            mkdir(folder, 0o700)
            let db = try openWithSchema(folder + "/r.sqlite")
            #expect(db.placeElsewhere() == nil)
            rename(folder, directory.file("two"))
            #expect(throws: SQLiteError.self) { try db.checkPlace() }
            #expect(db.placeElsewhere() == directory.file("two/r.sqlite"))
            unlink(directory.file("two/r.sqlite-wal"))
            #expect(db.placeElsewhere() == nil)
        }

        /// Another process that met the file without its log would begin a second one.
        @Test func aFileInUseWithoutItsLogIsNotOpened() throws {
            let db = try openWithSchema(directory.file())
            try db.insert(1)
            directory.files.remove(name + "-wal")
            #expect(throws: OpenError.logDeleted(path: directory.file(), processes: [getpid()])) {
                try Connection.test(directory.file())
            }
            #expect(directory.files.names == [name, name + "-shm"])
        }
    #endif

    /// SQLite would delete the log without a word.
    @Test func aLogWithoutItsFileIsKept() throws {
        let db = try openWithSchema(directory.file("live"))
        try db.insert(1)
        let log = directory.files.read("live-wal")
        directory.files.write(log, to: name + "-wal")
        for isEmpty in [false, true] {
            if isEmpty { directory.files.write([], to: name) }
            for mode in OpeningTests.modes {
                #expect(throws: OpenError.logWithoutFile(path: directory.file(), bytes: log.count)) {
                    try Connection.test(directory.file(), mode)
                }
            }
            #expect((directory.files.read(name + "-wal") == log) == true)
        }
    }
}
