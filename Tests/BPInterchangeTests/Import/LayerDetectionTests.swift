import BPData
import BPTraining
import TestSupport
import Testing

@testable import BPInterchange

/// Files of other programs, made byte by byte as they make them.
@Suite struct LayerDetectionTests {
    private let scratch = ScratchDirectory()
    private let ends = LayerDetection.Ends(inputs: 4, outputs: [3])

    /// 4 → 5 → 3 in canonical order, and its parts.
    private static let parameters = Fixture.floats(5 * 4 + 5 + 3 * 5 + 3)
    private static let first = Array(parameters[..<20])
    private static let firstBias = Array(parameters[20..<25])
    private static let second = Array(parameters[25..<40])
    private static let secondBias = Array(parameters[40...])

    private static func transposed(_ values: [Float], rows: Int) -> [Float] {
        let columns = values.count / rows
        return (0..<values.count).map { values[$0 % rows * columns + $0 / rows] }
    }

    private typealias Part = (name: String, shape: [Int], values: [Float])

    private func file(_ parts: [Part], texts: [String: String] = [:]) throws -> TensorFile {
        let header = try SafetensorsHeader(
            metadata: texts, tensors: parts.map { ($0.name, .f32, $0.shape) }, file: "t")
        let bytes = parts.reduce(into: header.encoded()) { $0 += LittleEndian.bytes($1.values) }
        scratch.files.write(bytes, to: "t.safetensors")
        return try TensorFile(scratch.file("t.safetensors"))
    }

    /// The two layers under these names, as [n_out, n_in] or [n_in, n_out].
    private func parts(
        _ weights: (String, String), _ biases: (String, String), _ orientation: WeightOrientation
    ) -> [Part] {
        let isOut = orientation == .outIn
        return [
            (weights.1, isOut ? [3, 5] : [5, 3], isOut ? Self.second : Self.transposed(Self.second, rows: 3)),
            (weights.0, isOut ? [5, 4] : [4, 5], isOut ? Self.first : Self.transposed(Self.first, rows: 5)),
            (biases.1, [3], Self.secondBias), (biases.0, [5], Self.firstBias),
        ]
    }

    @Test(arguments: [
        (("fc1.weight", "fc2.weight"), ("fc1.bias", "fc2.bias"), WeightOrientation.outIn),
        (("0.weight", "2.weight"), ("0.bias", "2.bias"), .outIn),
        (("hidden.weight", "out.weight"), ("hidden.bias", "out.bias"), .outIn),
        (("dense/kernel:0", "dense_1/kernel:0"), ("dense/bias:0", "dense_1/bias:0"), .inOut),
        (("layers/dense/vars/0", "layers/dense_1/vars/0"), ("layers/dense/vars/1", "layers/dense_1/vars/1"), .inOut),
        (("coefs_0", "coefs_1"), ("intercepts_0", "intercepts_1"), .inOut),
        (("arr_0", "arr_2"), ("arr_1", "arr_3"), .inOut), (("W1", "W2"), ("b1", "b2"), .outIn),
    ])
    func namesAndShapes(
        weights: (String, String), biases: (String, String), orientation: WeightOrientation
    ) throws {
        let found = try LayerDetection(file(parts(weights, biases, orientation)), ends: ends)
        #expect(found.layers.sizes.map { [$0.inputs, $0.outputs] } == [[4, 5], [5, 3]])
        #expect(found.layers.parameters == Self.parameters)
        #expect(found.notes.isEmpty)
    }

    @Test func theOtherWayRoundIsTakenWhereOnlyThatFitsAndSaid() throws {
        let found = try LayerDetection(
            file(parts(("fc1.weight", "fc2.weight"), ("fc1.bias", "fc2.bias"), .inOut)), ends: ends)
        #expect(found.layers.parameters == Self.parameters)
        #expect(found.notes.count == 1 && found.notes[0].contains("[n_in, n_out]"))
    }

    @Test func squareWeightsWithoutAKnownNameAreAsked() throws {
        let square: [Part] = [("arr_0", [4, 4], Fixture.floats(16)), ("arr_1", [4], Fixture.floats(4))]
        let file = try file(square)
        let ends = LayerDetection.Ends(inputs: 4, outputs: [4])
        #expect {
            try LayerDetection(file, ends: ends)
        } throws: {
            if case ImportError.ambiguousOrientation = $0 { true } else { false }
        }
        let (straight, turned) = (
            try LayerDetection(file, ends: ends, orientation: .outIn),
            try LayerDetection(file, ends: ends, orientation: .inOut)
        )
        #expect(Array(straight.layers.parameters.prefix(16)) == square[0].values)
        #expect(Array(turned.layers.parameters.prefix(16)) == Self.transposed(square[0].values, rows: 4))
        // PyTorch's names say it.
        let named = try self.file([("fc.weight", [4, 4], square[0].values)])
        #expect(try Array(LayerDetection(named, ends: ends).layers.parameters.prefix(16)) == square[0].values)
    }

    @Test func layersThatFitInSeveralOrdersAreAsked() throws {
        let parts: [Part] = ["in", "mid", "other", "out"].map {
            let shape = $0 == "in" ? [5, 4] : $0 == "out" ? [3, 5] : [5, 5]
            return ("\($0).weight", shape, Fixture.floats(shape[0] * shape[1]))
        }
        let file = try file(parts)
        #expect {
            try LayerDetection(file, ends: ends)
        } throws: {
            if case ImportError.ambiguousOrder(_, let layers) = $0 { layers.count == 4 } else { false }
        }
        let order = ["in", "other", "mid", "out"]
        let found = try LayerDetection(file, ends: ends, order: order)
        #expect(found.names == order)
        #expect(found.notes.filter { $0.contains("has no bias") }.count == 4)
        let some = try LayerDetection(file, ends: ends, order: ["in", "mid", "out"])
        #expect(some.names == ["in", "mid", "out"] && some.notes.contains("left out: other.weight [5, 5]"))
        for wrong in [["in", "out", "mid"], ["in", "mid", "mid", "out"], ["in", "mid", "other", "exit"]] {
            #expect(throws: ImportError.self) { try LayerDetection(file, ends: ends, order: wrong) }
        }
    }

    @Test func whatDoesNotFitIsRefusedWithTheShapes() throws {
        let file = try file(parts(("fc1.weight", "fc2.weight"), ("fc1.bias", "fc2.bias"), .outIn))
        for ends in [LayerDetection.Ends(inputs: 3, outputs: [3]), .init(inputs: 4, outputs: [2, 1])] {
            #expect {
                try LayerDetection(file, ends: ends)
            } throws: {
                "\($0)".contains("fc1 5×4, fc2 3×5")
            }
        }
    }

    @Test func whatIsNoDenseLayerIsRefused() throws {
        let layers = parts(("fc1.weight", "fc2.weight"), ("fc1.bias", "fc2.bias"), .outIn)
        let cases: [(part: Part, expected: String)] = [
            (("conv.weight", [1, 1, 2, 2], [1, 2, 3, 4]), "conv.weight"), (("bn.bias", [2], [1, 2]), "bn.bias"),
            (("bn.running_mean", [2], [1, 2]), "bn.running_mean"), (("fc3.weight", [0, 3], []), "has no values"),
            (("fc3.weight", [1, 3], [1, .infinity, 0]), "value 1 of fc3.weight"),
            (("fc3.weight", [1, 3], [1, 2, .nan]), "value 2 of fc3.weight"),
        ]
        for (part, expected) in cases {
            let file = try file(layers + [part])
            #expect {
                try LayerDetection(file, ends: ends)
            } throws: {
                "\($0)".contains(expected)
            }
        }
        #expect(throws: FormatError.self) { try LayerDetection(file([]), ends: ends) }
    }

    /// A state_dict with an exponential moving average, a LayerNorm and counters beside the layers: pytorch 3805.
    @Test func layersThatAreNamedAreTakenAndTheRestIsReported() throws {
        let layers = parts(("fc1.weight", "fc2.weight"), ("fc1.bias", "fc2.bias"), .outIn)
        let copies = parts(
            ("ema.fc1.weight", "ema.fc2.weight"), ("ema.fc1.bias", "ema.fc2.bias"), .outIn
        ).map { (name: $0.name, shape: $0.shape, values: $0.values.map { -$0 }) }
        let norm: [Part] = [
            ("norm.weight", [5], Fixture.floats(5)), ("norm.bias", [5], Fixture.floats(5)), ("steps", [], [7]),
            ("broken.weight", [2, 2], [1, 2, 3, .nan]),
        ]
        for more in [norm, copies, copies + norm] {
            let file = try file(more + layers)
            #expect {
                try LayerDetection(file, ends: ends)
            } throws: {
                if case ImportError.moreThanLayers(_, _, let names) = $0 {
                    names == ["fc1", "fc2"] || names == ["ema.fc1", "ema.fc2"]
                } else {
                    false
                }
            }
            let found = try LayerDetection(file, ends: ends, order: ["fc1", "fc2"])
            #expect(found.layers.parameters == Self.parameters)
            let note = try #require(found.notes.first { $0.hasPrefix("left out: ") })
            for part in more { #expect(note.contains("\(part.name) \(part.shape)"), "\(note)") }
            #expect(throws: (any Error).self) { try LayerDetection(file, ends: ends, order: ["fc1", "broken"]) }
        }
        let copied = try LayerDetection(file(layers + copies), ends: ends, order: ["ema.fc1", "ema.fc2"])
        #expect(copied.layers.parameters == Self.parameters.map { -$0 })
    }

    @Test func scalesOfTheFileAreTaken() throws {
        let layers = parts(("layer1.weight", "layer2.weight"), ("layer1.bias", "layer2.bias"), .outIn)
        let scales: [Part] = [("input.mean", [4], [1, 2, 3, 4]), ("input.deviation", [4], [1, 0, 2, 4])]
        let found = try LayerDetection(file(layers + scales), ends: ends)
        #expect(found.layers.inputScales?.map(\.deviation) == [1, 0, 2, 4])
        #expect(found.layers.inputScales?.map(\.mean) == [1, 2, 3, 4])
        let cases: [[Part]] = [
            [scales[0]], [("input.mean", [3], [1, 2, 3]), scales[1]],
            [scales[0], ("input.deviation", [4], [1, -1, 2, 4])],
        ]
        for wrong in cases {
            #expect(throws: FormatError.self) { try LayerDetection(file(layers + wrong), ends: ends) }
        }
    }

    @Test func anExportComesBackAsItWas() throws {
        for model in [try Fixture.classes(), try Fixture.classes(hasSingleOutput: true), try Fixture.numbers()] {
            for format in [ExportFormat.safetensors, .npz] {
                let path = scratch.file("export.\(format.rawValue)")
                let file = try AtomicFile(path, replace: true)
                try Fixture.exported(model).write(format, to: file)
                try file.finish()
                let tensors = try TensorFile(path)
                #expect(tensors.format == format)
                let back = try #require(try ExportedWeights.model(of: tensors)).model
                #expect(back.parameters.map(\.bitPattern) == model.parameters.map(\.bitPattern))
                #expect(back.encoding == model.encoding && back.network == model.network && back.loss == model.loss)
            }
        }
    }

    @Test func anExportWithOtherTensorsThanItTellsIsRefused() throws {
        let model = try Fixture.numbers()
        let layer: [Part] = [("layer1.weight", [1, 2], [1, 2]), ("layer1.bias", [1], [3])]
        let changed = try TrainedModel(
            network: model.network, loss: model.loss, encoding: model.encoding, parameters: [1, 2, 3]
        ).weightsSHA256.hex
        let text = [
            "bpreg.model": model.descriptionJSON.serialized, "bpreg.weights": #"{"sha256":"\#(changed)"}"#,
        ]
        let cases: [[Part]] = [
            [("layer1.weight", [1, 2], [1, 2])], [("layer1.weight", [2, 1], [1, 2]), ("layer1.bias", [1], [3])],
            [("layer1.weight", [1, 2], [1, .nan]), ("layer1.bias", [1], [3])],
        ]
        for parts in cases {
            let file = try file(parts, texts: text)
            #expect(throws: FormatError.self) { try ExportedWeights.model(of: file) }
        }
        #expect(try ExportedWeights.model(of: file(layer, texts: text)) != nil)
        for scale: Part in [("input.mean", [2], [.nan, 0]), ("output.mean", [1], [77]), ("input.deviation", [1], [1])] {
            let file = try file(layer + [scale], texts: text)
            #expect(throws: FormatError.self) { try ExportedWeights.model(of: file) }
        }
        let other = try file([], texts: ["bpreg.model": "{}"])
        #expect(throws: FormatError.self) { try ExportedWeights.model(of: other) }
    }
}
