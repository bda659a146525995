import BPData
import Testing

@Suite struct EncodingInputsTests {
    private let training = "size,kind,y\n1,b,u\n2,a,v\n3,b,u\n"

    private func encoding() throws -> Encoding {
        try Encoding.fit(table(training), target: "y", task: .classification, rows: [0, 1, 2]).encoding
    }

    /// Reads a new file as prediction does.
    private func new(_ text: String, withTarget: Bool = false) throws -> Table {
        try CSVReader(only: encoding().columnTypes(withTarget: withTarget)).read(
            bytes: Array(text.utf8), name: "new", file: "new.csv")
    }

    @Test func rowsBecomeInputs() throws {
        let inputs = try encoding().encodeInputs(table(training), rows: [2, 0, 1, 1])
        let z = Float(1 / Double(Float((2.0 / 3).squareRoot())))
        #expect(inputs.values == [z, 0, 1, -z, 0, 1, 0, 1, 0, 0, 1, 0])
        #expect(inputs.remarks.extraColumns.isEmpty && inputs.remarks.zeroedCount == 0)
        #expect(try encoding().encodeInputs(table(training), rows: []).values.isEmpty)
    }

    @Test func columnsAreMatchedByNameInAnyOrder() throws {
        let same = try encoding().encodeInputs(new("id,kind,size,note\n7,a,2,\n8,b,3,x\n"), rows: [0, 1])
        #expect(try same.values == encoding().encodeInputs(table(training), rows: [1, 2]).values)
        #expect(same.remarks.extraColumns == ["id", "note"])
        let whole = try encoding().encodeInputs(table("y,size,z,kind\nu,2,1,a\n"), rows: [0])
        #expect(whole.remarks.extraColumns == ["z"])
    }

    @Test func missingColumnsAreListed() throws {
        let one = try failure { try encoding().encodeInputs(new("size,other\n1,2\n"), rows: [0]) }
        #expect((one.kind, one.file, one.columnName) == (.unknownColumn, "new.csv", "kind"))
        #expect(one.message == "a column that the model needs is not there: kind; the columns are: size, other")
        let both = try failure { try encoding().encodeInputs(table("a\n1\n"), rows: [0]) }
        #expect(both.message == "columns that the model needs are not there: size, kind; the columns are: a")
        let none = try failure { try new("a,b\n1,2\n") }
        #expect(none.message == "none of the columns wanted is there: kind, size; the file has: a, b")
    }

    @Test func aCategoryNeverSeen() throws {
        let read = try new("kind,size\na,1\n\"\nc\",2\nd,3\n")
        let error = try failure { try encoding().encodeInputs(read, rows: [0, 1, 2]) }
        #expect(error.kind == .unseen)
        #expect(
            error.description
                == "new.csv, line 3, column 1 (kind): \"\\nc\" is a category that the training rows did not have")
        let zeroed = try encoding().encodeInputs(read, rows: [0, 1, 2], unknown: .zero)
        #expect(Array(zeroed.values[3...]) == [0, 0, 0, zeroed.values[6], 0, 0])
        #expect(zeroed.remarks.zeroedCount == 2)
        #expect(zeroed.remarks.firstZeroed == error)
    }

    @Test func categoriesAreBytesNotLooks() throws {
        let read = try table("k,y\n\u{E9},1\ne\u{301},2\n")
        let encoding = try Encoding.fit(read, target: "y", task: .classification, rows: [0, 1]).encoding
        #expect(encoding.inputWidth == 2)
        #expect(try encoding.encodeInputs(read, rows: [0, 1]).values == [0, 1, 1, 0])
    }

    @Test func textWhereANumberBelongs() throws {
        let whenReading = try failure { try new("kind,size\na,1\nb,big\n") }
        #expect(
            whenReading.description
                == "new.csv, line 3, column 2 (size): \"big\" is not a number"
        )
        let whenEncoding = try failure { try encoding().encodeInputs(table("kind,size\na,big\nb,small\n"), rows: [1]) }
        #expect(
            whenEncoding.description
                == "data.csv, line 3, column 2 (size): \"small\" is not a number, as the column was in training")
        #expect(try failure { try new("kind,size\na,\n") }.message == "a value is missing")
    }

    @Test func numberWhereACategoryBelongs() throws {
        let error = try failure { try encoding().encodeInputs(table("kind,size\n5,1\n"), rows: [0]) }
        #expect((error.kind, error.value) == (.unseen, "5"))
    }

    @Test func aNumberBeyondFloat32() throws {
        let error = try failure { try encoding().encodeInputs(new("kind,size\na,1e300\n"), rows: [0]) }
        #expect((error.kind, error.line, error.columnNumber, error.value) == (.badValue, 2, 2, "1e+300"))
    }

    @Test func columnNumbersAreThoseOfTheFile() throws {
        let error = try failure { try encoding().encodeInputs(new("a,b,kind,size\n1,2,z,1\n"), rows: [0]) }
        #expect(error.columnNumber == 3)
    }

    /// u8, f32 and f64 columns that hold the same numbers give the same inputs, each the rounded quotient in Double.
    @Test func scalingIsOneDefinitionForAllTypes() throws {
        var chance = Chance()
        let bytes = (0..<200).map { _ in UInt8(chance.integer(0...255)) }
        let columns: [Column.Values] = [.u8(bytes), .f32(bytes.map(Float.init)), .f64(bytes.map(Double.init))]
        let scale = Scale(mean: 127.3, deviation: 74.1)
        let expected = bytes.map { Float((Double($0) - Double(Float(127.3))) / Double(Float(74.1))) }
        for values in columns {
            let table = try Table(name: "t", columns: [Column(name: "x", values: values)])
            let encoding = Encoding(
                features: [.number(name: "x", scale: scale)], target: .number(name: "y", scale: scale))
            #expect(
                try encoding.encodeInputs(table, rows: Array(bytes.indices)).values == expected, "seed \(chance.seed)")
        }
    }
}
