import BPData
import Foundation
import TestSupport
import Testing

/// Files of older runs stay readable by the rules of their time.
@Suite struct ReadingRulesTests {
    private func read(_ text: String, _ rules: ReadingRules, types: [String: ColumnType] = [:]) throws -> Table {
        try CSVReader(types: types, rules: rules).read(bytes: Array(text.utf8), name: "data", file: "data.csv")
    }

    @Test func versions() {
        #expect(ReadingRules.all.map(\.version) == [3, 2, 1])
        #expect(ReadingRules.newest.version == 3 && ReadingRules.first.version == 1)
        #expect(ReadingRules(version: 1) == .first && ReadingRules(version: 3) == .newest)
        #expect(ReadingRules(version: 0) == nil && ReadingRules(version: 4) == nil)
    }

    @Test func aTableKnowsItsRules() throws {
        #expect(try read("a\n1\n", .first).readingRules == .first)
        #expect(try table("a\n1\n").readingRules == .newest)
        #expect(try Table(name: "t", columns: [Column(name: "a", values: .u8([1]))]).readingRules == nil)
    }

    @Test func spacesAroundText() throws {
        let text = "a,b\n x ,1\nx,2\n"
        #expect(try read(text, .first).texts("a") == [" x ", "x"])
        #expect(try read(text, .newest).texts("a") == ["x", "x"])
        #expect(throws: DataError.self) { try read("a, \"b\"\n1,2\n", .first) }
        let only = CSVReader(only: ["a": .text], rules: .first)
        #expect(try only.read(bytes: Array(text.utf8), name: "t").texts("a") == [" x ", "x"])
    }

    @Test func aCommentAboveText() throws {
        let text = "# pets, by owner\nname,kind\nrex,dog\ntom,cat\n"
        let second = try #require(ReadingRules(version: 2))
        #expect(try read(text, second).columns.map(\.name) == ["# pets", "by owner"])
        let table = try read(text, .newest)
        #expect(table.columns.map(\.name) == ["name", "kind"] && table.rowCount == 2)
        #expect(
            table.notes == [
                "1 line before the header is a comment (#) and is left out; if \"# pets, by owner\" names the columns, "
                    + "remove its \"# \""
            ])
        // Numbers below it, or no space behind the mark: a header.
        #expect(try read("# x,y\n1,a\n", .newest).columns.map(\.name) == ["# x", "y"])
        #expect(try read("#name,kind\nrex,dog\ntom,cat\n", .newest).columns.map(\.name) == ["#name", "kind"])
    }

    @Test func linesBeforeTheHeader() throws {
        #expect(try read("# c\nx\ny\n", .first).columns.map(\.name) == ["# c"])
        #expect(try read("# c\nx\ny\n", .newest).columns.map(\.name) == ["x"])
        #expect(try read("sep=|\na|b\n", .first).columns.map(\.name) == ["sep=|"])
        #expect(try read("sep=|\na|b\n1|2\n", .newest).columns.map(\.name) == ["a", "b"])
    }

    @Test func namesThatAreNotThere() throws {
        let error = try failure { try read("a,,c\n1,2,3\n", .first) }
        #expect(error.description == "data.csv, line 1, column 2: the column has no name")
        #expect(try read("a,,c\n1,2,3\n", .newest).columns.map(\.name) == ["a", "column_2", "c"])
    }

    @Test func numbersThatNoDoubleHolds() throws {
        let text = "a\n9007199254740993\n"
        #expect(try read(text, .first).columns[0].numbers == [9_007_199_254_740_992])
        #expect(throws: DataError.self) { try read(text, .newest) }
        #expect(try read("a\n0.12345678901234567890\n", .first).notes.isEmpty)
    }

    @Test func infinityAlone() throws {
        #expect(try read("a\ninf\n-inf\n", .first).texts("a") == ["inf", "-inf"])
        #expect(throws: DataError.self) { try read("a\ninf\n-inf\n", .newest) }
    }

    /// Every table that comes with the project is the same under all rules.
    @Test func theProjectsOwnTables() throws {
        let folders = ["tools/data", "Tests/Fixtures/csv", "Tests/Fixtures/data"]
        var count = 0
        for folder in folders {
            let names = try FileManager.default.contentsOfDirectory(atPath: Project.file(folder).path)
            for name in names.sorted() where !name.hasSuffix(".py") && !name.hasSuffix(".md") {
                let path = Project.file(folder + "/" + name).path
                func content(_ rules: ReadingRules) -> [[UInt8]]? {
                    (try? TableReader(rules: rules).read(path: path))?.columns.map {
                        Array("\($0.name)/\($0.type.rawValue)/".utf8) + $0.canonicalBytes
                    }
                }
                let old = content(.first)
                #expect(old == content(.newest), "\(name)")
                count += old == nil ? 0 : 1
            }
        }
        #expect(count > 30)
    }

    @Test func arraysAsText() throws {
        let bytes = NPYArray.encoded([0x1p60, 1, 0.5], shape: [3])
        let path = NSTemporaryDirectory() + "rules-\(UUID().uuidString).npy"
        try Data(bytes).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        func texts(_ rules: ReadingRules) throws -> [String] {
            let name = String(path.split(separator: "/").last ?? "").dropLast(4)
            return try TableReader(types: [String(name): .text], rules: rules).read(path: path).columns[0].texts
        }
        #expect(try texts(.first) == ["1.152921504606847e+18", "1", "0.5"])
        #expect(try texts(.newest) == ["1152921504606846976", "1", "0.5"])
    }
}
