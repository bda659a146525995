import BPData
import Foundation
import TestSupport
import Testing

@Suite struct FileTests {
    private func inFolder(_ body: (String) throws -> Void) throws { try withTemporaryDirectory(body) }

    @Test func aFileIsReadAndNamesTheTable() throws {
        try inFolder { folder in
            let path = folder + "/my.data.csv"
            try "a,b\n1,x\n2,y\n".write(toFile: path, atomically: true, encoding: .utf8)
            let table = try CSVReader().read(path: path)
            #expect(table.name == "my.data")
            #expect(table.file == path)
            #expect(table.rowCount == 2)
        }
    }

    @Test func aFileLargerThanOneRead() throws {
        try inFolder { folder in
            let path = folder + "/large"
            let rows = 400_000
            try ("a,b\n" + String(repeating: "12,345\n", count: rows)).write(
                toFile: path, atomically: true, encoding: .utf8)
            let table = try CSVReader().read(path: path)
            #expect(table.rowCount == rows)
            #expect(table.name == "large")
            #expect(table.line(ofRow: rows - 1) == rows + 1)
        }
    }

    @Test func whatCannotBeRead() throws {
        try inFolder { folder in
            let missing = try failure { try CSVReader().read(path: folder + "/none.csv") }
            #expect(missing.kind == .unreadable)
            #expect(missing.file == folder + "/none.csv")
            #expect(missing.message == "cannot be opened: No such file or directory")
            #expect(try failure { try CSVReader().read(path: folder) }.message == "is a directory")
            #expect(try failure { try CSVReader().read(path: "") }.kind == .unreadable)
        }
    }

    @Test func errorsNameTheFile() throws {
        try inFolder { folder in
            let path = folder + "/bad.csv"
            try "a\n1\nx\n".write(toFile: path, atomically: true, encoding: .utf8)
            let error = try failure { try CSVReader().read(path: path) }
            #expect(error.place == "\(path), line 3, column 1 (a)")
        }
    }
}
