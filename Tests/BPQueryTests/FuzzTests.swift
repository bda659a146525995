import Foundation
import TestSupport
import Testing

@testable import BPQuery

@Suite("Random expressions")
struct FuzzTests {
    private let seed =
        testSeed()

    @Test("a vocabulary that knows no SQL gets the same answers through the same parser and resolver")
    func filters() throws {
        var random = SplitMix64(seed)
        let samples = SampleRun.random(80, living: 20, &random)
        for round in 0..<1_000 {
            let tree = QueryTree.random(depth: Int.random(in: 0...4, using: &random), &random)
            let (text, keys) = (tree.text(&random), QueryKeys.random(&random))
            let filter = try QueryPredicate(text, SampleVocabulary()).filter
            let sort = try keys.text.map { try QuerySort($0, SampleVocabulary()) }
            let found = samples.filter(filter).sorted { sort?.areInOrder($0, $1) ?? ($0.number > $1.number) }
            let expected = samples.filter { tree.holds($0) }.sorted { keys.areInOrder($0, $1) }
            guard found.map(\.number) == expected.map(\.number) else {
                Issue.record("seed \(seed), round \(round): \(text) sorted by \(keys.text ?? "nothing")")
                return
            }
        }
    }

    @Test("random words are a predicate or a fault within the text")
    func noise() throws {
        var random = SplitMix64(seed)
        let pieces = [
            "val_loss", "model", "epochs", "tag.x", "ended", "forked", "(", ")", "and", "or", "not", "<", "=", "in",
            "between", "like", "is", "null", "nan", ",", "1", "-2.5e3", "inf", "\"a\"", "'2026'", "'", "--", ";", "?",
            "%", "\u{0}", "é", "e\u{301}", "🙂", "run.id", "/*", "[", "\\", "&&", "“",
        ]
        var understood = 0
        for _ in 0..<5_000 {
            let text = (0..<Int.random(in: 0...12, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }
            .joined(separator: Bool.random(using: &random) ? " " : "")
            do {
                _ = try QueryPredicate(text, SampleVocabulary())
                understood += 1
            } catch let fault as QueryError {
                let count = text.unicodeScalars.count
                #expect(fault.offset.map { (0...count).contains($0) } == true, "seed \(seed): \(text): \(fault)")
                #expect(fault.length >= 1 && fault.text == text, "seed \(seed): \(text): \(fault)")
            }
        }
        #expect(understood > 0, "seed \(seed)")
    }
}
