import BPJSON
import BPRegistry
import BPTraining
import BPTransfer
import Foundation
import TestSupport
import Testing

@testable import BPInterchange

@Suite("An archive, written and read") struct ArchiveFileTests {
    @Test("what is read is what the registry gave, part by part")
    func roundTrip() throws {
        let fixture = try ArchiveFixture()
        try fixture.archive()
        let archive = try ArchiveFile(fixture.scratch.file("a.safetensors"))
        try archive.checkContents()
        try fixture.registry.withTransferSource(of: .run(1)) { source in
            // A whole Double reads as an integer.
            let isEqual = try archive.document == JSONValue(parsing: source.document.serialized)
            #expect(isEqual)
            #expect(Set(archive.parts) == Set(source.parts) && archive.parts.count == source.parts.count)
            for part in source.parts {
                let (there, here) = (try bytes(of: part, in: source), try bytes(of: part, in: archive))
                #expect(there == here && here.count == part.count * part.type.width, "\(part)")
            }
        }
        #expect(archive.subject == "run:1" && archive.writtenBy == "0")
        let contents = ArchiveContents(archive)
        #expect(contents.runs.map(\.number) == [1] && contents.versions.map(\.name) == ["points:1"])
        #expect(contents.datasets.map(\.isStored) == [true])
    }

    @Test("its layers are the weights, for whoever opens it as safetensors")
    func layers() throws {
        let fixture = try ArchiveFixture()
        try fixture.archive()
        let model = try LoadedModel(Reference("1"), in: fixture.registry)
        let file = try SafetensorsContent(fixture.scratch.file("a.safetensors"))
        var bytes: [UInt8] = []
        for (name, shape) in [
            ("layer1.weight", [6, 1]), ("layer1.bias", [6]), ("layer2.weight", [3, 6]), ("layer2.bias", [3]),
        ] {
            let tensor = try #require(file.header.tensor(named: name))
            #expect(tensor.shape == shape && tensor.type == .f32)
            bytes += try file.bytes(of: tensor)
        }
        #expect(SHA256.hash(bytes) == model.weightsSHA256)
        // No second copy of them, and every value where a reader may map it.
        #expect(file.header.tensor(named: "content.\(model.weightsSHA256)") == nil)
        for tensor in file.header.tensors {
            #expect((file.dataStart + tensor.range.lowerBound) % tensor.type.width == 0, "\(tensor.name)")
        }
    }

    @Test("the same state gives the same file")
    func deterministic() throws {
        let fixture = try ArchiveFixture()
        let (one, two) = (try fixture.archive(), try fixture.archive("b.safetensors"))
        #expect(one == two)
        #expect(try fixture.archive("c.safetensors", withData: false).count < one.count)
    }

    @Test("work that is stopped, or cannot be done, leaves no file")
    func noPartialFile() throws {
        let fixture = try ArchiveFixture()
        var asked = 0
        #expect(throws: WritingStopped.self) {
            try fixture.registry.withTransferSource(of: .run(1)) { source in
                try ArchiveWriter.write(
                    source, candidates: [], subject: "run:1", to: fixture.scratch.file("a"), replace: true,
                    version: "0",
                    isStopped: {
                        asked += 1
                        return asked == 4
                    })
            }
        }
        #expect(asked == 4)
        #expect(fixture.scratch.files.names.allSatisfy { $0.hasPrefix("registry.sqlite") })
    }

    @Test("a newer format is told as such, whatever else is in the file")
    func newer() throws {
        let fixture = try ArchiveFixture()
        let archive = ArchiveBytes(try fixture.archive())
        let newer = archive.replacing(#""bpreg.format":"1""#, with: #""bpreg.format":"2","bpreg.new":"\u0001""#)
        for file in [newer.bytes(), newer.bytes(digest: false)] {
            let error = try #require(try fixture.refusal(of: file))
            #expect(error.kind == .newer && error.what.contains("format 2"), "\(error)")
        }
    }

    @Test("a safetensors file of others is told as such")
    func foreign() throws {
        let fixture = try ArchiveFixture()
        let header = try SafetensorsHeader(metadata: ["format": "pt"], tensors: [("w", .f32, [2])], file: "a")
        let error = try #require(try fixture.refusal(of: header.encoded() + [UInt8](repeating: 0, count: 8)))
        #expect(error.kind == .unsuitable)
    }

    private func bytes(of part: TransferPart, in source: any TransferSource) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try source.read(part) {
            #expect($0.count <= 1 << 20)
            bytes += $0
        }
        return bytes
    }
}
