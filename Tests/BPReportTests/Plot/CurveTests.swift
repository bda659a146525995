import TestSupport
import Testing

@testable import BPReport

@Suite("Long series thinned for drawing")
struct CurveTests {
    private func thinned(_ values: [Double], columns: Int, log: Bool = false) -> Curve {
        var thinning = CurveThinning(0...Double(values.count), columns: columns, isLogarithmic: log)
        for (index, value) in values.enumerated() { thinning.add(Double(index), value) }
        return thinning.curve(named: "c")
    }

    @Test("few points stay as they are")
    func few() {
        let curve = thinned([3, 1, 2], columns: 100)
        #expect(curve.points == [CurvePoint(x: 0, y: 3), CurvePoint(x: 1, y: 1), CurvePoint(x: 2, y: 2)])
        #expect(curve.undrawn == nil && curve.stretches.count == 1)
    }

    @Test("of a million points a spike of one survives, and no column has more than four")
    func spike() {
        var values = [Double](repeating: 0.5, count: 1_000_000)
        (values[123_456], values[777_777]) = (9, -9)
        let curve = thinned(values, columns: 200)
        #expect(curve.points.count <= 800)
        #expect(curve.points.contains(CurvePoint(x: 123_456, y: 9)))
        #expect(curve.points.contains(CurvePoint(x: 777_777, y: -9)))
        #expect(curve.points.first?.x == 0 && curve.points.last?.x == 999_999)
    }

    @Test("first, lowest, highest and last of each column are those of all its points, in 50 random cases")
    func random() {
        var random = SplitMix64(5)
        for round in 0..<50 {
            let values = (0..<(50 + Int(random.next() % 2000))).map { _ in Double(random.next() % 1000) }
            let columns = 1 + Int(random.next() % 40)
            let curve = thinned(values, columns: columns)
            let width = Double(values.count) / Double(columns)
            let all = Dictionary(grouping: values.indices) { Int(Double($0) / width) }
            let kept = Dictionary(grouping: curve.points) { Int($0.x / width) }
            #expect(all.keys.sorted() == kept.keys.sorted(), "seed 5, round \(round)")
            for (column, indices) in all {
                let points = kept[column] ?? []
                #expect(points.map(\.y).max() == indices.map { values[$0] }.max(), "seed 5, round \(round)")
                #expect(points.map(\.y).min() == indices.map { values[$0] }.min(), "seed 5, round \(round)")
                #expect(points.first?.x == indices.map(Double.init).min())
                #expect(points.last?.x == indices.map(Double.init).max())
            }
            #expect(zip(curve.points, curve.points.dropFirst()).allSatisfy { $0.x <= $1.x })
        }
    }

    @Test("what cannot be drawn is a gap, and counted")
    func gaps() {
        let curve = thinned([1, 2, .nan, .infinity, 3, 4, -.infinity], columns: 70)
        #expect(curve.stretches.map { $0.map(\.y) } == [[1, 2], [3, 4]])
        #expect(curve.undrawn == Curve.Undrawn(count: 3, first: 2))
        let log = thinned([1, 0, 2, -1], columns: 70, log: true)
        #expect(log.stretches.map { $0.map(\.y) } == [[1], [2]] && log.undrawn?.count == 2)
        #expect(thinned([.nan, .nan], columns: 9).points == [])
        // A gap in every second point of a long series holds no more memory than the picture is wide.
        let many = thinned((0..<100_000).map { $0 % 2 == 0 ? .nan : 1 }, columns: 10)
        #expect(many.points.count <= 60 && many.undrawn?.count == 50_000)
    }
}
