import Foundation
import TestSupport
import Testing

@testable import BPData

/// A value that is rounded is never spoken of as the file's.
@Suite struct RoundingTests {
    private func precision(_ text: String) -> DecimalPrecision? {
        Array(text.utf8).withUnsafeBufferPointer { NumberParser.parse($0)?.precision }
    }

    private func isShortest(_ text: String) throws -> Bool {
        let value = try #require(Double(text.trimmingCharacters(in: .whitespaces)))
        return Array(text.utf8).withUnsafeBufferPointer { NumberParser.isShortest($0, of: value) }
    }

    @Test(arguments: [
        ("9007199254740992", DecimalPrecision.held), ("9007199254740993", .inexactWhole),
        ("-9007199254740993", .inexactWhole), ("9007199254740993.0", .inexactWhole),
        ("9007199254740993.000", .inexactWhole),
        ("9007199254740994", .held), ("18446744073709551615", .inexactWhole), ("18446744073709551616", .held),
        ("1180591620717411303424", .held), ("1180591620717411303425", .inexactWhole),
        ("100000000000000000000", .held), ("1000000000000000000000000000000", .inexactWhole),
        ("0009007199254740992", .held),
        ("0.1", .held), ("123456789012345.6", .long), ("0.10000000000000001", .long),
        ("0.123456789012345678", .rounded),
        ("0.1234567890123456780", .rounded), ("0.12345678901234500000000", .held),
        ("1.00000000000000000000001", .rounded),
        ("1e300", .held), ("1e23", .held), ("9007199254740993e0", .long), ("1e-400", .rounded), ("3e-324", .long),
        ("0e-400", .held), ("0.0000", .held), ("1e999", .held),
    ])
    func howADoubleHoldsADecimal(text: String, expected: DecimalPrecision) {
        #expect(precision(text) == expected)
    }

    @Test func randomWholeNumbers() throws {
        var chance = Chance()
        for _ in 0..<5_000 {
            let whole = (chance.bits() >> UInt64(chance.integer(0...20))) << UInt64(chance.integer(0...12))
            let isHeld = UInt64(exactly: Double(whole)) == whole
            #expect(precision("\(whole)") == (isHeld ? .held : .inexactWhole), "\(whole), seed \(chance.seed)")
            // Powers of two beyond 64 bits, as Foundation prints them.
            let big = String(format: "%.0f", Double(sign: .plus, exponent: chance.integer(64...300), significand: 1.25))
            #expect(precision(big) == .held, "\(big), seed \(chance.seed)")
            #expect(precision(String(big.dropLast()) + "1") == .inexactWhole, "\(big), seed \(chance.seed)")
        }
    }

    @Test func theShortestSpelling() throws {
        #expect(try isShortest("0.1") && isShortest(" +1.50e1 ") && isShortest("100") && isShortest("-1e23"))
        #expect(try !isShortest("0.10000000000000001") && !isShortest("9007199254740993e0") && !isShortest("3e-324"))
        var chance = Chance()
        for _ in 0..<5_000 {
            let value = chance.finiteDouble()
            #expect(try isShortest(value.description), "\(value), seed \(chance.seed)")
            let long = String(format: "%.18e", value)
            #expect(try !isShortest(long) || long.contains("00e"), "\(long), seed \(chance.seed)")
        }
    }

    @Test func oneNoteCountsThem() throws {
        let read = try table("x,z\n0.12345678901234567890,1e-400\n0.5,2\n0.98765432109876543210,3\n")
        #expect(
            read.notes == [
                "3 values have more digits than a float64 holds and are rounded, in x (2), z (1): the first, "
                    + "0.12345678901234567890 on line 2, is read as 0.12345678901234568"
            ])
        #expect(try table("x\n0.1\n0.10000000000000001\n").notes.isEmpty)
        #expect(
            try table("x\n1e-400\n1\n").notes == [
                "1 value has more digits than a float64 holds and is rounded, in x: 1e-400 on line 2 is read as 0"
            ])
    }

    @Test(arguments: [
        ("0.12345678901234567890,0.5", "0.12345678901234568"), ("0.5,0.10000000000000001", "0.1"),
        ("9.007199254740993e15,1", "9007199254740992"), ("1e-400,1", "0"),
    ])
    func noClassIsMadeOfARoundedValue(values: String, name: String) throws {
        let parts = values.split(separator: ",").map(String.init)
        let text = "x,y\n1,\(parts[0])\n2,\(parts[1])\n"
        let error = try failure { try table(text).task(forTarget: "y", wanted: .classification) }
        #expect(error.kind == .badValue && error.columnName == "y" && error.remedy == .text)
        #expect(error.message.contains("would be the class \(name),"), "\(error.message)")
        #expect(try table(text).task(forTarget: "y", wanted: .regression).task == .regression)
        let labels = ClassLabels.numbers([0, 1])
        let encoding = Encoding(
            features: [.number(name: "x", scale: Scale(mean: 0, deviation: 1))],
            target: .classes(name: "y", labels, hasSingleOutput: false))
        #expect(throws: DataError.self) { try encoding.classIndices(table(text), rows: [0]) }
    }

    @Test func aFloatThatWasAskedFor() throws {
        let read = try table("x,y\n1,0.1\n2,0.2\n", types: ["y": .f32])
        #expect(read.notes.count == 1 && read.notes[0].contains("float32"))
        #expect(try failure { try read.task(forTarget: "y", wanted: .classification) }.value == "0.1")
        #expect(try table("x,y\n1,0.5\n2,0.25\n", types: ["y": .f32]).notes.isEmpty)
    }

    @Test func numbersHaveTheDigitsOfTheFile() throws {
        let read = try table("a,b\n9007199254740996,0.10000000149011612\n-9223372036854775808,0.5\n")
        #expect(
            read.columns.map(\.texts) == [
                ["9007199254740996", "-9223372036854775808"], ["0.10000000149011612", "0.5"],
            ])
        #expect(ClassLabels.numbers([9_007_199_254_740_996, 1e22]).names == ["9007199254740996", "1e+22"])
    }

    @Test func labelsFromAnotherFile() throws {
        let folder = NSTemporaryDirectory() + "labels-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data("a,b\n1,2\n3,4\n".utf8).write(to: URL(filePath: folder + "/rows.csv"))
        try Data("l\n9007199254740993\n1\n".utf8).write(to: URL(filePath: folder + "/l.csv"))
        try Data("l\n0.12345678901234567890\n1\n".utf8).write(to: URL(filePath: folder + "/d.csv"))
        func read(_ labels: String) throws -> Table {
            try TableReader(choices: TableChoices(labels: "\(folder)/\(labels).csv")).read(path: folder + "/rows.csv")
        }
        let error = try failure { try read("l") }
        #expect(error.columnName == "label" && error.faults.map(\.name) == ["label"] && error.line == 2)
        #expect(try read("d").notes.count == 1)
        #expect(throws: DataError.self) { try read("d").task(forTarget: "label", wanted: .classification) }
    }
}
