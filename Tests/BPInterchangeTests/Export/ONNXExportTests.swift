import BPCore
import BPData
import BPJSON
import BPTraining
import Testing

@testable import BPInterchange

@Suite struct ONNXExportTests {
    /// Rows of x, same, shape for `Fixture.classes`, and what the inputs of the graph are for them.
    private static let rows = [(1.5, 7.0, "round"), (2.75, 9.0, "square"), (-40, 0, "round")]

    private static func table() throws -> Table {
        try Table(
            name: "rows",
            columns: [
                Column(name: "x", values: .f64(rows.map(\.0))), Column(name: "same", values: .f64(rows.map(\.1))),
                Column(name: "shape", values: .text(try TextValues(rows.map(\.2)))),
            ])
    }

    private static func inputs(_ row: (Double, Double, String)) -> [Double] {
        [row.0, row.1, row.2 == "round" ? 1 : 0, row.2 == "square" ? 1 : 0]
    }

    @Test(arguments: [false, true]) func theGraphPredictsTheSameClasses(hasSingleOutput: Bool) throws {
        let model = try Fixture.classes(hasSingleOutput: hasSingleOutput)
        let predictions = try model.predict(Self.table())
        let graph = ONNXReader(ONNXExport(exported: Fixture.exported(model)).bytes)
        #expect(graph.inputs == ["input"])
        #expect(graph.outputs == ["probabilities", "label"])
        for (index, row) in Self.rows.enumerated() {
            let found = graph.compute(Self.inputs(row))
            #expect(found["label"] == [Double(predictions.classes[index])])
            let own = predictions.probabilities[2 * index..<2 * index + 2]
            for (a, b) in zip(own, found["probabilities"] ?? []) { #expect(abs(Double(a) - b) < 1e-6) }
            #expect(found["probabilities"]?.count == 2)
        }
    }

    @Test func theGraphPredictsTheSameNumbers() throws {
        let model = try Fixture.numbers()
        let table = try Table(
            name: "rows",
            columns: [
                Column(name: "x", values: .f64([1, 2.5, 8])), Column(name: "y", values: .f64([0, -7, 2])),
            ])
        let own = try model.predict(table).numbers
        let graph = ONNXReader(ONNXExport(exported: Fixture.exported(model)).bytes)
        #expect(graph.outputs == ["prediction"])
        for (index, row) in [[1.0, 0], [2.5, -7], [8, 2]].enumerated() {
            let found = graph.compute(row)["prediction"] ?? []
            #expect(found.count == 1 && abs(found[0] - own[index]) < 1e-4 * max(1, abs(own[index])))
        }
    }

    /// Unix seconds within a day, which float32 keeps to 128 seconds: onnxruntime 4130.
    @Test(arguments: [false, true]) func numbersFarFromZeroKeepTheirPrecision(isRegression: Bool) throws {
        let network = try Network(inputs: 1, layers: [(8, .tanh), isRegression ? (1, .identity) : (2, .softmax)])
        let seconds = Scale(mean: 1_700_043_136, deviation: 25_000)
        let model = try TrainedModel(
            network: network, loss: .halfSquaredError,
            encoding: Encoding(
                features: [.number(name: "time", scale: seconds)],
                target: isRegression
                    ? .number(name: "later", scale: seconds)
                    : .classes(name: "open", .texts(["no", "yes"]), hasSingleOutput: false)),
            parameters: Fixture.floats(network.parameterCount).map { 4 * $0 })
        let exported = Fixture.exported(model)
        let graph = ONNXReader(ONNXExport(exported: exported).bytes)
        #expect(graph.types["input"] == 11)
        #expect(graph.types[isRegression ? "prediction" : "probabilities"] == (isRegression ? 11 : 1))
        let times = (0..<50).map { 1_700_000_000.25 + Double($0) * 1_727 }
        let own = try model.predict(Table(name: "t", columns: [Column(name: "time", values: .f64(times))]))
        for (row, time) in times.enumerated() {
            let found = graph.compute([time])
            if isRegression {
                #expect(abs((found["prediction"] ?? [])[0] - own.numbers[row]) < 0.05, "in seconds")
            } else {
                let found = found["probabilities"] ?? []
                #expect(abs(found[1] - Double(own.probabilities[2 * row + 1])) < 1e-6)
            }
        }
        #expect(exported.notes(.onnx).first?.contains("float64") == true)
        // A reader of the texts in Double, as Python is, gets the mean that bpreg has.
        let inputs = try JSONValue(parsing: exported.metadata.first { $0.name == "inputs" }?.text ?? "").array ?? []
        #expect(inputs.first?["mean"]?.number == 1_700_043_136)
        let json = try JSONValue(parsing: JSONExport(exported: exported).text)
        #expect(json["inputs"]?.array?.first?["mean"]?.number == 1_700_043_136)
        if isRegression { #expect(json["output"]?["mean"]?.number == 1_700_043_136) }
    }

    @Test func numbersNearZeroStayFloat32() throws {
        let graph = ONNXReader(ONNXExport(exported: Fixture.exported(try Fixture.numbers())).bytes)
        #expect(graph.types == ["input": 1, "prediction": 1])
        #expect(Fixture.exported(try Fixture.numbers()).notes(.onnx).isEmpty)
    }

    @Test func everyActivationHasItsOperator() throws {
        let operators: [Activation: String?] = [
            .identity: nil, .sigmoid: "Sigmoid", .tanh: "Tanh", .relu: "Relu", .softmax: "Softmax",
        ]
        for activation in Activation.allCases {
            let network = try Network(inputs: 1, layers: [(2, activation)])
            let model = try TrainedModel(
                network: network, loss: .halfSquaredError,
                encoding: Encoding(
                    features: [.number(name: "x", scale: Scale(mean: 0, deviation: 1))],
                    target: .classes(name: "k", .texts(["a", "b"]), hasSingleOutput: false)),
                parameters: Fixture.floats(network.parameterCount))
            let nodes = ONNXReader(ONNXExport(exported: Fixture.exported(model)).bytes).nodes.map(\.operation)
            let expected = ["Gemm"] + [operators[activation] ?? nil].compactMap { $0 } + ["Identity", "ArgMax"]
            #expect(nodes == expected)
        }
    }

    @Test func metadataNameInputsAndClasses() throws {
        let model = try Fixture.classes()
        let metadata = ONNXReader(ONNXExport(exported: Fixture.exported(model)).bytes).metadata
        #expect(metadata["classes"] == #"["a","b"]"#)
        #expect(metadata["target"] == "kind")
        let inputs = try JSONValue(parsing: metadata["inputs"] ?? "").array ?? []
        #expect(inputs.map { $0["name"]?.string } == ["x", "same", "shape", "shape"])
        #expect(inputs.map { $0["category"]?.string } == [nil, nil, "round", "square"])
        #expect(metadata["bpreg.model"] == model.descriptionJSON.serialized)
    }
}
