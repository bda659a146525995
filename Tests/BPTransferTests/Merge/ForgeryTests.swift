import BPJSON
import Foundation
import RegistryTestSupport
import TestSupport
import Testing

@testable import BPRegistry
@testable import BPStore
@testable import BPTransfer

/// An unsound document is refused with a message, nothing of it is left, and verify finds nothing.
@Suite("Forged documents")
struct ForgeryTests {
    private struct Forgery {
        let name: String
        let source: TakenSource
    }

    /// What the tables hold.
    private static func counts(_ registry: Registry) throws -> [Int] {
        try registry.reading { store in
            let tables = SealedTable.sealed.map(\.name) + ["tensor", "tensor_chunk", "chunk"]
            return try tables.map { try store.connection.value("SELECT count(*) FROM \($0)") }
        }
    }

    private static func isLosses(_ name: TransferPart.Name) -> Bool { if case .losses = name { true } else { false } }
    private static func isContent(_ name: TransferPart.Name) -> Bool { if case .content = name { true } else { false } }
    private static func isSeconds(_ name: TransferPart.Name) -> Bool {
        if case .epochs(_, _, .seconds) = name { true } else { false }
    }
    private static func isEpochs(_ name: TransferPart.Name) -> Bool {
        if case .epochs(_, _, .validationLoss) = name { true } else { false }
    }

    private static func forgeries(_ source: TakenSource) throws -> [Forgery] {
        let run: [RecordStep] = ["runs", 0]
        let segment: [RecordStep] = run + ["segments", 0]
        let uuid = try #require(source.document[path: run + ["uuid"]])
        let fork = try #require(source.document[path: ["runs", 2, "uuid"]])
        func at(_ path: [RecordStep], _ value: JSONValue?) -> TakenSource { source.with(path, value) }
        var missing = source
        missing.parts.removeLast()
        var extra = source
        extra.parts.append(TransferPart(.content(SHA256.hash("x")), type: .u8, count: 1))
        var twice = source
        twice.parts[0] = twice.parts[1]
        var retyped = source
        retyped.parts[0] = TransferPart(retyped.parts[0].name, type: .u8, count: 4 * retyped.parts[0].count)
        let forgeries: [(String, TakenSource)] = [
            ("a loss", source.changingBytes(of: isLosses) { $0[5] ^= 1 }),
            ("losses cut short", source.changingBytes(of: isLosses) { $0.removeLast() }),
            ("losses that go on", source.changingBytes(of: isLosses) { $0 += [0, 0, 0, 0] }),
            ("a validation loss", source.changingBytes(of: isEpochs) { $0[3] ^= 1 }),
            (
                "a NaN for seconds",
                source.changingBytes(of: isSeconds) {
                    $0[7] = 0x7F; $0[6] = 0xF8
                }
            ),
            (
                "infinite seconds",
                source.changingBytes(of: isSeconds) {
                    $0[7] = 0x7F; $0[6] = 0xF0
                }
            ),
            ("a tensor", source.changingBytes(of: isContent) { $0[0] ^= 1 }),
            ("a tensor cut short", source.changingBytes(of: isContent) { $0.removeLast(4) }),
            ("a part too few", missing), ("a part too many", extra), ("a part twice", twice),
            ("a part of another type", retyped),
            ("a record that is a list", at([], [])), ("no runs", at(["runs"], nil)),
            ("another format", at(["format"], 2)),
            ("a newer schema", at(["schema"], 99)), ("something else", at(["more"], 1)),
            ("a registry without a name", at(["registry"], "00")),
            ("an unknown column", at(run + ["wheels"], 4)), ("a count where rows belong", at(run + ["segments"], 2)),
            ("a local id", at(run + ["keyframes", 0, "id"], 4)),
            ("a run that is a number", at(run, 7)),
            ("text where a number belongs", at(run + ["iterations"], "50")),
            ("a number where text belongs", at(run + ["reason"], 3)),
            ("a truth value for a number", at(run + ["iterations"], true)),
            ("a fraction for a number", at(run + ["iterations"], 50.5)),
            ("infinite seconds of a run", at(run + ["seconds"], "Infinity")),
            ("a NaN where a loss belongs", at(run + ["evaluations", 0, "loss"], "NaN")),
            ("a loss that is not its bits", at(run + ["evaluations", 0, "loss"], 0.5)),
            ("a huge number", at(run + ["iterations"], .integer(.max))),
            ("a huge run number", at(run + ["id"], .integer(1 << 50))), ("run 0", at(run + ["id"], 0)),
            ("huge first iteration", at(segment + ["first_iteration"], .integer(1 << 53))),
            ("huge epochs", at(segment + ["iterations_per_epoch"], .integer(1 << 53))),
            ("huge lengths", at(segment + ["kept_iterations"], .integer(1 << 62))),
            ("more kept than there was", at(segment + ["iterations"], 3)),
            ("negative kept epochs", at(segment + ["kept_epochs"], -1)),
            ("huge epoch start", at(segment + ["epoch_start"], .integer(-(1 << 53)))),
            (
                "a chain that ends elsewhere",
                at(segment + ["chain_end"], at(run + ["spec"], nil).document[path: run + ["dataset"]])
            ),
            (
                "a chain that starts elsewhere",
                at(segment + ["chain_start"], .string(String(repeating: "0", count: 64)))
            ),
            ("a UUID in capitals", at(run + ["uuid"], .string((uuid.string ?? "").uppercased() + "AB"))),
            ("another UUID", at(run + ["uuid"], "0190000000007000800000000000abcd")),
            ("two runs of one UUID", at(["runs", 2, "uuid"], uuid)),
            ("two runs of one number", at(["runs", 2, "id"], 1)),
            ("iterations of a run", at(run + ["iterations"], 49)), ("epochs of a run", at(run + ["epochs"], 4)),
            ("the best epoch", at(run + ["best_epoch"], 2)), ("the last loss", at(run + ["last_loss_bits"], 1)),
            ("a metric", at(run + ["metrics", 0, "min"], 0.125)), ("a metric too few", at(run + ["metrics", 0], nil)),
            ("a status there is not", at(run + ["status"], "running")),
            ("a head there is not", at(run + ["head_segment"], 9)),
            ("a fork's iteration", at(["runs", 2, "parent_iteration"], 3)),
            ("parents that go round", at(run + ["parent_run"], fork)),
            (
                "a segment that is its own parent",
                at(segment + ["parent_run"], uuid).with(segment + ["parent_segment"], 1)
            ),
            ("a parent without a segment", at(["runs", 2, "segments", 0, "parent_segment"], nil)),
            ("a parent that is not there", at(["runs", 0], nil)),
            ("a segment twice", at(run + ["segments", 1], source.document[path: segment])),
            ("no attempt", at(run + ["attempts"], [])),
            ("an attempt of no segment", at(run + ["attempts", 0, "segment"], 7)),
            ("a durability there is not", at(run + ["attempts", 0, "durability"], "some")),
            ("a process there cannot be", at(run + ["attempts", 0, "pid"], .integer(1 << 40))),
            ("a setting of another kind", at(run + ["settings", 0, "text"], "fast")),
            ("a keyframe of no iteration", at(run + ["keyframes", 0, "iteration"], 5_000)),
            ("a keyframe of another kind", at(run + ["keyframes", 0, "kind"], "half")),
            ("a keyframe of another size", at(run + ["keyframes", 0, "bytes"], 1)),
            ("a keyframe pinned by nobody", at(run + ["keyframes", 0, "role"], "pinned")),
            ("a pin without its keyframe", at(["runs", 1, "pins", 0, "iteration"], 1)),
            ("a tensor of no size", at(run + ["keyframes", 0, "tensors", 0, "bytes"], -4)),
            (
                "a tensor of another hash",
                at(run + ["versions", 0, "tensors", 0, "tensor"], .string(String(repeating: "1", count: 64)))
            ),
            ("a version of no segment", at(run + ["versions", 0, "segment"], 8)),
            ("a version of no model", at(run + ["versions", 0, "model"], "ghost")),
            ("a version of no number", at(run + ["versions", 0, "number"], 0)),
            (
                "an evaluation of no version",
                at(run + ["evaluations", 0, "version"], "0190000000007000800000000000abcd")
            ),
            ("a name that is none", at(["models", 0, "name"], "a b")),
            ("an alias that is none", at(["models", 2, "aliases", 0, "name"], "last")),
            ("an alias of nothing", at(["models", 2, "aliases", 0, "version"], fork)),
            ("a current version of nothing", at(["models", 2, "current_version"], fork)),
            ("a spec", at(["specs", 0, "json"], #"{"seed":2}"#)), ("no spec", at(["specs"], [])),
            ("a column's name", at(["datasets", 0, "columns", 0, "name"], "height")),
            ("a column's size", at(["datasets", 0, "columns", 0, "bytes"], 8)),
            ("the rows of a dataset", at(["datasets", 0, "rows"], 4)), ("no dataset", at(["datasets"], [])),
            ("an event that is no JSON", at(run + ["events", 0, "detail"], "{")),
            (
                "a rollback to no segment",
                at(run + ["events", 0, "kind"], "rolled-back").with(
                    run + ["events", 0, "detail"],
                    #"{"from":{"segment":9,"status":null,"ended":null},"to":{"segment":1}}"#)
            ),
            ("events out of order", at(run + ["events", 1, "id"], 0)),
            (
                "an undo of nothing",
                at(run + ["events", 0, "kind"], "rollback-undone").with(run + ["events", 0, "detail"], #"{"event":1}"#)
            ),
            ("a tag that is none", at(run + ["tags", 0, "name"], "two words")),
            ("a note of no number", at(run + ["versions", 0, "notes", 0, "id"], 0)),
        ]
        return forgeries.map { Forgery(name: $0.0, source: $0.1) }
    }

    @Test("are refused, each with a message, and leave nothing")
    func refused() throws {
        let bench = try Bench.rich()
        let source = try bench.registry.taken().reread()
        let (scratch, there) = try Bench.elsewhere()
        defer { withExtendedLifetime((scratch, bench)) {} }
        let empty = try Self.counts(there)
        for forgery in try Self.forgeries(source) {
            do {
                let report = try there.restore(from: forgery.source)
                Issue.record("\(forgery.name): restored \(report)")
                return
            } catch RegistryError.unsound(let place, let what) {
                #expect(!place.isEmpty && !what.isEmpty, "\(forgery.name)")
            } catch {
                Issue.record("\(forgery.name): \(error)")
            }
            let after = try Self.counts(there)
            #expect(after == empty, "\(forgery.name)")
        }
        #expect(try there.verify().findings == [])
        #expect(try there.restore(from: source).runs.count == 4)
    }

    @Test("a registry that holds the true runs already is not changed by them either")
    func besides() throws {
        let bench = try Bench.rich()
        let source = try bench.registry.taken().reread()
        let registry = bench.registry
        defer { withExtendedLifetime(bench) {} }
        let before = try Self.counts(registry)
        for forgery in try Self.forgeries(source) {
            _ = try? registry.restore(from: forgery.source)
            #expect(try registry.verify().findings == [], "\(forgery.name)")
        }
        // A forged UUID makes another run of it only where all else fits, and nothing here does.
        let after = try Self.counts(registry)
        #expect(after == before)
    }

    /// The long form: `BPREG_MUTATIONS=10000 swift test --filter ForgeryTests`; prints its seed; set BPREG_TEST_SEED to repeat it.
    @Test("random changes of a record are refused, or what they make is sound and can be read")
    func mutations() throws {
        let environment = ProcessInfo.processInfo.environment
        let count = environment["BPREG_MUTATIONS"].flatMap(Int.init) ?? 1_000
        let seed = testSeed()
        var random = SplitMix64(seed)
        let bench = try Bench()
        try bench.finishedRun(epochs: 2)
        _ = try bench.rollBack("1@iteration:15")
        try bench.fork("1.1@iteration:18").close()
        _ = try bench.pin("1@iteration:5")
        _ = try bench.registry.setTag("kind", to: "demo", of: .run(1))
        _ = try bench.registry.addNote("a note", to: .version(model: "iris", number: 1))
        _ = try bench.registry.setAlias("good", to: 1, ofModel: "iris")
        let source = try bench.registry.taken().reread()
        let paths = source.document.paths
        var there = try Bench.elsewhere()
        let empty = try Self.counts(there.registry)
        var taken = 0
        for index in 0..<count {
            let path = paths.randomElement(using: &random) ?? []
            let forged = source.changing(path) { Self.mutated($0, source.document, paths, &random) }
            do {
                _ = try there.registry.restore(from: forged)
            } catch let error as RegistryError {
                switch error {
                case .unsound, .conflict: break
                default: Issue.record("mutation \(index) of seed \(seed), \(path): \(error)")
                }
                let after = try Self.counts(there.registry)
                #expect(after == empty, "mutation \(index) of seed \(seed), \(path)")
                continue
            }
            taken += 1
            let findings = try there.registry.verify().findings
            #expect(findings == [], "mutation \(index) of seed \(seed), \(path)")
            let dump = registryDump(there.scratch.path)
            #expect(!dump.contains("damaged"), "mutation \(index) of seed \(seed), \(path)")
            #expect((try? there.registry.taken()) != nil, "mutation \(index) of seed \(seed), \(path)")
            there = try Bench.elsewhere()
        }
        #expect(try there.registry.verify().findings == [])
        print("\(count) mutations, seed \(seed): \(taken) were sound")
        #expect(taken < count / 2)
    }

    private static func mutated(
        _ value: JSONValue, _ document: JSONValue, _ paths: [[RecordStep]], _ random: inout SplitMix64
    ) -> JSONValue? {
        switch Int.random(in: 0..<10, using: &random) {
        case 0: return nil
        case 1: return .null
        case 2: return document[path: paths.randomElement(using: &random) ?? []]
        case 3:
            return [.integer(.max), .integer(.min), .double(.infinity), .string("NaN"), .double(-0.0)]
                .randomElement(using: &random)
        case 4: return .array([value, value])
        case 5: return .object(["a": value])
        default: break
        }
        switch value {
        case .integer(let number):
            let change = Int64.random(in: 0..<4, using: &random) - 2
            return .integer(
                Bool.random(using: &random) ? number &+ change : number ^ 1 << Int64.random(in: 0..<62, using: &random))
        case .double(let number): return .double(Bool.random(using: &random) ? number.nextUp : -number)
        case .string(let text):
            var scalars = Array(text.unicodeScalars)
            if scalars.isEmpty { return "x" }
            let place = Int.random(in: scalars.indices, using: &random)
            if Bool.random(using: &random) {
                scalars[place] = ["0", "f", "\u{0}", " ", "é", ":"].randomElement(using: &random) ?? "0"
            } else {
                scalars.remove(at: place)
            }
            return .string(String(String.UnicodeScalarView(scalars)))
        case .array(var elements):
            guard !elements.isEmpty else { return [1] }
            if Bool.random(using: &random) { elements.shuffle(using: &random) } else { elements.append(elements[0]) }
            return .array(elements)
        default: return .bool(true)
        }
    }
}
