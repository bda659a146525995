import BPData
import Testing

@Suite struct ColumnTypeTests {
    @Test(arguments: [
        ("0 255 7", ColumnType.u8),
        ("0 256", .f32),
        ("0 -1", .f32),
        ("1 +1", .f32),
        ("1 1.0", .f32),
        ("1 07", .f32),
        ("1 1e2", .f32),
        ("0.5 -0.25 16777216", .f32),
        ("16777217", .f64),
        ("0.1", .f64),
        ("1 0.5 0.1", .f64),
        ("1e-45", .f64),
        ("1e39", .f64),
        ("3.4028234663852886e38", .f32),
        ("x y", .text),
        ("0x1F 0b1", .text),
        ("1_000 2_000", .text),
    ])
    func theNarrowestTypeThatHoldsAllExactly(values: String, type: ColumnType) throws {
        let values = values.split(separator: " ").map(String.init)
        let column = try table("a\n" + values.joined(separator: "\n")).columns[0]
        #expect(column.type == type)
        if type == .text {
            #expect(column.texts == values)
        } else {
            #expect(column.numbers == values.map { Double($0) })
        }
    }

    @Test func wideningKeepsEveryValueAndTheSignOfZero() throws {
        let column = try table("a\n0\n255\n-0\n0.5\n-0.0\n0.1\n1e300\n").columns[0]
        #expect(column.type == .f64)
        #expect(column.numbers.map(\.bitPattern) == [0, 255, -0.0, 0.5, -0.0, 0.1, 1e300].map(\.bitPattern))
    }

    @Test func forcedTypes() throws {
        let types: [String: ColumnType] = ["a": .text, "b": .f64, "c": .f32, "d": .u8]
        let read = try table("a,b,c,d\n1,1,0.1,1.0\nx,2,16777217,2e1\n", types: types)
        #expect(read.types == [.text, .f64, .f32, .u8])
        #expect(try read.texts("a") == ["1", "x"])
        #expect(read.columns[2].numbers == [Double(Float(0.1)), 16_777_216])
        #expect(
            read.notes == [
                "2 values have more digits than a float32 holds and are rounded, in c: the first, 0.1 on line 2, is read "
                    + "as 0.10000000149011612"
            ])
        #expect(read.columns[3].numbers == [1, 20])
    }

    @Test(arguments: [
        ("256", ColumnType.u8, "\"256\" is no whole number 0…255, which the column is read as"),
        ("-1", .u8, "\"-1\" is no whole number 0…255, which the column is read as"),
        ("0.5", .u8, "\"0.5\" is no whole number 0…255, which the column is read as"),
        ("1e39", .f32, "\"1e39\" is beyond the range of a float32, which the column is read as"),
        ("1e999", .f32, "\"1e999\" is beyond the range of a float64"),
        ("x", .f64, "\"x\" is not a number"),
        ("NA", .f64, "a value is missing: \"NA\""),
    ])
    func valuesThatDoNotFitTheForcedType(value: String, type: ColumnType, message: String) throws {
        for text in ["a\n\(value)\n", "a\n\n"].prefix(1) {
            let error = try failure(reading: text, types: ["a": type])
            #expect((error.kind, error.line, error.columnName, error.value) == (.badValue, 2, "a", value))
            #expect(error.message == message)
        }
    }

    @Test func aTypeForNoColumn() throws {
        let error = try failure(reading: "a,b\n1,2\n", types: ["c": .f64])
        #expect(error.kind == .unknownColumn)
        #expect(
            error.description
                == "data.csv, column c: a type is given for \"c\", which is no column; the columns are: a, b")
    }

    @Test func numbersReadAsPeopleWriteThem() throws {
        #expect(
            try table("a,b,c\n3,0.1,1.5\n4,1e21,2\n").columns.map(\.texts) == [
                ["3", "4"], ["0.1", "1e+21"], ["1.5", "2"],
            ])
    }
}
