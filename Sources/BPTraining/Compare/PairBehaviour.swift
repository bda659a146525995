import BPData

/// What two models do with the same rows.
public struct PairBehaviour: Sendable {
    /// On how many rows the predictions differ: another class, or another number.
    public let disagreements: Int
    /// disagreements / rows.
    public let disagreementShare: Double
    /// The test of whether one is right, or near, more often than by chance.
    public let test: Test
    /// The rows on which they are furthest apart, the furthest first.
    public let rows: [RowDifference]

    /// A test by the task.
    public enum Test: Sendable, Equatable {
        /// Of a classification, with the rows on which both are right and on which both are wrong.
        case mcNemar(McNemarTest, bothRight: Int, bothWrong: Int)
        /// Of a regression: d_i = |y_i − B_i| − |y_i − A_i|, positive where the base is nearer.
        case pairedT(PairedTTest)
    }

    /// A row and what the two say of it.
    public struct RowDifference: Sendable, Equatable {
        /// Its number in the data, from 1.
        public let row: Int
        /// What is true.
        public let truth: Value
        /// What the base says, and what the other says.
        public let first: Value, second: Value
        /// How far apart they are. Of classes ½ Σ_c |p_c − q_c| over the outputs p and q, which is the total variation
        /// distance (0 to 1) if they are probabilities; of numbers |A − B|, in the target's own units.
        public let distance: Double
    }

    /// A class with its output, which may be a probability, or a number.
    public enum Value: Sendable, Equatable {
        case label(String, output: Float?, isProbability: Bool)
        case number(Double)
    }

    init(
        _ chosen: ComparedRows, _ first: (model: TrainedModel, outputs: [Float]),
        _ second: (model: TrainedModel, outputs: [Float]), rowLimit: Int
    ) throws(DataError) {
        let (a, b) = (first.model.encoding, second.model.encoding)
        if let labels = a.classes {
            let truth = try a.classIndices(chosen.table, rows: chosen.rows)
            let classes = ClassPair(
                names: labels.names, truth: truth, first: a.predictedClasses(first.outputs),
                second: b.predictedClasses(second.outputs), p: a.probabilities(first.outputs),
                q: b.probabilities(second.outputs),
                areProbabilities: (first.model.givesProbabilities, second.model.givesProbabilities))
            self = classes.behaviour(rowNumbers: chosen.rows, limit: rowLimit)
        } else {
            let truth = try a.targetNumbers(chosen.table, rows: chosen.rows)
            let numbers = NumberPair(
                truth: truth, first: a.predictedNumbers(first.outputs), second: b.predictedNumbers(second.outputs))
            self = numbers.behaviour(rowNumbers: chosen.rows, limit: rowLimit)
        }
    }

    init(disagreements: Int, of count: Int, test: Test, rows: [RowDifference]) {
        self.disagreements = disagreements
        disagreementShare = Double(disagreements) / Double(count)
        (self.test, self.rows) = (test, rows)
    }

    /// The `limit` places with the largest distance above 0, the largest first, the earlier on ties, NaN before all.
    static func furthest(_ distances: [Double], limit: Int) -> [Int] {
        let keys = distances.map { $0.isNaN ? Double.infinity : $0 }
        let apart = keys.indices.filter { keys[$0] > 0 }
        return Array(apart.sorted { keys[$0] == keys[$1] ? $0 < $1 : keys[$0] > keys[$1] }.prefix(limit))
    }
}

/// Two classifications of the same rows.
struct ClassPair {
    let names: [String]
    /// The class of each row, as an index into `names`; likewise what the two say.
    let truth: [Int], first: [Int], second: [Int]
    /// A number for each row and class [rows × classes].
    let p: [Float], q: [Float]
    /// Whether p and q are probabilities.
    var areProbabilities = (p: true, q: true)

    func behaviour(rowNumbers: [Int], limit: Int) -> PairBehaviour {
        var (bothRight, bothWrong, onlyFirst, onlySecond, disagreements) = (0, 0, 0, 0, 0)
        for row in truth.indices {
            switch (first[row] == truth[row], second[row] == truth[row]) {
            case (true, true): bothRight += 1
            case (false, false): bothWrong += 1
            case (true, false): onlyFirst += 1
            case (false, true): onlySecond += 1
            }
            if first[row] != second[row] { disagreements += 1 }
        }
        let distances = truth.indices.map(distance)
        let rows = PairBehaviour.furthest(distances, limit: limit).map { row in
            PairBehaviour.RowDifference(
                row: rowNumbers[row] + 1, truth: .label(names[truth[row]], output: nil, isProbability: false),
                first: value(first, p, areProbabilities.p, row), second: value(second, q, areProbabilities.q, row),
                distance: distances[row])
        }
        let test = McNemarTest(onlyFirstRight: onlyFirst, onlySecondRight: onlySecond)
        return PairBehaviour(
            disagreements: disagreements, of: truth.count,
            test: .mcNemar(test, bothRight: bothRight, bothWrong: bothWrong), rows: rows)
    }

    private func value(
        _ classes: [Int], _ outputs: [Float], _ areProbabilities: Bool, _ row: Int
    ) -> PairBehaviour.Value {
        .label(
            names[classes[row]], output: outputs[row * names.count + classes[row]], isProbability: areProbabilities)
    }

    private func distance(_ row: Int) -> Double {
        (0..<names.count).reduce(0) { sum, label in
            let place = row * names.count + label
            return sum + abs(Double(p[place]) - Double(q[place]))
        } / 2
    }
}

/// Two regressions of the same rows, in the target's own units.
struct NumberPair {
    let truth: [Double], first: [Double], second: [Double]

    func behaviour(rowNumbers: [Int], limit: Int) -> PairBehaviour {
        let distances = zip(first, second).map { abs($0 - $1) }
        let rows = PairBehaviour.furthest(distances, limit: limit).map { row in
            PairBehaviour.RowDifference(
                row: rowNumbers[row] + 1, truth: .number(truth[row]), first: .number(first[row]),
                second: .number(second[row]), distance: distances[row])
        }
        let differences = truth.indices.map { abs(truth[$0] - second[$0]) - abs(truth[$0] - first[$0]) }
        return PairBehaviour(
            disagreements: zip(first, second).count { $0 != $1 }, of: truth.count,
            test: .pairedT(PairedTTest(differences)), rows: rows)
    }
}
