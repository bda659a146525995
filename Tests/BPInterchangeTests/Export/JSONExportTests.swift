import BPJSON
import BPTraining
import Testing

@testable import BPInterchange

@Suite struct JSONExportTests {
    @Test func itHoldsEveryParameterToTheBit() throws {
        let model = try Fixture.classes()
        let text = JSONExport(exported: Fixture.exported(model)).text
        let json = try JSONValue(parsing: text)
        var found: [Float] = []
        for layer in json["layers"]?.array ?? [] {
            let rows = layer["weight"]?.array ?? []
            #expect(rows.count == layer["n_out"]?.int)
            for row in rows { #expect(row.array?.count == layer["n_in"]?.int) }
            found += (rows.flatMap { $0.array ?? [] } + (layer["bias"]?.array ?? [])).compactMap {
                $0.number.map { Float($0) }
            }
        }
        #expect(found.map(\.bitPattern) == model.parameters.map(\.bitPattern))
        #expect(json["classes"] == ["a", "b"])
        #expect(text.contains(model.descriptionJSON.serialized))
    }

    @Test func aRegressionSaysHowItsOutputIsScaled() throws {
        let json = try JSONValue(parsing: JSONExport(exported: Fixture.exported(try Fixture.numbers())).text)
        #expect(json["output"]?["mean"]?.number == 100)
        #expect(json["output"]?["deviation"]?.number == 20)
        #expect(json["task"] == "regression")
        #expect(json["classes"] == nil)
    }

    @Test func aFormatIsToldByTheName() {
        #expect(ExportFormat(path: "a/b.c/model.ONNX") == .onnx)
        #expect(ExportFormat(path: "model") == nil)
        #expect(ExportFormat(path: "model.pt") == nil)
    }
}
