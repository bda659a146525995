import Testing

@testable import BPCore

/// A batch shared out among ranks, each with some of its blocks of rows, gives the sums of one process.
@Suite struct RankTests {
    /// S of the rows, as the update gets it.
    private func sums(_ trainer: Backpropagation, _ samples: Samples, _ rows: Range<Int>) -> [Float] {
        let batch = trainer.batch(of: samples, rows: nil, range: rows)
        _ = trainer.propagate(batch)
        _ = trainer.computeGradient(batch)
        return trainer.workspace.layout.unpack(trainer.workspace.gradient.start)
    }

    /// Rank r has blocks r c ..< (r + 1) c, c the least power of two of which all ranks together have enough. Ranks exchange
    /// their sums with r xor 1, xor 2, xor 4, and add lower + higher; one that has no rows has nothing to add.
    @Test(arguments: [1, 2, 4, 8], [1, 128, 129, 384, 640, 1024, 1300])
    func ranksGiveTheSumsOfOneProcess(ranks: Int, batch: Int) throws {
        var random = TestRandom(43)
        let example = try Case([5, 20, 3], [.tanh, .softmax], .crossEntropy, count: batch, &random)
        let samples = try example.samples()
        let trainer = try example.trainer(serial())
        let whole = sums(trainer, samples, 0..<batch)

        let block = try #require(Numerics.second.rowBlock)
        var share = block
        while share * ranks < batch { share *= 2 }
        var held: [[Float]?] = try (0..<ranks).map { rank in
            let rows = min(rank * share, batch)..<min((rank + 1) * share, batch)
            return rows.isEmpty ? nil : sums(try example.trainer(serial()), samples, rows)
        }
        var distance = 1
        while distance < ranks {
            held = held.indices.map { rank in
                let (lower, higher) = (held[rank & ~distance], held[rank | distance])
                guard let lower, let higher else { return lower }
                return zip(lower, higher).map { $0 + $1 }
            }
            distance *= 2
        }
        for (rank, found) in held.enumerated() {
            #expect(bits(try #require(found)) == bits(whole), "rank \(rank) of \(ranks)")
        }
    }
}
