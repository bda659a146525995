import RegistryTestSupport
import TestSupport
import Testing

@testable import BPRegistry
@testable import BPStore

@Suite("Undoing deletions in the midst of random histories")
struct UndoHistoryTests {
    @Test("deletions undone in the reverse order leave every row as it was, and verify is sound throughout")
    func random() throws {
        let seed = testSeed()
        var (undone, refused) = (0, 0)
        for history in 0..<3 {
            var player = HistoryPlayer(bench: try Bench(seed: 1), random: SplitMix64(seed &+ UInt64(history)))
            let registry = player.bench.registry
            for round in 0..<3 {
                let place = "seed \(seed), history \(history), round \(round)"
                for _ in 0..<12 { try player.move() }
                let garbage = try registry.deletions()
                var stack: [(subject: Subject, rows: [String: [String]])] = []
                for _ in 0..<1 + player.below(3) {
                    guard let subject = try player.subject() else { break }
                    let rows = try rowDump(registry)
                    try registry.delete(subject, cascade: true)
                    stack.append((subject, rows))
                    #expect(try registry.verify().findings == [], "\(place), after \(subject)")
                }
                for (subject, rows) in stack.reversed() {
                    try registry.undoDeletion(of: subject)
                    let changes = differences(rows, try rowDump(registry))
                    #expect(changes == [], "\(place), undo of \(subject)")
                    undone += 1
                }
                #expect(try registry.verify().findings == [], "\(place)")
                // Those that the history itself made come back, or are refused and change nothing.
                for kept in garbage {
                    let rows = try rowDump(registry)
                    do {
                        try registry.undoDeletion(of: kept.subject)
                        undone += 1
                    } catch .notUndoable {
                        refused += 1
                        #expect(differences(rows, try rowDump(registry)) == [], "\(place), refused \(kept.subject)")
                    } catch .notFound {
                        // Of two deletions of one name the newer was undone before.
                        refused += 1
                    }
                    #expect(try registry.verify().findings == [], "\(place), undo of \(kept.subject)")
                }
                if player.below(3) == 0 {
                    let told = try registry.garbage()
                    let report = try registry.collectGarbage()
                    #expect(told.kinds == report.kinds && told.runs == report.runs, "\(place)")
                    #expect(try registry.verify().findings == [], "\(place), gc")
                    #expect(try registry.collectGarbage().isEmpty, "\(place), gc")
                }
            }
        }
        print("\(undone) deletions were undone, \(refused) could not be")
        #expect(undone > 8)
    }
}

extension HistoryPlayer {
    /// Something that can be deleted.
    mutating func subject() throws -> Subject? {
        let runs = try bench.registry.runs().map { Subject.run($0.number) }
        let versions = try bench.registry.versions().map { Subject.version(model: $0.model, number: $0.number) }
        let models = try bench.registry.models().map { Subject.model($0.name) }
        let all = runs + versions + models
        return all.isEmpty ? nil : all[below(all.count)]
    }
}
