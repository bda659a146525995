import RegistryTestSupport
import TestSupport

@testable import BPRegistry
@testable import BPStore

/// Moves at random; those that make no sense are refused, which is as good.
struct HistoryPlayer {
    let bench: Bench
    var random: SplitMix64

    mutating func below(_ limit: Int) -> Int { Int(random.next() % UInt64(max(1, limit))) }

    mutating func move() throws {
        let runs = try bench.registry.runs().map(\.number)
        guard let run = runs.isEmpty ? nil : runs[below(runs.count)] else {
            // With the last run the data may have been freed.
            try bench.registry.storeDataset(Bench.data)
            try bench.interruptedRun(1 + below(12_000))
            return
        }
        let segment = 1 + below(try bench.registry.run(run).segmentCount)
        let last = try bench.registry.line(ofRun: run, segment: segment).last?.last ?? 0
        let point = "\(run).\(segment)@iteration:\(below(last + 1))"
        let versions = try bench.registry.versions()
        let version = versions.isEmpty ? nil : versions[below(versions.count)]
        do {
            switch below(14) {
            case 0: try bench.interruptedRun(1 + below(12_000))
            case 1, 2: try bench.goOn(run, by: 1 + below(9_000), loss: Float(1 + below(1_000)))
            case 3, 4, 5: _ = try bench.rollBack(point)
            case 6: _ = try bench.registry.undoRollback(ofRun: run)
            case 7: try bench.fork(point, model: "fork", keepsSteps: true).close()
            case 8: _ = try bench.pin(point)
            case 9: _ = try bench.registry.unpin(bench.point(point))
            case 10: _ = try bench.version(point, model: ["iris", "hand"][below(2)])
            case 11:
                if let version {
                    _ = try bench.registry.setAlias("a\(below(3))", to: version.number, ofModel: version.model)
                }
            case 12: if let version { _ = try bench.registry.setCurrent(version.number, ofModel: version.model) }
            default:
                if below(3) > 0, let version {
                    try bench.registry.delete(
                        .version(model: version.model, number: version.number), cascade: below(2) == 0)
                } else {
                    try bench.registry.delete(.run(run), cascade: below(2) == 0)
                }
            }
        } catch let error as RegistryError {
            if case .damaged = error { throw error }
        }
    }
}
