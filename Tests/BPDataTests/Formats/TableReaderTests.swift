import Foundation
import TestSupport
import Testing

@testable import BPData

/// One door for all formats: what is read, what is found by itself, and what is said.
@Suite struct TableReaderTests {
    private func read(_ name: String, _ choices: TableChoices = .init(), types: [String: ColumnType] = [:]) throws
        -> Table
    {
        try TableReader(types: types, choices: choices).read(path: ArrayFixtures.path(name))
    }

    @Test(arguments: ["08", "09", "0b", "0c", "0d", "0e"])
    func everyTypeOfIDX(_ type: String) throws {
        let table = try read(type + ".idx")
        #expect(table.columns.map(\.name) == ["p0", "p1", "p2", "p3"])
        // Small whole numbers are bytes, whatever they were written as, as in CSV.
        #expect(table.types == [.u8, .u8, .u8, .u8])
        let expected: [[Double]] = [[0, 4, 8], [1, 5, 9], [2, 6, 10], [3, 7, 11]]
        #expect(table.columns.map(\.numbers) == expected)
        #expect(table.likelyTarget == nil && table.lacksLabels)
    }

    @Test func imagesFindTheirLabels() throws {
        let plain = try read("train-images-idx3-ubyte")
        let zipped = try read("t10k-images-idx3-ubyte.gz")
        #expect(plain.rowCount == 6 && plain.columns.map(\.name) == ["p0", "p1", "p2", "p3", "p4", "p5", "label"])
        #expect(plain.likelyTarget == "label" && plain.columns[6].numbers == [0, 1, 2, 0, 1, 2])
        let expected = (0..<6).map { Double((6 * $0 + 1) * 7 % 256) }
        #expect(plain.columns[1].numbers == expected)
        #expect(plain.notes[0].contains("train-labels-idx1-ubyte, as its name shows"))
        #expect(zipped.notes[0].contains("t10k-labels-idx1-ubyte.gz"))
        #expect(zipped.columns.map(\.canonicalBytes) == plain.columns.map(\.canonicalBytes))
        let said = try read(
            "train-images-idx3-ubyte", TableChoices(labels: ArrayFixtures.path("t10k-labels-idx1-ubyte.gz")))
        #expect(said.notes.isEmpty && said.columns[6].numbers == plain.columns[6].numbers)
    }

    @Test func whoWantsFeaturesAloneGetsNoLabels() throws {
        let types: [String: ColumnType] = ["p1": .f64, "p4": .f64, "elsewhere": .f64]
        let reader = TableReader(only: types, target: nil)
        let table = try reader.read(path: ArrayFixtures.path("train-images-idx3-ubyte"))
        #expect(table.columns.map(\.name) == ["p1", "p4"] && table.skippedColumns == ["p0", "p2", "p3", "p5"])
        #expect(table.types == [.u8, .u8])
        let measured = try TableReader(only: types, target: "digit").read(
            path: ArrayFixtures.path("train-images-idx3-ubyte"))
        #expect(measured.columns.map(\.name) == ["p1", "p4", "digit"])
    }

    @Test func archivesAreReadByTheirNames() throws {
        let table = try read("deflated.npz")
        #expect(table.rowCount == 4 && table.columns.map(\.name) == ["p0", "p1", "label"])
        #expect(table.types == [.u8, .f32, .u8])
        #expect(table.notes == ["the rows are member x_train, their labels y_train; not read: x_test, y_test"])
        let test = try TableReader(only: ["p0": .f64, "p1": .f64], target: "label").read(
            path: ArrayFixtures.path("deflated.npz"))
        #expect(test.rowCount == 1 && test.notes[0].contains("member x_test, their labels y_test"))
        let said = try read("deflated.npz", TableChoices(labels: "y_test", features: "x_test"))
        #expect(said.rowCount == 1)
        #expect(try read("stored.npz").columns.map(\.canonicalBytes) == table.columns.map(\.canonicalBytes))
        let columns = try read("columns.npz")
        #expect(columns.columns.map(\.name) == ["height", "kind"] && columns.types == [.f32, .text])
        #expect(columns.likelyTarget == nil)
    }

    @Test func aStructureNamesItsColumns() throws {
        let table = try read("structure.npy")
        #expect(table.columns.map(\.name) == ["width", "größe", "kind", "seen"])
        #expect(table.types == [.f32, .f32, .text, .u8])
        #expect(try table.texts("größe") == ["-1", "300", "1099511627776"])
        #expect(try table.texts("kind") == ["rose", "lily", "rose"] && table.texts("seen") == ["1", "0", "1"])
        #expect(table.notes.isEmpty && !table.lacksLabels)
        #expect(try read("texts.npy").columns[0].texts == ["café", "x", ""])
        #expect(try read("bytes.npy").columns[0].texts == ["ab", "c"])
    }

    @Test func theSameTableIsTheSameDataset() throws {
        // What CSV and NPY hold, column by column, has the same canonical bytes, so the same hash.
        let text = "p0,p1,label\n0,0.5,0\n255,1.5,1\n7,2.5,1\n8,3.5,0\n"
        let csv = try CSVReader().read(bytes: Array(text.utf8), name: "x")
        let npz = try read("stored.npz")
        #expect(npz.types == csv.types && npz.columns.map(\.name) == csv.columns.map(\.name))
        #expect(npz.columns.map(\.canonicalBytes) == csv.columns.map(\.canonicalBytes))
    }

    @Test func typesAreForced() throws {
        let table = try read(
            "stored.npz", types: ["p0": .f64, "p1": .text, "label": .text])
        #expect(table.types == [.f64, .text, .text])
        #expect(try table.texts("p1") == ["0.5", "1.5", "2.5", "3.5"] && table.texts("label") == ["0", "1", "1", "0"])
        let error = try failure { try read("stored.npz", types: ["p1": .u8]) }
        #expect(
            error.place == ArrayFixtures.path("stored.npz") + ", member X, row 1, column 2 (p1)"
                && error.value == "0.5")
        #expect(try failure { try read("f4.npy", types: ["p9": .u8]) }.kind == .unknownColumn)
        #expect(
            try failure { try read("texts.npy", types: ["texts": .f64]) }.message == "\"café\" is a text, not a number")
    }

    @Test func whatDoesNotBelongTogetherIsRefused() throws {
        let labels = ArrayFixtures.path("train-labels-idx1-ubyte")
        let error = try failure { try read("f4.npy", TableChoices(labels: labels)) }
        #expect(error.message == "there are 3 rows and 6 labels: they do not belong together")
        #expect(
            try failure { try read("f4.npy", TableChoices(labels: ArrayFixtures.path("f8.npy"))) }.message
                == "labels are one a row, and here are 4 columns")
        #expect(try failure { try read("f4.npy", TableChoices(format: .idx)) }.kind == .malformed)
        #expect(try failure { try read("f4.npy", TableChoices(features: "x")) }.message.contains("NPZ"))
        #expect(try failure { try read("stored.npz", TableChoices(features: "x")) }.message.contains("has: X, y"))
        #expect(try failure { try read("object.npy") }.message.contains("pickles"))
        #expect(try failure { try read("scalar.npy") }.message.contains("has no rows"))
        #expect(try failure { try read("empty.npy") }.message.contains("has no rows"))
        #expect(try failure { try read("large-integer.npy") }.row == 2)
    }
}
