import TestSupport
import Testing

@testable import BPData

/// Numbers that are written as codes, dates or grouped digits are, and are read as numbers all the same.
@Suite struct NumberSpellingTests {
    private func column(_ values: [String], rest: String = "") throws -> Column {
        try CSVReader().read(bytes: Array(("v\n" + values.joined(separator: "\n") + "\n").utf8), name: "t").columns[0]
    }

    private func finding(_ values: [String], target: Bool = false) throws -> TableFinding? {
        let text = "v,y\n" + values.enumerated().map { "\($1),\(["a", "b", "c"][($0 * 7 + $0 / 3) % 3])\n" }.joined()
        let table = try CSVReader().read(bytes: Array(text.utf8), name: "t")
        return target
            ? table.findings(target: "v", features: ["y"]).first : table.findings(target: "y", features: ["v"]).first
    }

    @Test("Codes with zeros before them")
    func leadingZeros() throws {
        let codes = ["01234", "54321", "00501", "80331", "01234"]
        let spelling = try #require(try column(codes).spelling)
        #expect(spelling.kind == .leadingZeros && spelling.count == 3 && spelling.total == 5)
        #expect(spelling.example == "01234" && spelling.line == 2 && spelling.value == 1234 && spelling.merged == nil)
        let text = try #require(try finding(codes)).text
        #expect(
            text
                == "v is read as numbers: 3 of 5 values have leading zeros, such as \"01234\" on line 2, which is read as "
                + "1234; if they are codes, and not quantities, read them as text (--type v=text)")
        #expect(try finding(codes, target: true)?.kind == "code-as-number")
    }

    @Test("Two spellings of one number are one value")
    func merged() throws {
        #expect(try column(["007", "7", "12"]).spelling?.merged == .init(first: "007", second: "7"))
        #expect(try column(["07", "7", "12"]).spelling?.merged == .init(first: "07", second: "7"))
        #expect(try column(["7", "07"]).spelling?.merged == .init(first: "07", second: "7"))
        let exponents = try #require(try column(["1E2", "10E1", "3E4"]).spelling)
        #expect(exponents.kind == .exponent && exponents.merged == .init(first: "1E2", second: "10E1"))
        #expect(try finding(["1E2", "10E1", "3E4"])?.text.contains("\"1E2\" and \"10E1\" are one value") == true)
        let versions = try #require(try column(["1.1", "1.10", "1.9", "2.0"]).spelling)
        #expect(versions.kind == .trailingZeros && versions.merged == .init(first: "1.10", second: "1.1"))
    }

    @Test("An exponent among whole numbers is a code that a spreadsheet made a number of")
    func exponents() throws {
        let spelling = try #require(try column(["1042", "12E3", "2210", "7"]).spelling)
        #expect(spelling.kind == .exponent && spelling.count == 1 && spelling.example == "12E3" && spelling.line == 3)
        #expect(spelling.value == 12_000)
    }

    @Test("Points that may separate thousands")
    func thousands() throws {
        let spelling = try #require(try column(["1.234", "999", "12.500", "50", "7.001"]).spelling)
        #expect(spelling.kind == .thousands && spelling.count == 3 && spelling.total == 5)
        let text = try #require(try finding(["1.234", "999", "12.500", "50", "7.001"])).text
        #expect(text.contains("if the point separates thousands, write 1234 for \"1.234\""), "\(text)")
    }

    @Test("Telephone numbers")
    func telephones() throws {
        let spelling = try #require(try column(["+49301234567", "+4989765432"]).spelling)
        #expect(spelling.kind == .plus && spelling.count == 2)
    }

    @Test(
        "Quantities raise no doubt",
        arguments: [
            ["0", "1", "255"], ["01", "02", "12"], ["5.1", "4.9", "0.25"], ["1.50", "2.25", "3.00"],
            ["1e-05", "2.5e-3", "1e+06"], ["100000", "1e+06"], ["1e3", "2e6"], ["0.123", "1.234", "5"],
            ["1.234", "2.345", "3.456"], ["1.234", "999", "1000", "7.001", "2.002"], ["+5", "-3", "+12"],
            ["-0.5", ".5"],
            ["10", "200", "3000"], ["0.10", "0.25"], ["00", "15", "30", "45"],
        ])
    func quantities(values: [String]) throws {
        #expect(try column(values).spelling == nil, "\(values)")
    }

    @Test("A type that was given raises no doubt, and the bits do not depend on the spelling")
    func bits() throws {
        let (spelled, plain) = (try column(["01234", "007", "1E2", "5"]), try column(["1234", "7", "100", "5"]))
        #expect(spelled.type == .f32 && spelled.canonicalBytes == plain.canonicalBytes)
        #expect(spelled.spelling != nil)
        let forced = try CSVReader(types: ["v": .f64]).read(bytes: Array("v\n007\n7\n".utf8), name: "t")
        #expect(forced.columns[0].spelling == nil)
    }

    @Test("Dates that are read as numbers, of any format")
    func dates() throws {
        let days = ["20240105", "20240131", "20240201", "20231224"]
        let text = try #require(try finding(days)).text
        #expect(text.contains("all values look like dates, such as 20240105"), "\(text)")
        #expect(text.contains("is 1 day and a difference of 70") && text.contains("--ignore v"), "\(text)")
        #expect(try finding(days)?.kind == "date-as-number")
        #expect(
            DateNumbers(
                Column(name: "d", values: .f64([20240105103000, 20240105103001, 20240105103002, 20240106000000])))
                != nil)
        let months = (0..<12).map { Float(202_301 + $0) }
        #expect(DateNumbers(Column(name: "d", values: .f32(months))) != nil)
        for numbers in [
            [20240105, 20240131, 20240232, 20231224], [20240105, 20240105, 20240105, 20240105],
            [202_401, 202_402, 202_403, 202_404], [20240105, 20240131, 5, 20231224],
            [12345678, 20240105, 20240106, 20240107],
        ] as [[Double]] {
            #expect(DateNumbers(Column(name: "d", values: .f64(numbers))) == nil, "\(numbers)")
        }
    }

    @Test("A long column of codes is counted in full")
    func long() throws {
        let seed = testSeed()
        var random = SplitMix64(seed)
        var zeros = 0
        let values = (0..<5000).map { _ -> String in
            let number = Int.random(in: 0..<100_000, using: &random)
            let text = String(repeating: "0", count: max(0, 5 - String(number).count)) + String(number)
            if text.hasPrefix("0") { zeros += 1 }
            return text
        }
        let spelling = try #require(column(values).spelling)
        #expect(spelling.count == zeros && spelling.total == 5000 && spelling.merged == nil, "seed \(seed)")
    }
}
