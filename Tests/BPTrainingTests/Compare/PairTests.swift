import TestSupport
import Testing

@testable import BPTraining

@Suite("What two models say of the same rows")
struct PairTests {
    @Test("classes by hand")
    func classesByHand() {
        // Both right, only the first, only the second, both wrong and agreed, both wrong and apart.
        let pair = ClassPair(
            names: ["a", "b", "c"], truth: [0, 1, 2, 0, 0], first: [0, 1, 0, 1, 1], second: [0, 2, 2, 1, 2],
            p: [0.9, 0.1, 0, 0, 0.75, 0.25, 0.5, 0.25, 0.25, 0, 1, 0, 0, 1, 0],
            q: [0.9, 0.1, 0, 0, 0.25, 0.75, 0.25, 0.25, 0.5, 0, 1, 0, 0, 0, 1])
        let found = pair.behaviour(rowNumbers: [10, 11, 12, 13, 14], limit: 2)
        #expect(found.disagreements == 3 && found.disagreementShare == 0.6)
        #expect(
            found.test == .mcNemar(McNemarTest(onlyFirstRight: 1, onlySecondRight: 1), bothRight: 1, bothWrong: 2))
        #expect(
            found.rows == [
                PairBehaviour.RowDifference(
                    row: 15, truth: .label("a", output: nil, isProbability: false),
                    first: .label("b", output: 1, isProbability: true),
                    second: .label("c", output: 1, isProbability: true), distance: 1),
                PairBehaviour.RowDifference(
                    row: 12, truth: .label("b", output: nil, isProbability: false),
                    first: .label("b", output: 0.75, isProbability: true),
                    second: .label("c", output: 0.75, isProbability: true), distance: 0.5),
            ])
        // Rows on which they say the same are no rows of disagreement.
        #expect(pair.behaviour(rowNumbers: [0, 1, 2, 3, 4], limit: 9).rows.map(\.row) == [5, 2, 3])
    }

    @Test("numbers by hand")
    func numbersByHand() {
        let pair = NumberPair(truth: [1, 2, 3, 4], first: [1, 2.5, 2, 4], second: [3, 2.5, 3, 0])
        let found = pair.behaviour(rowNumbers: [0, 1, 2, 3], limit: 3)
        #expect(found.disagreements == 3 && found.rows.map(\.row) == [4, 1, 3])
        #expect(found.rows.map(\.distance) == [4, 2, 1])
        // |y − B| − |y − A| = 2, 0, −1, 4.
        #expect(found.test == .pairedT(PairedTTest([2, 0, -1, 4])))
    }

    @Test("a NaN is the largest disagreement, ties go to the earlier row")
    func order() {
        #expect(PairBehaviour.furthest([0, 2, .nan, 3, 2, 3], limit: 4) == [2, 3, 5, 1])
        #expect(PairBehaviour.furthest([0, 0], limit: 4) == [] && PairBehaviour.furthest([1], limit: 0) == [])
    }

    @Test("equals a second count, by sets of rows, in 100 random cases")
    func random() {
        var random = SplitMix64(4_711)
        for round in 0..<100 {
            let count = 1 + Int(random.next() % 80)
            func classes() -> [Int] { (0..<count).map { _ in Int(random.next() % 3) } }
            let (truth, first, second) = (classes(), classes(), classes())
            let p = (0..<3 * count).map { _ in Float(random.next() % 1000) / 1000 }
            let q = (0..<3 * count).map { _ in Float(random.next() % 1000) / 1000 }
            let pair = ClassPair(names: ["a", "b", "c"], truth: truth, first: first, second: second, p: p, q: q)
            let found = pair.behaviour(rowNumbers: Array(0..<count), limit: count)
            let right = [first, second].map { said in Set((0..<count).filter { said[$0] == truth[$0] }) }
            let test = McNemarTest(
                onlyFirstRight: right[0].subtracting(right[1]).count,
                onlySecondRight: right[1].subtracting(right[0]).count)
            let wrong = count - right[0].union(right[1]).count
            #expect(
                found.test
                    == .mcNemar(test, bothRight: right[0].intersection(right[1]).count, bothWrong: wrong),
                "seed 4711, round \(round)")
            #expect(found.disagreements == (0..<count).filter { first[$0] != second[$0] }.count)
            for row in found.rows {
                let places = 3 * (row.row - 1)..<3 * row.row
                // Σ max(0, p − q) + max(0, q − p) over 2: the same area, summed apart.
                let above = places.reduce(0.0) { $0 + max(0, Double(p[$1]) - Double(q[$1])) }
                let below = places.reduce(0.0) { $0 + max(0, Double(q[$1]) - Double(p[$1])) }
                #expect(abs(row.distance - (above + below) / 2) < 1e-12, "seed 4711, round \(round)")
            }
            #expect(zip(found.rows, found.rows.dropFirst()).allSatisfy { $0.distance >= $1.distance })
        }
    }
}
