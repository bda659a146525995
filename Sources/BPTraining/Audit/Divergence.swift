import BPCore
public import BPRegistry

/// Where two histories part: the first loss that differs, and the first update after which the weights do.
public struct Divergence: Sendable, Equatable {
    /// The lines compared: each ends in a segment of a run.
    public let lines: [Line]
    /// The first iteration whose recorded losses differ; nil where those that both have are equal.
    public let firstLoss: LossPair?
    /// The first state that differs; nil where none does, or where the networks cannot be compared.
    public let firstState: StatePair?
    /// Why states were not compared.
    public let incomparable: String?
    /// Settings in which the runs differ.
    public let settings: [SettingPair]

    /// A line of a run.
    public struct Line: Sendable, Equatable {
        /// The run.
        public let run: Int
        /// The segment in which it ends.
        public let segment: Int
        /// Its last iteration.
        public let iterations: Int
    }

    /// The losses of one iteration.
    public struct LossPair: Sendable, Equatable {
        /// The iteration.
        public let iteration: Int
        /// The loss in the first run.
        public let first: Float
        /// The loss in the second.
        public let second: Float
    }

    /// Two states after the same number of updates, of which the parameters differ.
    public struct StatePair: Sendable, Equatable {
        /// Updates: 0 is the first weights.
        public let iteration: Int
        /// Each layer's weights and biases, from the input's side.
        public let layers: [ParameterDifference]

        /// The layers that differ, counted from 1.
        public var differing: [Int] { layers.indices.filter { layers[$0].changed > 0 }.map { $0 + 1 } }
    }

    /// A setting in which the runs differ; nil where one has no such setting.
    public struct SettingPair: Sendable, Equatable {
        /// The setting's name.
        public let name: String
        /// Its value in the first run.
        public let first: SettingValue?
        /// Its value in the second.
        public let second: SettingValue?
    }

    /// Whether nothing differs in what both have.
    public var isNone: Bool { firstLoss == nil && firstState == nil && incomparable == nil }

    /// Compares the lines of two runs: of their heads, or of the segments named.
    /// - Parameter file: the data of either run, or of both, if the registry keeps only their hash.
    /// - Throws: `TrainingError.notReproducible` if a run does not recompute; `RegistryError`, `DataError`, `CoreError`.
    public init(
        _ first: (run: Int, segment: Int?), _ second: (run: Int, segment: Int?), in registry: Registry,
        threads: Int? = nil, file: DataFile? = nil
    ) throws {
        let given = try GivenData(file, ofRuns: [first.run, second.run], in: registry)
        let cursors = try [first, second].map { line in
            try LineCursor(run: line.run, segment: line.segment, in: registry, threads: threads, given: given)
        }
        lines = cursors.map { Line(run: $0.run, segment: $0.segment, iterations: $0.last) }
        settings = try Divergence.settings(first.run, second.run, in: registry)
        firstLoss = try Divergence.firstLoss(cursors, in: registry)
        let network = try cursors[0].network
        guard try network == cursors[1].network else {
            (incomparable, firstState) = ("the networks differ", nil)
            return
        }
        incomparable = nil
        // The loss of iteration t is that of the weights after t − 1 updates.
        let upper = firstLoss.map { $0.iteration - 1 } ?? min(cursors[0].last, cursors[1].last)
        var search = StateSearch(cursors, network: network)
        firstState = try search.first(upTo: upper, marks: search.marks(before: upper, in: registry))
    }

    private static func firstLoss(_ cursors: [LineCursor], in registry: Registry) throws(RegistryError) -> LossPair? {
        let last = min(cursors[0].last, cursors[1].last)
        var losses = cursors.map { RecordedLosses(registry, run: $0.run, segment: $0.segment, last: last) }
        for iteration in stride(from: 1, through: last, by: 1) {
            let (first, second) = (try losses[0][iteration], try losses[1][iteration])
            if first.bitPattern != second.bitPattern {
                return LossPair(iteration: iteration, first: first, second: second)
            }
        }
        return nil
    }

    /// The settings in which two runs differ, by name.
    public static func settings(
        _ first: Int, _ second: Int, in registry: Registry
    ) throws(RegistryError) -> [SettingPair] {
        settings(try registry.settings(ofRun: first), try registry.settings(ofRun: second))
    }

    /// The settings in which two runs differ, by name.
    package static func settings(_ first: [Setting], _ second: [Setting]) -> [SettingPair] {
        let (ofFirst, ofSecond) = (
            Dictionary(first.withFollowing.map { ($0.name, $0.value) }) { first, _ in first },
            Dictionary(second.withFollowing.map { ($0.name, $0.value) }) { first, _ in first }
        )
        return Set(ofFirst.keys).union(ofSecond.keys).sorted()
            .map { SettingPair(name: $0, first: ofFirst[$0], second: ofSecond[$0]) }
            .filter { $0.first != $0.second }
    }
}

/// Looks for the first state in which two lines differ, taking it that lines which have parted stay apart.
private struct StateSearch {
    private var first: LineCursor
    private var second: LineCursor
    private let network: Network

    init(_ cursors: [LineCursor], network: Network) {
        (first, second, self.network) = (cursors[0], cursors[1], network)
    }

    /// Where states of the first line are stored: cheap to compare at.
    func marks(before upper: Int, in registry: Registry) throws(RegistryError) -> [Int] {
        let stored = try registry.keyframes(ofRun: first.run, segment: first.segment)
        return Set(stored.filter { $0.kind == .full && $0.iteration < upper }.map(\.iteration) + [0]).sorted()
    }

    /// The first that differs at or before `upper`; nil where the states there are equal.
    mutating func first(upTo upper: Int, marks: [Int]) throws -> Divergence.StatePair? {
        guard var found = try compare(upper) else { return nil }
        // Back from mark to mark, to a state that both share.
        for mark in marks.reversed() where mark < found.iteration {
            guard let different = try compare(mark) else { return try first(after: mark, found) }
            found = different
        }
        return found
    }

    /// The first that differs between `equal`, where they do not, and `found`: in strides, the last of which is gone
    /// through again in smaller ones.
    private mutating func first(
        after equal: Int, _ found: Divergence.StatePair
    ) throws -> Divergence.StatePair {
        var (equal, found) = (equal, found)
        while found.iteration - equal > 1 {
            let step = max(1, Int(Double(found.iteration - equal).squareRoot()))
            let limit = found.iteration
            for iteration in stride(from: equal + step, to: limit, by: step) {
                if let different = try compare(iteration) {
                    found = different
                    break
                }
                equal = iteration
            }
        }
        return found
    }

    /// The states after `iteration` updates; nil where they are equal, bit for bit.
    private mutating func compare(_ iteration: Int) throws -> Divergence.StatePair? {
        let (ofFirst, ofSecond) = (try first.parameters(at: iteration), try second.parameters(at: iteration))
        let layers = network.layers.indices.map { index in
            let range = network.weightRange(layer: index).lowerBound..<network.biasRange(layer: index).upperBound
            return ParameterDifference(from: ofFirst[range], to: ofSecond[range])
        }
        guard layers.contains(where: { $0.changed > 0 }) else { return nil }
        return Divergence.StatePair(iteration: iteration, layers: layers)
    }
}
