import BPData
import Testing

@Suite struct EncodingFitTests {
    private let text = "size,kind,y\n1,b,u\n2,a,v\n3,b,u\n4,é,v\n"

    private func fit(
        _ text: String, _ task: LearningTask = .classification, rows: [Int]? = nil, features: [String]? = nil,
        single: Bool = false, types: [String: ColumnType] = [:]
    ) throws -> FittedEncoding {
        let read = try table(text, types: types)
        return try Encoding.fit(
            read, target: "y", task: task, rows: rows ?? Array(0..<read.rowCount), features: features,
            hasSingleOutput: single)
    }

    @Test func featuresAndTargetOfEachKind() throws {
        let fitted = try fit(text)
        let deviation = Float((5.0 / 4).squareRoot())
        #expect(
            fitted.encoding.features == [
                .number(name: "size", scale: Scale(mean: 2.5, deviation: deviation)),
                .categories(name: "kind", ["a", "b", "é"]),
            ])
        #expect(fitted.encoding.target == .classes(name: "y", .texts(["u", "v"]), hasSingleOutput: false))
        #expect(fitted.encoding.inputWidth == 4)
        #expect(fitted.encoding.outputWidth == 2)
        #expect(fitted.encoding.task == .classification)
        #expect(fitted.warnings.isEmpty)
    }

    @Test func onlyTrainingRowsCount() throws {
        let encoding = try fit(text, rows: [0, 1]).encoding
        #expect(
            encoding.features == [
                .number(name: "size", scale: Scale(mean: 1.5, deviation: 0.5)), .categories(name: "kind", ["a", "b"]),
            ])
    }

    @Test func classesSortAsNumbersOrAsBytes() throws {
        #expect(try fit("x,y\n1,10\n2,9\n3,-1\n").encoding.classes == .numbers([-1, 9, 10]))
        #expect(try fit("x,y\n1,10\n2,9\n3,-1\n").encoding.classes?.names == ["-1", "9", "10"])
        #expect(
            try fit("x,y\n1,b\n2,Z\n3,é\n4,e\u{301}\n").encoding.classes?.names.map { Array($0.utf8) }
                == ["Z", "b", "e\u{301}", "é"].map { Array($0.utf8) })
        #expect(try fit("x,y\n1,10\n2,9\n", types: ["y": .text]).encoding.classes == .texts(["10", "9"]))
    }

    @Test func aRegressionScalesItsTarget() throws {
        let encoding = try fit("x,y\n1,10\n2,20.5\n", .regression).encoding
        #expect(encoding.target == .number(name: "y", scale: Scale(mean: 15.25, deviation: 5.25)))
        #expect(encoding.outputWidth == 1)
        #expect(encoding.classes == nil)
    }

    /// m and s against a straightforward Double computation, on numbers of all sizes that float32 can hold.
    @Test func scalesAgreeWithTheDefinition() throws {
        var chance = Chance()
        for _ in 0..<100 {
            let size = chance.pick([1e-30, 1e-3, 1, 1e6, 1e30])
            let values = (0..<chance.integer(2...50)).map { _ in Double(chance.integer(-9999...9999)) * size }
            let table = try Table(
                name: "t", columns: [Column(name: "x", values: .f64(values)), Column(name: "y", values: .f64(values))])
            guard Set(values).count > 1 else { continue }
            let encoding = try Encoding.fit(table, target: "y", task: .regression, rows: Array(values.indices)).encoding
            let mean = values.reduce(0, +) / Double(values.count)
            let variance = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(values.count)
            let scale = Scale(mean: Float(mean), deviation: Float(variance.squareRoot()))
            #expect(encoding.features == [.number(name: "x", scale: scale)], "seed \(chance.seed)")
        }
    }

    @Test func constantFeaturesAreSaidAndScaleToZero() throws {
        let fitted = try fit("a,b,c,y\n0.1,1,k,u\n0.1,2,k,v\n0.1,3,k,v\n")
        #expect(fitted.encoding.features[0] == .number(name: "a", scale: Scale(mean: 0.1, deviation: 0)))
        #expect(
            fitted.warnings == [
                "constant in the training rows, scaled to 0: a",
                "one category only in the training rows: c",
            ])
        let narrow = try fit("t,y\n1000001,u\n1000002,v\n")
        #expect(narrow.warnings.count == 1)
        #expect(narrow.warnings[0].hasSuffix("(subtract an offset to keep its digits): t"))
        let off = try fit("t,y\n1700000000001,u\n1700000000002,v\n")
        #expect(off.warnings.count == 1 && off.warnings[0].hasSuffix("subtract an offset from its values: t"))
    }

    @Test func chosenFeatures() throws {
        #expect(try fit(text, features: ["kind"]).encoding.features.map(\.name) == ["kind"])
        #expect(
            try failure { try fit(text, features: ["knd"]) }.message.hasPrefix(
                "there is no feature \"knd\" (did you mean kind?)"))
        #expect(try failure { try fit(text, features: ["y"]) }.message == "the target cannot be a feature")
        #expect(try failure { try fit(text, features: ["kind", "kind"]) }.message == "the feature is named twice")
        #expect(
            try failure { try fit(text, features: []) }.message == "there is no column to learn from beside the target")
    }

    @Test func whatCannotBeFitted() throws {
        func message(_ text: String, _ task: LearningTask = .classification, rows: [Int]? = nil, single: Bool = false)
            throws -> String
        {
            try failure { try fit(text, task, rows: rows, single: single) }.message
        }
        #expect(try message("y\nu\nv\n") == "there is no column to learn from beside the target")
        #expect(try message("x,y\n1,u\n1,v\n") == "no feature column varies in the training rows")
        #expect(try message("x,y\n1,u\n2,v\n", rows: [0]) == "1 row for training; at least 2 are needed")
        #expect(try message("x,y\n1,u\n2,u\n3,v\n", rows: [0, 1]) == "the training rows have one class only, \"u\"")
        #expect(
            try message("x,y\n1,5\n2,5\n3,6\n", .regression, rows: [0, 1])
                == "the target is constant in the training rows and varies only in the others")
        // Milliseconds of a few seconds: the float32 of the mean is 131,072 milliseconds from the next.
        #expect(
            try message("x,y\n1,1700000000000\n2,1700000000005\n3,1700000000009\n", .regression)
                == "the target varies by so little beside its size that float32 cannot hold its mean; subtract an offset "
                + "from its values")
        #expect(try message("x,y\n1,u\n2,v\n", .regression) == "regression needs numbers")
        #expect(
            try message("x,y\n1,u\n2,v\n3,w\n", single: true)
                == "a single output tells 2 classes apart, and the target has 3")
        #expect(
            try message("x,y\n1e300,u\n2,v\n").hasPrefix(
                "its mean or standard deviation is beyond the range of a float32"))
        let many = "x,y\n" + (0...1000).map { "w\($0),\($0 % 2)\n" }.joined()
        let error = try failure { try fit(many) }
        #expect(error.columnName == "x" && error.columnNumber == 1)
        #expect(error.message.hasPrefix("has more than 1,000 different texts, too many for one input each"))
        #expect(try fit("x,y\n" + (0..<1000).map { "w\($0),\($0 % 2)\n" }.joined()).encoding.inputWidth == 1000)
    }
}
