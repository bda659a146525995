import Foundation
import TestSupport
import Testing

@testable import BPData

/// What is understood of a file, with and without faults.
@Suite struct TableSurveyTests {
    private let folder = ScratchDirectory(inMemory: false)

    private func survey(
        _ text: String, types: [String: ColumnType] = [:], _ choices: TableSurvey.Choices = .init()
    ) throws -> TableSurvey {
        let path = folder.path + "/data.csv"
        try Data(text.utf8).write(to: URL(filePath: path))
        return try TableReader(types: types).survey(path: path, choices)
    }

    @Test func aSoundTable() throws {
        let found = try survey(
            "id;size;half;kind\n"
                + (0..<12).map { "\($0);\(Double($0 % 5) / 10);\(Double($0 % 3) - 0.5);\($0 % 2 == 0 ? "u" : "v")\n" }
                .joined())
        #expect(found.format == .csv && found.separator == "semicolons" && found.rowCount == 12)
        #expect(found.columns.map(\.type) == [.u8, .f64, .f32, .text])
        #expect(
            found.columns.map(\.reason) == [
                "11: whole, 0…255", "0.1 needs float64", "-0.5 is not whole", "\"u\": no number",
            ])
        #expect(found.columns.map(\.range) == [0...11, 0...0.4, -0.5...1.5, nil])
        #expect(found.columns.map(\.distinct.count) == [12, 5, 3, 2])
        #expect(found.columns.map(\.role) == [.feature, .feature, .feature, .target])
        #expect(found.target.name == "kind" && found.target.reason == "kind is the last column")
        #expect(found.task?.task == .classification && found.classes?.rows == [6, 6])
        #expect(found.findings.map(\.kind) == ["row-number"] && found.obstacles == [])
    }

    @Test("Every column with a fault is surveyed, and so are the others")
    func faults() throws {
        var text = "age,ticket,cabin,x,y\n"
        for row in 0..<20 {
            text +=
                "\(row % 4 == 1 ? "" : row == 2 ? "NA" : "\(20 + row)"),"
                + "\(row % 3 == 0 ? "PC \(row)" : "\(row)"),\(row % 2 == 0 ? "" : "C\(row)"),\(row * row % 7).5,\(row % 2)\n"
        }
        let found = try survey(text)
        #expect(found.rowCount == 20)
        #expect(found.columns.map(\.type) == [nil, nil, nil, .f32, .u8])
        #expect(found.columns.map(\.missing) == [6, 0, 10, 0, 0])
        #expect(found.columns.map(\.example) == ["20", "1", "C1", "0.5", "0"])
        #expect(found.columns[0].range == 20...39 && found.columns[1].range == 1...19)
        #expect(found.columns[0].distinct.count == 14 && found.columns[2].distinct.count == 10)
        #expect(found.task?.task == .classification)
        #expect(found.obstacles.count == 3 && found.obstacles.allSatisfy { $0.contains("--ignore") })
        #expect(found.obstacles[1].contains("--type ticket=text"))

        let ignoring = try survey(text, .init(target: "y", ignored: ["age", "ticket", "cabin"]))
        #expect(ignoring.obstacles == [] && ignoring.task != nil)
        #expect(ignoring.columns.map(\.role) == [.ignored, .ignored, .ignored, .feature, .target])

        let asText = try survey(text, types: ["ticket": .text], .init(target: "y"))
        #expect(asText.columns[1].type == .text && asText.columns[1].reason == "forced by --type")
        #expect(asText.obstacles.count == 2)
    }

    @Test("What a word among numbers looks like is told")
    func dressedFaults() throws {
        let rare = try survey("x,y\n900,a\n950,b\n\"1,000\",a\n980,b\n")
        #expect(
            rare.columns[0].fault?.contains("numbers with thousands separators, which is written 1000 (line 4)") == true
        )
        let most = try survey("x,y\n900,a\n\"1,950\",b\n\"1,000\",a\n\"1,980\",b\n")
        #expect(
            most.columns[0].fault?.contains("\"1,950\" looks like one of numbers with thousands separators") == true)
    }

    @Test("Ends of a range that no Double holds are not shown")
    func inexactRange() throws {
        let ids = try survey("id,y\n9007199254740992,a\n9007199254740993,b\n")
        #expect(ids.columns[0].fault != nil && ids.columns[0].range == nil && ids.columns[0].distinct.count == 2)
        #expect(ids.obstacles[0].contains("--type id=text"))
    }

    @Test("Features that training refuses or that teach nothing are named")
    func uselessFeatures() throws {
        var text = "day,same,kind,y\n"
        for row in 0..<1200 {
            text += "\(2000 + row / 365)-\(1 + row % 365 / 31)-\(1 + row % 31),7,\(row % 7 / 3),\(row / 5 % 2)\n"
        }
        let found = try survey(text)
        #expect(
            found.columns[0].fault?.hasPrefix("has more than 1,000 different texts, too many for one input each; ")
                == true)
        #expect(found.columns[0].fault?.contains("dates, such as \"2000-1-1\"") == true)
        #expect(found.findings == [.constant(column: "same")] && found.task != nil)
        #expect(try survey("x,y\n1,a\n1,b\n1,a\n").obstacles == ["no feature column varies"])
    }

    @Test("A header of numbers is doubted")
    func headers() throws {
        #expect(try table("5,3,1\n4,2,0\n").notes == ["columns are called 5, 3, 1: is the first line a header?"])
        #expect(try table("2019,2020,2021\n4,2,0\n").notes == [] && table("1,x\n4,y\n").notes == [])
        #expect(
            try failure(reading: "1,0,1\n4,2,0\n").message.hasSuffix("columns 1 and 3: is the first line a header?"))
    }

    @Test("A target with faults is named, and no task is made of it")
    func aFaultyTarget() throws {
        let found = try survey("x,y\n1,a\n2,\n3,b\n4,a\n")
        #expect(found.target.name == "y" && found.task == nil && found.classes == nil)
        #expect(found.obstacles.count == 1 && found.obstacles[0].hasPrefix("y: "))
    }

    @Test func aTargetThatIsRefused() throws {
        let found = try survey("x,y\n" + (0..<30).map { "\($0 % 7),\($0).5%\n" }.joined())
        #expect(found.target.name == "y" && found.task == nil)
        #expect(found.obstacles.count == 1 && found.obstacles[0].contains("30 classes"))
        #expect(found.findings.map(\.kind) == ["number-as-text"])
    }

    @Test("Types are those that a reading finds, of any table that can be read")
    func typesOfAnyTable() throws {
        var chance = Chance()
        let fields: [() -> String] = [
            { "1" }, { "255" }, { "256" }, { "-1" }, { "0.5" }, { "0.1" }, { "1e3" }, { "a" }, { "NA" }, { "" },
            { "inf" },
        ]
        for _ in 0..<300 {
            let width = chance.integer(1...4)
            let kinds = (0..<width).map { _ in (0..<chance.integer(1...3)).map { _ in chance.pick(fields)() } }
            var text = (0..<width).map { "c\($0)" }.joined(separator: ",") + ",last\n"
            for row in 0..<chance.integer(2...6) {
                text += kinds.map { chance.pick($0) }.joined(separator: ",") + ",\(row)\n"
            }
            let found = try survey(text)
            let read = try? table(text)
            if let read {
                #expect(found.columns.map(\.type) == read.types, "\(text) (seed \(chance.seed))")
            } else {
                #expect(found.columns.contains { $0.fault != nil }, "\(text) (seed \(chance.seed))")
                for column in found.columns where column.fault == nil && column.name != "last" {
                    let index = try #require(Int(column.name.dropFirst()))
                    let alone = text.split(separator: "\n").map {
                        String($0.split(separator: ",", omittingEmptySubsequences: false)[index])
                    }
                    if !alone.contains("") {
                        #expect(try table(alone.joined(separator: "\n") + "\n").types == [column.type], "\(text)")
                    }
                }
            }
        }
    }

    @Test("What makes no table at all is an error, as is a column that is not there")
    func errors() throws {
        #expect(try failure { try survey("a,b\n1\n") }.kind == .malformed)
        #expect(try failure { try survey("a,b\n1,2\n", .init(target: "c")) }.kind == .unknownColumn)
        #expect(try failure { try survey("a,b\n1,2\n", .init(ignored: ["c"])) }.kind == .unknownColumn)
        #expect(try failure { try survey("a,b\n1,\n", .init(ignored: ["c"])) }.kind == .unknownColumn)
    }
}
