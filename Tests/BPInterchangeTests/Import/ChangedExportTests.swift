import BPTraining
import Foundation
import TestSupport
import Testing

@testable import BPInterchange

@Suite("An export that was changed is not taken for the exported one")
struct ChangedExportTests {
    private static func bytes(_ format: ExportFormat, _ model: TrainedModel) throws -> [UInt8] {
        let export = TensorExport(exported: ExportedModel(model))
        return try format == .npz ? export.npz(file: "m.npz") : export.safetensors(file: "m.safetensors")
    }

    private static func read(
        _ bytes: [UInt8], _ folder: String, evenIfChanged: Bool = false
    ) throws -> (model: TrainedModel, isChanged: Bool)? {
        let path = "\(folder)/m"
        try Data(bytes).write(to: URL(filePath: path))
        return try ExportedWeights.model(of: TensorFile(path), evenIfChanged: evenIfChanged)
    }

    @Test(
        "a flipped bit is refused, unless it changes nothing of the model", arguments: [ExportFormat.safetensors, .npz])
    func flips(_ format: ExportFormat) throws {
        var random = SplitMix64(testSeed())
        for model in [try Fixture.classes(), try Fixture.classes(hasSingleOutput: true), try Fixture.numbers()] {
            let whole = try ChangedExportTests.bytes(format, model)
            var refused = 0
            try withTemporaryDirectory { folder in
                #expect(try ChangedExportTests.read(whole, folder)?.model.parameters == model.parameters)
                for _ in 0..<400 {
                    var bytes = whole
                    let place = Int(random.next() % UInt64(bytes.count * 8))
                    bytes[place / 8] ^= 1 << (place % 8)
                    do {
                        // What nothing of the model depends on may differ: the version of bpreg, the number of the run.
                        let found = try ChangedExportTests.read(bytes, folder)?.model
                        #expect(
                            found?.parameters.map(\.bitPattern) == model.parameters.map(\.bitPattern), "bit \(place)")
                        #expect(found?.descriptionJSON == model.descriptionJSON, "bit \(place)")
                    } catch is FormatError {
                        refused += 1
                    }
                }
            }
            #expect(refused > 100)
        }
    }

    /// A name that has changed must not count as left out, which means numerics 1.
    @Test("each flipped bit of the numerics version is refused")
    func numerics() throws {
        let whole = try ChangedExportTests.bytes(.safetensors, Fixture.classes())
        let name = Array("numerics".utf8)
        let start = try #require(whole.indices.first { whole[$0...].starts(with: name) })
        let value = try #require(whole[start...].firstIndex { $0 == UInt8(ascii: "2") })
        try withTemporaryDirectory { folder in
            for place in Array(start..<start + name.count) + [value] {
                for bit in 0..<8 {
                    var bytes = whole
                    bytes[place] ^= 1 << bit
                    #expect(throws: FormatError.self, "byte \(place), bit \(bit)") {
                        try ChangedExportTests.read(bytes, folder)
                    }
                }
            }
        }
    }

    @Test("other weights are named with both hashes, and taken if that is asked for")
    func otherWeights() throws {
        let model = try Fixture.classes()
        var bytes = try ChangedExportTests.bytes(.safetensors, model)
        // The last bytes are those of input.deviation; the weights of layer 1 come first.
        let start = 8 + bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        bytes[start] ^= 1
        try withTemporaryDirectory { folder in
            do {
                _ = try ChangedExportTests.read(bytes, folder)
                Issue.record("it was taken")
            } catch let error as FormatError {
                #expect(error.kind == .changed)
                #expect(error.what.contains(String(model.weightsSHA256.hex.prefix(12))))
            }
            let taken = try ChangedExportTests.read(bytes, folder, evenIfChanged: true)
            #expect(taken?.isChanged == true)
            #expect(taken?.model.parameters.dropFirst() == model.parameters.dropFirst())
            #expect(taken?.model.parameters.first != model.parameters.first)
            // A scale that differs from the description leaves only the tensors to use.
            bytes[bytes.count - 4] ^= 1
            #expect(throws: FormatError.self) { try ChangedExportTests.read(bytes, folder) }
            #expect(try ChangedExportTests.read(bytes, folder, evenIfChanged: true) == nil)
        }
    }
}
