import BPData
import Testing

@Suite struct LearningTaskTests {
    private func target(_ values: [String], types: [String: ColumnType] = [:]) throws -> Table {
        try table("x,y\n" + values.enumerated().map { "\($0),\($1)\n" }.joined(), types: types)
    }

    @Test func textIsClasses() throws {
        let choice = try target(["u", "v", "u"]).task(forTarget: "y")
        #expect(choice.task == .classification)
        #expect(choice.reason == "treating y as classes: it is text with 2 distinct values")
    }

    @Test func fewWholeNumbersAreClasses() throws {
        for values in [(0..<20).map { "\($0)" }, ["1.0", "-2e0"], ["1000000", "2"]] {
            #expect(try target(values).task(forTarget: "y").task == .classification)
        }
        let choice = try target((0..<20).map { "\($0)" }).task(forTarget: "y")
        #expect(
            choice.reason
                == "treating y as classes: it has only 20 distinct whole numbers (use --task regression to change that)"
        )
    }

    @Test func manyWholeNumbersAreARegression() throws {
        let choice = try target((0..<21).map { "\($0)" }).task(forTarget: "y")
        #expect(choice.task == .regression)
        #expect(
            choice.reason
                == "treating y as a number (regression): it has 21 distinct whole numbers, more than 20 (use --task classification to change that)"
        )
        #expect(
            try target((0..<2000).map { "\($0)" }).task(forTarget: "y").reason.contains(
                "more than 1,000 distinct whole"))
    }

    @Test func fractionsAreARegression() throws {
        let choice = try target(["1", "2.5", "1"]).task(forTarget: "y")
        #expect(choice.task == .regression)
        #expect(
            choice.reason
                == "treating y as a number (regression): it has fractions, such as 2.5 (use --task classification to change that)"
        )
    }

    @Test func theCallerMayWantTheOther() throws {
        let numbers = try target(["1", "2"]).task(forTarget: "y", wanted: .regression)
        #expect(numbers.task == .regression)
        #expect(numbers.reason == "treating y as a number (--task regression): it has 2 distinct values")
        #expect(try target(["1.5", "2", "3"]).task(forTarget: "y", wanted: .classification).task == .classification)
    }

    @Test func whatCannotBeWanted() throws {
        let text = try failure { try target(["u", "v"]).task(forTarget: "y", wanted: .regression) }
        #expect(text.description == "data.csv, line 2, column 2 (y): \"u\" is not a number, and regression needs one")
        let many = try target((0...1000).map { "\($0)" })
        let error = try failure { try many.task(forTarget: "y", wanted: .classification) }
        #expect(error.message == "the target has more than 1,000 distinct values, too many for classes")
        let words = try target((0...1000).map { "w\($0)" })
        #expect(try failure { try words.task(forTarget: "y") }.kind == .unusable)
    }

    @Test func aTargetThatTeachesNothing() throws {
        let one = try failure { try target(["u", "u"]).task(forTarget: "y") }
        #expect(one.description == "data.csv, column 2 (y): the target has one class only, \"u\"")
        #expect(one.value == "u")
        let constant = try failure { try target(["2.5", "2.5"]).task(forTarget: "y") }
        #expect(constant.message == "the target is constant: every value is \"2.5\"")
        #expect(try failure { try target(["0", "-0.0"]).task(forTarget: "y") }.value == "0")
        #expect(try failure { try target(["u"]).task(forTarget: "y") }.message == "one row is too few to learn from")
    }

    @Test func anUnknownTarget() throws {
        let error = try failure { try target(["u", "v"]).task(forTarget: "z") }
        #expect(error.kind == .unknownColumn)
        #expect(error.message == "there is no target \"z\" (did you mean x or y?); the columns are: x, y")
    }
}

@Suite struct OverviewTests {
    @Test func columnsWithTypesAndCounts() throws {
        let overview = try table("id,size,kind\n1,0.5,u\n2,0.5,v\n3,0.25,u\n").overview
        #expect(overview.rowCount == 3)
        #expect(overview.entries.map(\.name) == ["id", "size", "kind"])
        #expect(overview.entries.map(\.type) == [.u8, .f32, .text])
        #expect(overview.entries.map(\.distinct.description) == ["3", "2", "2"])
        #expect(overview.entries.map(\.example) == ["1", "0.5", "u"])
        #expect(overview.likelyTarget == "kind")
        #expect(overview.reason == "kind is the last column")
    }

    @Test func aTellingNameGoesBeforeTheLastColumn() throws {
        let overview = try table("Species,a,quality\nu,1,1\nv,2,2\n").overview
        #expect(overview.likelyTarget == "Species")
        #expect(overview.reason == "Species is a name that targets have")
    }

    @Test func constantColumnsAreNoTargets() throws {
        let overview = try table("a,b,target\n1,1,1\n2,2,1\n").overview
        #expect(overview.likelyTarget == "b")
        #expect(overview.reason == "b is the last column that can be one")
        let none = try table("a\n1\n1\n").overview
        #expect(none.likelyTarget == nil)
        #expect(none.reason == "no column has more than one value")
    }
}
