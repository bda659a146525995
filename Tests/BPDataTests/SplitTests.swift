@testable import BPData
import Testing

@Suite struct SplitTests {
    private func classes(_ sizes: [Int]) throws -> Table {
        let labels = sizes.enumerated().flatMap { Array(repeating: "c\($0)", count: $1) }
        let names = labels.indices.map { Double($0) }
        return try Table(
            name: "t",
            columns: [Column(name: "x", values: .f64(names)), Column(name: "y", values: .text(try TextValues(labels)))])
    }

    private func split(
        _ sizes: [Int], _ validation: Double, _ test: Double, seed: UInt64 = 1, task: LearningTask = .classification
    ) throws -> Split {
        let fractions = try SplitFractions(validation: validation, test: test)
        return try Split(classes(sizes), target: "y", task: task, fractions: fractions, seed: seed)
    }

    /// How many rows of each class are in a part.
    private func counts(_ rows: [Int], _ sizes: [Int]) -> [Int] {
        var start = 0
        return sizes.map { size in
            defer { start += size }
            return rows.count { $0 >= start && $0 < start + size }
        }
    }

    @Test func everyRowIsInOnePartAndPartsAscend() throws {
        var chance = Chance()
        for _ in 0..<200 {
            let sizes = (0..<chance.integer(2...6)).map { _ in chance.integer(1...40) }
            let (validation, test) = (Double(chance.integer(0...45)) / 100, Double(chance.integer(0...45)) / 100)
            let seed = chance.bits()
            guard let split = try? split(sizes, validation, test, seed: seed) else { continue }
            let rows = sizes.reduce(0, +)
            #expect((split.training + split.validation + split.test).sorted() == Array(0..<rows), "seed \(chance.seed)")
            for part in Split.Part.allCases {
                #expect(split.rows(part) == split.rows(part).sorted(), "seed \(chance.seed)")
            }
            #expect(counts(split.training, sizes).allSatisfy { $0 >= 1 }, "seed \(chance.seed)")
            #expect(try split == self.split(sizes, validation, test, seed: seed), "seed \(chance.seed)")
        }
    }

    @Test func classesAreSharedOutEvenly() throws {
        let iris = try split([50, 50, 50], 0.15, 0.15)
        #expect(counts(iris.test, [50, 50, 50]) == [8, 8, 7])
        #expect(counts(iris.validation, [50, 50, 50]) == [8, 8, 7])
        #expect(counts(iris.training, [50, 50, 50]) == [34, 34, 36])
        let uneven = try split([100, 10, 3], 0.2, 0.1)
        #expect(counts(uneven.test, [100, 10, 3]) == [10, 1, 0])
        #expect(counts(uneven.validation, [100, 10, 3]) == [20, 2, 1])
        #expect(uneven.notes.isEmpty)
    }

    /// Each class is within one row of its share, and the whole part is the rounded share of all rows.
    @Test func sharesAreProportional() throws {
        var chance = Chance()
        for _ in 0..<200 {
            let sizes = (0..<chance.integer(2...8)).map { _ in chance.integer(20...60) }
            let fraction = Double(chance.integer(5...60)) / 100
            let split = try split(sizes, 0, fraction, seed: chance.bits())
            #expect(split.validation.isEmpty)
            #expect(split.test.count == Int((fraction * Double(sizes.reduce(0, +))).rounded()), "seed \(chance.seed)")
            for (count, size) in zip(counts(split.test, sizes), sizes) {
                #expect(abs(Double(count) - fraction * Double(size)) < 1, "seed \(chance.seed)")
            }
        }
    }

    @Test func aRegressionIsSplitAsOne() throws {
        let split = try split([7, 3], 0.2, 0.3, task: .regression)
        #expect(split.sizes == [5, 2, 3])
    }

    @Test func seedsGiveDifferentSplitsAndAreRemembered() throws {
        let first = try split([50, 50, 50], 0.15, 0.15, seed: 1)
        #expect(try first != split([50, 50, 50], 0.15, 0.15, seed: 2))
        // Stored runs are split again when they are resumed: this never changes. The rows are an independent
        // implementation's (Philox, shuffle and shares in Python).
        #expect(
            first.test == [
                7, 10, 13, 27, 30, 38, 44, 46, 55, 65, 66, 79, 80, 85, 91, 94, 112, 120, 127, 128, 134, 143, 146,
            ])
    }

    @Test func aPartHasAtLeastOneRowIfItCan() throws {
        let tiny = try split([2, 2], 0.01, 0.01)
        #expect(tiny.sizes == [2, 1, 1])
        #expect(tiny.notes.isEmpty)
        let none = try split([1, 1], 0.15, 0.15)
        #expect(none.sizes == [2, 0, 0])
        #expect(
            none.notes == [
                "test: 0 rows instead of 1, because each class keeps one for training",
                "validation: 0 rows instead of 1, because each class keeps one for training",
            ])
        let whole = try split([50, 50], 0, 0)
        #expect(whole.training.count == 100 && whole.validation.isEmpty && whole.test.isEmpty)
    }

    @Test func tooFewRowsForTraining() throws {
        let error = try failure { try split([2, 1], 0.4, 0.4, task: .regression) }
        #expect(error.message == "1 row of 3 would be left for training; at least 2 are needed")
    }

    @Test(arguments: [(-0.1, 0.0), (0, -1), (.nan, 0), (0, .infinity), (1, 0), (0, 1.5), (0.5, 0.5), (0.9, 0.2)])
    func fractionsThatAreNone(validation: Double, test: Double) throws {
        let error = try failure { try SplitFractions(validation: validation, test: test) }
        #expect(error.kind == .unusable)
        #expect(error.value != nil)
    }
}
