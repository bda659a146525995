import BPRegistry

/// Runs that have the same values of some fields, and the mean and spread of their measures.
struct RunGroup {
    /// The values that they share.
    let values: [FieldValue]
    private(set) var runs = 0
    private(set) var loss = Spread()
    private(set) var score = Spread()
    private(set) var test = Spread()
    /// The names of the scores that were added.
    private(set) var scoreNames: Set<String> = []
    /// How often each comparability occurs among the runs with a best validation loss.
    private(set) var grounds: [Comparability?: Int] = [:]

    init(_ values: [FieldValue]) { self.values = values }

    /// The fields that a group needs of each run, by their names in a query.
    static let names = ["best_val_loss", "best.val_score", "test_accuracy", "test_r2"]

    /// - Parameters:
    ///   - measures: the values of the fields in `names`.
    ///   - ground: nil if it is not known.
    mutating func add(_ run: RunRecord, _ measures: [String: Double], _ ground: Comparability?) {
        runs += 1
        func finite(_ name: String) -> Double? { measures[name].flatMap { $0.isFinite ? $0 : nil } }
        if let value = finite("best_val_loss") {
            loss.add(value)
            grounds[ground, default: 0] += 1
        }
        if let value = finite("best.val_score") { score.add(value) }
        if let value = finite("test_accuracy") ?? finite("test_r2") { test.add(value) }
        if let name = run.scoreName { scoreNames.insert(name) }
    }

    /// The name of the score; nil if the runs have none, or several whose mean would mean nothing.
    var scoreName: String? { scoreNames.count == 1 ? scoreNames.first : nil }

    /// The places of the groups with the lowest mean loss, each among two or more that have as many runs on each split, so
    /// that their means can be compared.
    static func best(_ groups: [RunGroup]) -> Set<Int> {
        let known = groups.indices.filter { groups[$0].loss.count > 0 && groups[$0].grounds[nil] == nil }
        let sets = Dictionary(grouping: known) { groups[$0].grounds }.values.filter { $0.count > 1 }
        return Set(
            sets.compactMap { places in
                places.min { (groups[$0].loss.mean ?? .infinity, $0) < (groups[$1].loss.mean ?? .infinity, $1) }
            })
    }
}
