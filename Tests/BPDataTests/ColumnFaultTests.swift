@testable import BPData
import Foundation
import TestSupport
import Testing

/// Faults are counted in all columns at once; ignored columns are not judged.
@Suite struct ColumnFaultTests {
    private func ignoring(_ names: Set<String>, _ text: String, types: [String: ColumnType] = [:]) throws -> Table {
        try CSVReader(types: types, ignored: names).read(bytes: Array(text.utf8), name: "data", file: "data.csv")
    }

    @Test func missingValuesOfAllColumns() throws {
        let error = try failure(reading: "a,b,c,d\n1,,x,7\nNA,2,,7\n3,?,,7\n")
        #expect(
            error.message
                == "5 values are missing in 3 columns: a (1, first on line 3), b (2, first on line 2), c (2, first on line 3)"
        )
        #expect((error.line, error.columnName, error.value) == (2, "b", ""))
        #expect(error.faults.map(\.name) == ["a", "b", "c"])
        #expect(error.faults.map(\.count) == [1, 2, 2])
        #expect(error.faults.allSatisfy { $0.kind == .missing && $0.total == 3 })
        #expect(try failure(reading: "a\n1\nnan\nNA\n").message == "2 of 3 values are missing, the first on line 3")
    }

    @Test func severalSortsOfFaults() throws {
        let error = try failure(reading: "a,b,c\n1,x,1\n,2,inf\n3,y,5e999\n")
        #expect(
            error.message
                == "1 value is missing in 1 column: a (1, first on line 3); column c: \"inf\" is no finite number; "
                + "column b: \"2\" is a number, but the other 2 values are not: a column is all numbers or all text; "
                + "column c: \"5e999\" is beyond the range of a float64")
        #expect(error.faults.map(\.kind) == [.missing, .mixed, .infinite, .tooLarge])
        // One column, two sorts.
        #expect(
            try failure(reading: "q,w\ninf,1\nnan,2\ninf,3\n").message
                == "column q: a value is missing: \"nan\"; column q: 2 of 3 values are no finite numbers, the first is \"inf\""
        )
    }

    @Test(arguments: ["inf,-inf", "Infinity,nan", "nan,NaN", "+inf,NA"])
    func wordsThatOnlyNumbersHave(words: String) throws {
        let rows = words.split(separator: ",")
        let error = try failure(reading: "q,w\n\(rows[0]),0\n\(rows[1]),1\n")
        #expect((error.kind, error.line, error.columnName) == (.badValue, 2, "q"))
        #expect(try table("q,w\n\(rows[0]),0\nx,1\n").types[0] == .text)
        #expect(try table("q,w\n\(rows[0]),0\n", types: ["q": .text]).types[0] == .text)
    }

    @Test func wholeNumbersThatNoDoubleHolds() throws {
        let error = try failure(reading: "x,id\n0,9007199254740992\n1,9007199254740993\n2,9007199254740995\n")
        #expect(
            error.description
                == "data.csv, line 3, column 2 (id): 2 of 3 values are whole numbers that no float64 holds exactly, "
                + "the first is \"9007199254740993\"")
        #expect(error.faults.map(\.kind) == [.inexact])
        #expect(throws: DataError.self) { try table("a\n9007199254740993\n", types: ["a": .f64]) }
        let only = CSVReader(only: ["a": .f64])
        #expect(throws: DataError.self) { try only.read(bytes: Array("a\n-9007199254740993\n".utf8), name: "t") }
        #expect(try table("a\n9007199254740993\n", types: ["a": .text]).texts("a") == ["9007199254740993"])
    }

    @Test func ignoredColumnsAreNotJudged() throws {
        let text = "a,gaps,mixed,infinite,id,words,plain\n1,,x,inf,9007199254740993,u,0.5\n2,5,7,1,1,,1\n"
        let read = try ignoring(["gaps", "mixed", "infinite", "id", "words", "plain"], text)
        #expect(read.types == [.u8, .text, .text, .text, .text, .text, .f32])
        #expect(
            try ["gaps", "mixed", "infinite", "id", "words"].map(read.texts)
                == [["", "5"], ["x", "7"], ["inf", "1"], ["9007199254740993", "1"], ["u", ""]])
        #expect(read.notes.isEmpty)
        // A type that was said is used.
        #expect(throws: DataError.self) { try ignoring(["mixed"], "a,mixed\n1,x\n", types: ["mixed": .f64]) }
        #expect(try ignoring(["a"], "a,b\n1,2\n", types: ["a": .text]).types == [.text, .u8])
        // What fits is stored as it would be otherwise.
        #expect(try ignoring(["a", "b"], "a,b\n1,x\n2,y\n").types == [.u8, .text])
        #expect(try ignoring(["x"], "x,y\n0.12345678901234567890,1\n").notes.isEmpty)
        #expect(try ignoring(["a"], "# c\na;b\n 5,1 ;\"2\"\nx;3\n").texts("a") == ["5,1", "x"])
    }

    @Test func ignoredArrays() throws {
        var writer = ZipWriter()
        try writer.add("a.npy", NPYArray.encoded([1, 2], shape: [2]))
        try writer.add("bad.npy", NPYArray.encoded([.nan, .infinity], shape: [2]))
        let path = NSTemporaryDirectory() + "ignored-\(UUID().uuidString).npz"
        try Data(writer.finished()).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(try TableReader(ignored: ["bad"]).read(path: path).texts("bad") == ["nan", "inf"])
        let error = try failure { try TableReader().read(path: path) }
        #expect(error.message == "2 of 2 values are no finite numbers, the first is \"nan\"" && error.row == 1)
    }

    @Test func randomTablesAreCountedRight() throws {
        var chance = Chance()
        for _ in 0..<200 {
            let rows = chance.integer(2...40)
            var (missing, first) = (0, 0)
            var text = "a,b\n"
            for row in 0..<rows {
                let isMissing = row > 0 && chance.integer(0...4) == 0
                if isMissing, missing == 0 { first = row + 2 }
                missing += isMissing ? 1 : 0
                text += "\(row),\(isMissing ? chance.pick(["", "NA", " ", "nan", "\"\""]) : "\(row)")\n"
            }
            guard missing > 0 else { continue }
            let error = try failure(reading: text)
            #expect(error.faults.map(\.count) == [missing] && error.line == first, "seed \(chance.seed)")
        }
    }
}
