import RegistryTestSupport
import TestSupport
import Testing

@testable import BPRegistry
@testable import BPStore

/// What must stay, of every root: the series of its line and the bytes of its weights.
struct KeptContent: Equatable {
    var losses: [String: [Float]] = [:]
    var epochs: [String: [EpochRecord]] = [:]
    var tensors: [String: [String: [UInt8]]] = [:]

    init(_ registry: Registry) throws {
        for run in try registry.runs() {
            let head = "run \(run.number)"
            losses[head] = try registry.losses(ofRun: run.number)
            epochs[head] = try registry.epochs(ofRun: run.number)
            tensors[head] = try KeptContent.tensors(
                registry.keyframes(ofRun: run.number).flatMap(\.tensors), registry)
            for pin in try registry.pins(ofRun: run.number) {
                try add("pin", run: pin.run, segment: pin.segment, to: pin.iteration, registry)
                let state = try registry.keyframeState(ofRun: pin.run, segment: pin.segment, at: pin.iteration)
                tensors["pin \(pin.run).\(pin.segment)@\(pin.iteration)"] = try KeptContent.tensors(
                    state?.keyframe.tensors ?? [], registry)
            }
        }
        for version in try registry.versions() {
            try add(version.name, run: version.run, segment: version.segment, to: version.iteration, registry)
            tensors[version.name] = try KeptContent.tensors(version.tensors, registry)
        }
    }

    private mutating func add(
        _ name: String, run: Int, segment: Int, to iteration: Int, _ registry: Registry
    ) throws {
        let key = "\(name) \(run).\(segment)@\(iteration)"
        losses[key] = try registry.losses(ofRun: run, segment: segment, to: iteration)
        let point = try registry.point(.iteration(iteration), ofRun: run, segment: segment)
        epochs[key] = try registry.epochs(ofRun: run, segment: segment, to: point.epoch)
    }

    private static func tensors(_ names: [TensorName], _ registry: Registry) throws -> [String: [UInt8]] {
        try Dictionary(
            names.map { ("\($0.name) \($0.digest)", try registry.tensor($0.digest)) },
            uniquingKeysWith: { first, _ in first })
    }
}

@Suite("Freeing in the midst of random histories")
struct GarbageHistoryTests {
    @Test("all that is reachable stays to the bit, all told goes, verify is sound, and again frees nothing")
    func random() throws {
        let seed = testSeed()
        print("seed of the random histories: \(seed)")
        var freed = 0
        for history in 0..<6 {
            var player = HistoryPlayer(bench: try Bench(seed: 1), random: SplitMix64(seed &+ UInt64(history)))
            let registry = player.bench.registry
            for _ in 0..<4 {
                for _ in 0..<15 { try player.move() }
                let before = try KeptContent(registry)
                if player.below(2) == 0 { player.bench.world.wait(3_700_000_000) }
                let told = try registry.garbage()
                let report = try registry.collectGarbage()
                #expect(told.kinds == report.kinds && told.runs == report.runs, "seed \(seed), history \(history)")
                freed += report.isEmpty ? 0 : 1
                let after = try KeptContent(registry)
                // The keyframes of a head may be fewer; nothing else may.
                #expect(after.losses == before.losses, "seed \(seed), history \(history)")
                #expect(after.epochs == before.epochs, "seed \(seed), history \(history)")
                for (name, tensors) in after.tensors {
                    let isThere = tensors.allSatisfy { before.tensors[name]?[$0.key] == $0.value }
                    #expect(isThere, "\(name), seed \(seed), history \(history)")
                    let isPart = name.hasPrefix("run ") || tensors.count == before.tensors[name]?.count
                    #expect(isPart, "\(name), seed \(seed), history \(history)")
                }
                let findings = try registry.verify().findings
                #expect(findings == [], "seed \(seed), history \(history)")
                let again = try registry.collectGarbage()
                #expect(again.isEmpty, "seed \(seed), history \(history)")
            }
        }
        print("\(freed) of 24 collections freed something")
        #expect(freed > 4)
    }

    @Test("beside a recorder that stages, replaces and thins keyframes nothing of its run is lost")
    func recorder() throws {
        let bench = try Bench()
        try withRecorder(bench) {
            var freed = 0
            for round in 0..<25 {
                let run = try bench.interruptedRun(9_000 + round)
                _ = try bench.rollBack("\(run)@iteration:3")
                if round % 3 == 0 { try bench.registry.delete(.run(run)) }
                let report = try bench.registry.collectGarbage()
                freed += report.kinds.reduce(0) { $0 + $1.count }
                let best = try #require(try bench.registry.run(1).best)
                if let state = try bench.registry.keyframeState(ofRun: 1, at: best.iteration) {
                    #expect(state["parameters"]?.first == Float(best.iteration))
                }
            }
            #expect(freed > 50_000)
        }
        let run = try bench.registry.run(1)
        #expect(try bench.registry.losses(ofRun: 1) == losses(1, run.iterations))
        #expect(try bench.registry.epochs(ofRun: 1).count == run.epochs)
        #expect(try bench.registry.verify().findings == [])
    }
}
