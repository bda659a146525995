import RegistryTestSupport
import Testing

@testable import BPRegistry
@testable import BPStore

@Suite("Lines through segments and runs")
struct LineTests {
    /// Run 1: 10,000 iterations, rolled back to 5,000 (in the middle of a block), 200 more in segment 2.
    /// Run 2: forked from run 1's line at iteration 5,100, 50 more.
    private func branched() throws -> Bench {
        let bench = try Bench()
        let first = try bench.createRun(iterationsPerEpoch: 1_000)
        try first.commit(
            RunCommit(losses: losses(1, 10_000), epochs: (1...10).map { makeEpoch($0, length: 1_000) }))
        let start = try first.stage(fullKeyframe(4_000), tensors: fullTensors(4_000))
        try first.commit(RunCommit(keyframes: [start]))
        try first.close()
        _ = try bench.rollBack("1@iteration:5000")
        let second = try bench.registry.resumeRun(1, attempt: plainAttempt)
        try second.commit(RunCommit(losses: Array(repeating: 2, count: 200)))
        try second.close()
        let fork = try bench.fork("1@iteration:5100", model: "fork", iterationsPerEpoch: 1_000)
        try fork.commit(RunCommit(losses: Array(repeating: 3, count: 950), epochs: [makeEpoch(6, length: 1_000)]))
        try fork.close()
        return bench
    }

    @Test("losses, epochs and keyframes come from the line alone")
    func read() throws {
        let registry = try branched().registry
        let trunk = losses(1, 5_000)
        #expect(try registry.losses(ofRun: 1) == trunk + Array(repeating: 2, count: 200))
        #expect(try registry.losses(ofRun: 1, segment: 1) == losses(1, 10_000))
        #expect(
            try registry.losses(ofRun: 2) == trunk + Array(repeating: 2, count: 100) + Array(repeating: 3, count: 950))
        #expect(
            try registry.losses(ofRun: 2, from: 5_000, to: 5_101) == [loss(5_000)] + Array(repeating: 2, count: 100) + [
                3
            ])
        #expect(try registry.epochs(ofRun: 1).map(\.epoch) == [1, 2, 3, 4, 5])
        #expect(try registry.epochs(ofRun: 1, segment: 1).map(\.epoch) == Array(1...10))
        #expect(try registry.epochs(ofRun: 2).map(\.epoch) == [1, 2, 3, 4, 5, 6])
        #expect(try registry.newestFullKeyframeState(ofRun: 2)?.keyframe.iteration == 4_000)
        #expect(try registry.keyframe(ofRun: 2, at: 4_000)?.run == 1)
        #expect(try registry.newestFullKeyframeState(ofRun: 2, atOrBefore: 3_999) == nil)
        #expect(try registry.verify().findings == [])
    }

    @Test("references name points of lines")
    func points() throws {
        let registry = try branched().registry
        func point(_ text: String) throws -> [Int] {
            guard case .point(let point) = try registry.resolve(Reference(text)) else { return [] }
            return [point.lineSegment, point.iteration, point.epoch]
        }
        #expect(try point("1@last") == [2, 5_200, 5])
        #expect(try point("1.1@last") == [1, 10_000, 10])
        #expect(try point("1.1@iteration:7500") == [1, 7_500, 7])
        #expect(try point("2@iteration:4999") == [1, 4_999, 4])
        #expect(try point("2@last") == [1, 6_050, 6])
        #expect(try point("2@epoch:5") == [1, 5_000, 5])
        #expect(throws: RegistryError.self) { try point("1@epoch:6") }
    }

    @Test("the views show the line, and all_… what was rolled back")
    func views() throws {
        let bench = try branched()
        func count(_ sql: String) throws -> Int { try bench.registry.withStore { try $0.connection.value(sql) } }
        #expect(try count("SELECT count(*) FROM iterations WHERE run = 1") == 5_200)
        #expect(try count("SELECT count(*) FROM iterations WHERE run = 2") == 6_050)
        #expect(try count("SELECT count(*) FROM all_iterations") == 11_150)
        #expect(try count("SELECT count(*) FROM epochs WHERE run = 2") == 6)
        #expect(try count("SELECT count(*) FROM all_epochs") == 11)
        #expect(try count("SELECT count(*) FROM iterations WHERE epoch <> (iteration - 1) / 1000 + 1") == 0)
        #expect(try count("SELECT count(DISTINCT iteration) FROM iterations WHERE run = 2") == 6_050)
    }
}
