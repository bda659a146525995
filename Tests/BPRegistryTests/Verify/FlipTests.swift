import Foundation
import RegistryTestSupport
import TestSupport
import Testing

@testable import BPRegistry
@testable import BPStore

@Suite("Single-bit flips over a closed registry")
struct FlipTests {
    /// The long form: `BPREG_FLIPS=1000 swift test --filter FlipTests`.
    @Test("whatever changes what readers return is told by verify, and nothing crashes")
    func flips() throws {
        let count = ProcessInfo.processInfo.environment["BPREG_FLIPS"].flatMap(Int.init) ?? 200
        let seed = testSeed()
        var random = SplitMix64(seed)
        let bench = try VerifyTests.full()
        try bench.registry.close()
        var bytes = try [UInt8](Data(contentsOf: URL(filePath: bench.path)))
        #expect(!FileManager.default.fileExists(atPath: bench.path + "-wal"))
        let copy = bench.scratch.folder + "/flipped.sqlite"
        func write() throws { try Data(bytes).write(to: URL(filePath: copy)) }
        try write()
        let sound = registryDump(copy)
        #expect(try Registry.verify(at: copy, environment: bench.world.environment).findings == [])
        let used = bytes.indices.filter { bytes[$0] != 0 }
        var changed = 0
        for flip in 0..<count {
            // A registry is mostly empty pages: three of four flips go where something stands.
            let place =
                flip % 4 == 0 ? Int.random(in: bytes.indices, using: &random) : used.randomElement(using: &random)!
            let bit = UInt8(1) << UInt8.random(in: 0..<8, using: &random)
            bytes[place] ^= bit
            try write()
            var isTold = true
            do {
                isTold = try !Registry.verify(at: copy, environment: bench.world.environment).isSound
            } catch {}
            let isChanged = registryDump(copy) != sound
            changed += isChanged ? 1 : 0
            if isChanged, !isTold { Issue.record("byte \(place), bit \(bit), seed \(seed): not told") }
            bytes[place] ^= bit
        }
        print("\(count) flips, seed \(seed): \(changed) changed what readers return")
    }

    /// What a person would miss: where it lies is found by the seal at the end of its row, or by the content itself.
    enum Kind: String, CaseIterable {
        case keyframe, loss, dataset, spec, event, pointer

        /// Tables whose rows it is, each row's key, text and bytes standing in front of its seal.
        fileprivate var rows: [String] {
            switch self {
            case .keyframe: ["keyframe", "keyframe_tensor"]
            case .loss: ["iteration_block"]
            case .dataset: ["dataset", "dataset_column"]
            case .spec: ["spec"]
            case .event: ["event"]
            case .pointer: ["model", "alias", "run", "segment", "pin"]
            }
        }

        /// Content that is found by itself.
        fileprivate var content: String {
            switch self {
            case .keyframe:
                "SELECT data FROM chunk WHERE sha256 IN (SELECT chunk FROM tensor_chunk JOIN keyframe_tensor USING (tensor))"
            case .loss: "SELECT losses FROM iteration_block WHERE length(losses) < 8000"
            case .dataset:
                "SELECT data FROM chunk WHERE sha256 IN (SELECT chunk FROM tensor_chunk JOIN dataset_column ON tensor = dataset_column.sha256)"
            case .spec: "SELECT CAST(json AS BLOB) FROM spec"
            case .event: "SELECT CAST(detail AS BLOB) FROM event WHERE length(detail) > 8"
            case .pointer: "SELECT seal FROM alias"
            }
        }
    }

    /// The long form: `BPREG_FLIPS=1000 swift test --filter FlipTests`, that many of each kind.
    @Test(
        "a flip in a keyframe, a loss, the dataset, the spec, an event or a pointer is always told",
        arguments: Kind.allCases)
    func aimed(_ kind: Kind) throws {
        let count = ProcessInfo.processInfo.environment["BPREG_FLIPS"].flatMap(Int.init) ?? 40
        let seed = testSeed()
        var random = SplitMix64(seed)
        let bench = try VerifyTests.full()
        let needles: [(bytes: [UInt8], before: Int)] = try bench.registry.withStore { store in
            let content = try store.connection.all(kind.content, as: [UInt8].self).map { (bytes: $0, before: 0) }
            return try kind.rows.reduce(into: content) { needles, name in
                let front = try store.connection.all(
                    """
                    SELECT name FROM pragma_table_info(?1)
                    WHERE cid < (SELECT cid FROM pragma_table_info(?1) WHERE name = 'seal')
                    """, [name], as: String.self)
                let lengths = front.map {
                    "CASE WHEN typeof(\($0)) IN ('text', 'blob') THEN length(CAST(\($0) AS BLOB)) ELSE 0 END"
                }
                // A row that runs over onto other pages is left to what is found by its content.
                needles += try store.connection.all(
                    "SELECT seal, least FROM (SELECT seal, \(lengths.joined(separator: " + ")) AS least FROM \(name)) WHERE least < 3000"
                ) { (bytes: try $0.get(0, as: [UInt8].self), before: try $0.get(1, as: Int.self)) }
            }
        }
        try bench.registry.close()
        var bytes = try [UInt8](Data(contentsOf: URL(filePath: bench.path)))
        let data = Data(bytes)
        let places = needles.compactMap { needle in
            data.range(of: Data(needle.bytes)).map { max(0, $0.lowerBound - needle.before)..<$0.upperBound }
        }
        try #require(!places.isEmpty)
        let copy = bench.scratch.folder + "/flipped.sqlite"
        for _ in 0..<count {
            let place = places.randomElement(using: &random)!.randomElement(using: &random)!
            let bit = UInt8(1) << UInt8.random(in: 0..<8, using: &random)
            bytes[place] ^= bit
            try Data(bytes).write(to: URL(filePath: copy))
            var isTold = true
            do { isTold = try !Registry.verify(at: copy, environment: bench.world.environment).isSound } catch {}
            #expect(isTold, "\(kind.rawValue), byte \(place), bit \(bit), seed \(seed)")
            _ = registryDump(copy)
            bytes[place] ^= bit
        }
        print("\(count) flips aimed at a \(kind.rawValue), in \(places.count) places, seed \(seed)")
    }
}
