import BPSQLite
import CRecordingVFS
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite struct ReadOnlyTests {
    let directory = ScratchDirectory()

    /// Runs `body` as a user who may not write in the directory, which root always may.
    private func withoutPermission(ofFiles mode: mode_t = 0o444, _ body: () throws -> Void) rethrows {
        chmod(directory.path, 0o555)
        for name in directory.files.names { chmod(directory.file(name), mode) }
        if geteuid() == 0 { bp_act_on_files_as(65534) }
        defer {
            if geteuid() == 0 { bp_act_on_files_as(0) }
            chmod(directory.path, 0o700)
            for name in directory.files.names { chmod(directory.file(name), 0o600) }
        }
        try body()
    }

    @Test func readingLeavesNothingBehind() throws {
        let writer = try openWithSchema(directory.file())
        try writer.insert(1)
        try writer.close()
        let before = directory.files.read("registry.sqlite")
        let reader = try Connection.test(directory.file(), .readOnly)
        #expect(try reader.read { try reader.itemCount } == 1)
        try reader.close()
        #expect(directory.files.names == ["registry.sqlite"])
        #expect(directory.files.read("registry.sqlite") == before)
    }

    @Test func readingLeavesAWritersLogAlone() throws {
        let writer = try openWithSchema(directory.file())
        let reader = try Connection.test(directory.file(), .readOnly)
        try writer.insert(1)
        #expect(try reader.itemCount == 1)
        try reader.close()
        #expect(directory.files.names.contains("registry.sqlite-wal"))
        try writer.insert(2)
        #expect(try writer.itemCount == 2)
    }

    /// After a crash the log holds what the file does not; a reader sees it and leaves it.
    @Test func readingACrashedFileChangesNothing() throws {
        let writer = try openWithSchema(directory.file("live"))
        try writer.insert(1)
        directory.files.write(directory.files.read("live"), to: "registry.sqlite")
        let log = directory.files.read("live-wal")
        directory.files.write(log, to: "registry.sqlite-wal")
        let before = directory.files.read("registry.sqlite")
        let reader = try Connection.test(directory.file(), .readOnly)
        #expect(try reader.itemCount == 1)
        try reader.close()
        #expect(directory.files.read("registry.sqlite") == before)
        #expect(directory.files.read("registry.sqlite-wal") == log)
    }

    @Test func aReadOnlyDirectoryIsRead() throws {
        let writer = try openWithSchema(directory.file())
        try writer.insert(1)
        try writer.close()
        try withoutPermission {
            let reader = try Connection.test(directory.file(), .readOnly)
            #expect(try reader.read { try reader.itemCount } == 1)
            try reader.close()
            for mode in [Connection.Mode.readWrite, .create] {
                let error = #expect(throws: OpenError.self) { try Connection.test(directory.file(), mode) }
                if case .notWritable = error {} else { Issue.record("\(String(describing: error))") }
            }
            let error = #expect(throws: OpenError.self) { try Connection.test(directory.file("new.sqlite")) }
            if case .notWritable = error {} else { Issue.record("\(String(describing: error))") }
        }
        #expect(directory.files.names == ["registry.sqlite"])
    }

    @Test func aReadOnlyDirectoryWithALogIsRead() throws {
        let writer = try openWithSchema(directory.file())
        try writer.insert(1)
        try withoutPermission {
            let reader = try Connection.test(directory.file(), .readOnly)
            #expect(try reader.read { try reader.itemCount } == 1)
        }
        try writer.insert(2)
    }

    /// Read without locks, the file must not be read on once somebody writes.
    @Test func aWriterInAReadOnlyDirectoryIsNoticed() throws {
        try openWithSchema(directory.file()).close()
        var reader: Connection?
        try withoutPermission { reader = try Connection.test(directory.file(), .readOnly) }
        let frozen = try #require(reader)
        #expect(try frozen.read { try frozen.itemCount } == 0)
        let writer = try Connection.test(directory.file(), .readWrite)
        try writer.insert(1)
        let error = #expect(throws: SQLiteError.self) { try frozen.read { try frozen.itemCount } }
        #expect(error?.isBusy == true)
    }

    /// A log without its index, as a copy or a read-only medium has it, must be replayed, which takes a place to write.
    @Test func aLogThatCannotBeReplayedIsSaid() throws {
        let writer = try openWithSchema(directory.file("live"))
        try writer.insert(1)
        for suffix in ["", "-wal"] {
            directory.files.write(directory.files.read("live" + suffix), to: "registry.sqlite" + suffix)
        }
        let bytes = directory.files.read("live-wal").count
        withoutPermission {
            #expect(throws: OpenError.logNotReplayed(path: directory.file(), bytes: bytes)) {
                try Connection.test(directory.file(), .readOnly)
            }
        }
        #expect(try Connection.test(directory.file(), .readOnly).itemCount == 1)
    }

    /// An empty log holds nothing back.
    @Test func anEmptyLogInAReadOnlyDirectoryIsNoObstacle() throws {
        let writer = try openWithSchema(directory.file())
        try writer.insert(1)
        try writer.close()
        directory.files.write([], to: "registry.sqlite-wal")
        try withoutPermission {
            let reader = try Connection.test(directory.file(), .readOnly)
            #expect(try reader.read { try reader.itemCount } == 1)
            try reader.close()
        }
    }

    @Test func aFileThatMayNotBeReadIsAnError() throws {
        try openWithSchema(directory.file()).close()
        try withoutPermission(ofFiles: 0) {
            let error = try #require(throws: OpenError.self) { try Connection.test(directory.file(), .readOnly) }
            #expect("\(error)".contains("Permission denied"))
        }
    }
}
