import Foundation
import Testing

@testable import BPData

/// A zip archive that holds one table is read as that table.
@Suite struct ZippedTableTests {
    private func read(_ files: [(String, [UInt8])], _ choices: TableChoices = .init()) throws -> Table {
        var writer = ZipWriter()
        for (name, bytes) in files { try writer.add(name, bytes) }
        let path = NSTemporaryDirectory() + "zip-\(UUID().uuidString).zip"
        try Data(writer.finished()).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try TableReader(choices: choices).read(path: path)
    }

    private let csv = Array("a,b\n1,x\n2,y\n".utf8)

    @Test func oneFile() throws {
        #expect(try read([("folder/t.csv", csv)]).columns.map(\.name) == ["a", "b"])
        #expect(try read([("t.csv", csv), ("__MACOSX/._t.csv", [0])], TableChoices(format: .csv)).rowCount == 2)
        #expect(try read([("x.npy.txt", NPYArray.encoded([1, 2], shape: [2]))]).columns[0].numbers == [1, 2])
    }

    @Test func errorsNameTheMember() throws {
        let error = try failure { try read([("t.csv", csv + Array("z,w\n".utf8))]) }
        #expect((error.zipMember, error.line, error.columnName) == ("t.csv", 4, "a"))
        #expect(error.place.contains("member t.csv, line 4"))
    }

    @Test func severalFilesOrNone() throws {
        let several = try failure { try read([("p.csv", csv), ("q.csv", csv)]) }
        #expect(several.message == "the zip archive holds 2 files, and it may hold one table: p.csv, q.csv")
        #expect(several.remedy == .unzip)
        #expect(try failure { try read([]) }.message == "the zip archive is empty: it has no file")
        var inner = ZipWriter()
        try inner.add("t.csv", csv)
        #expect(try failure { try read([("t.zip", inner.finished())]) }.message.contains("another zip archive"))
        let office = try failure { try read([("[Content_Types].xml", [1]), ("xl/sheet.xml", [1])]) }
        #expect(office.message.hasPrefix("it is an Office document"))
    }
}
