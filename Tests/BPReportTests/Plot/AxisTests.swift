import Foundation
import TestSupport
import Testing

@testable import BPReport

@Suite("Axes and their ticks")
struct AxisTests {
    private func labels(
        _ low: Double, _ high: Double, log: Bool = false, whole: Bool = false, ticks: Int = 6
    ) -> [String] {
        Axis(low...high, isLogarithmic: log, isWhole: whole, ticks: ticks).ticks.map(\.label)
    }

    @Test("ticks are multiples of 1, 2 or 5 with as many digits as they need")
    func linear() {
        #expect(labels(0, 1) == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
        #expect(labels(0.12, 0.31) == ["0.15", "0.20", "0.25", "0.30"])
        #expect(labels(-3, 7) == ["-2", "0", "2", "4", "6"])
        #expect(labels(0, 95, whole: true) == ["0", "20", "40", "60", "80"])
        #expect(labels(0, 3, whole: true, ticks: 10) == ["0", "1", "2", "3"])
        #expect(labels(0, 24_000, whole: true) == ["0", "5,000", "10,000", "15,000", "20,000"])
        #expect(labels(0, 2_500_000, whole: true) == ["0", "0.5M", "1.0M", "1.5M", "2.0M", "2.5M"])
        #expect(labels(0, 4e-6) == ["0", "1e-6", "2e-6", "3e-6", "4e-6"])
        #expect(labels(1e7, 3e7) == ["1.0e7", "1.5e7", "2.0e7", "2.5e7", "3.0e7"])
    }

    @Test("on a logarithmic axis they are powers of ten, with others between where there is room")
    func logarithmic() {
        #expect(labels(0.001, 10, log: true) == ["0.001", "0.01", "0.1", "1", "10"])
        #expect(labels(0.01, 1, log: true) == ["0.01", "0.03", "0.1", "0.3", "1"])
        #expect(labels(0.5, 5, log: true) == ["0.5", "1", "2", "5"])
        #expect(labels(1e-12, 1e3, log: true) == ["1e-12", "1e-9", "1e-6", "0.001", "1", "1000"])
        // So short that no round power lies in it.
        #expect(labels(0.31, 0.38, log: true) == ["0.32", "0.34", "0.36", "0.38"])
    }

    @Test("values lie where they belong, and an axis of one value has a length")
    func fractions() {
        let axis = Axis(0.01...100, isLogarithmic: true, isWhole: false, ticks: 5)
        #expect(abs(axis.fraction(1) - 0.5) < 1e-12 && axis.fraction(0.01) == 0 && axis.fraction(100) == 1)
        let one = Axis(3...3, isLogarithmic: false, isWhole: false, ticks: 5)
        #expect(one.fraction(3) == 0.5 && !one.ticks.isEmpty)
        let zero = Axis(0...0, isLogarithmic: false, isWhole: false, ticks: 5)
        #expect(zero.low == 0 && zero.high == 0.5)
        let same = Axis(3...3, isLogarithmic: true, isWhole: false, ticks: 5)
        #expect(abs(same.fraction(3) - 0.5) < 1e-12)
    }

    @Test("ticks lie on the axis, ascend, are told apart, and are not too many: 2,000 random axes")
    func random() {
        var random = SplitMix64(99)
        func number() -> Double { Double(random.next() >> 11) / Double(1 << 53) }
        for round in 0..<2000 {
            let isLogarithmic = random.next() % 2 == 0
            let size = pow(10, number() * 40 - 20)
            let low = isLogarithmic ? size : (number() - 0.5) * size
            let high = isLogarithmic ? low * pow(10, number() * 12 + 0.01) : low + size * (number() + 0.001)
            let most = 2 + Int(random.next() % 12)
            let axis = Axis(low...high, isLogarithmic: isLogarithmic, isWhole: false, ticks: most, margin: 0.03)
            let comment: Comment = "seed 99, round \(round): \(low)…\(high), \(axis.ticks)"
            #expect(axis.ticks.count <= most && !axis.ticks.isEmpty, comment)
            #expect(
                axis.ticks.allSatisfy { axis.fraction($0.value) > -1e-9 && axis.fraction($0.value) < 1 + 1e-9 }, comment
            )
            #expect(zip(axis.ticks, axis.ticks.dropFirst()).allSatisfy { $0.value < $1.value }, comment)
            #expect(Set(axis.ticks.map(\.label)).count == axis.ticks.count, comment)
            for tick in axis.ticks {
                let read = Double(tick.label) ?? .nan
                #expect(abs(read - tick.value) <= 1e-9 * max(abs(low), abs(high)), comment)
            }
        }
    }
}
