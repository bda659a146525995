import TestSupport
import Testing

@testable import BPReport

@Suite("Mean and standard deviation")
struct SpreadTests {
    @Test("are those of two passes over random values, also far from 0")
    func random() {
        var random = SplitMix64(testSeed())
        for _ in 0..<50 {
            let offset: Double = [0, 1e6, -3e-3].randomElement(using: &random) ?? 0
            let count = Int.random(in: 2...40, using: &random)
            let values: [Double] = (0..<count).map { _ in offset + Double.random(in: -1...1, using: &random) }
            var spread = Spread()
            for value in values { spread.add(value) }
            let mean = values.reduce(0, +) / Double(count)
            let squares: Double = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
            let deviation = (squares / Double(count - 1)).squareRoot()
            #expect(abs((spread.mean ?? .nan) - mean) < 1e-9)
            #expect(abs((spread.deviation ?? .nan) - deviation) < 1e-9)
            #expect(spread.count == count)
        }
    }

    @Test("there is no mean of nothing and no deviation of one value")
    func few() {
        var spread = Spread()
        #expect(spread.mean == nil && spread.deviation == nil)
        spread.add(3)
        #expect(spread.mean == 3 && spread.deviation == nil)
        spread.add(5)
        #expect(spread.deviation == 2.0.squareRoot())
    }
}
