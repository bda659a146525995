import BPCore
import BPData

extension TrainingSpec {
    /// This spec with the changes that `options` ask for, for a run that goes on from its weights.
    /// - Parameters:
    ///   - run: the run whose spec this is, for errors.
    ///   - table: the data of the new run.
    /// - Returns: the spec, its dataset still this one's; and the settings that can change only where an epoch ends.
    /// - Throws: `specChanged` for what makes another network or another task of it, `setting`.
    func forked(
        _ options: TrainingOptions, run: Int, table: Table
    ) throws(TrainingError) -> (spec: TrainingSpec, epochwise: [String]) {
        try options.validate(inheriting: self)
        let lasting = changes(options, trainingRows: 0).filter { TrainingSpec.lasting.contains($0.name) }
        guard lasting.isEmpty else { throw .cannotFork(run: run, changes: lasting) }
        var spec = self
        spec.optimizer = try options.inheriting(self).resolvedOptimizer()
        spec.seed = options.seed ?? seed
        spec.shuffle = options.shuffle ?? shuffle
        spec.tolerance = options.tolerance ?? tolerance
        spec.fractions = try fromData { () throws(DataError) in
            try SplitFractions(
                validation: options.validation ?? fractions.validation, test: options.test ?? fractions.test)
        }
        spec.columns = try columns(of: table, run: run)
        let rows = try fromData { () throws(DataError) in try spec.split(table) }.training.count
        switch options.batchSize {
        case .all: spec.batchSize = rows
        case .rows(let size): spec.batchSize = size
        case nil: spec.batchSize = min(batchSize, rows)
        }
        guard spec.batchSize <= rows else {
            throw .setting(
                name: "batch size", value: "\(spec.batchSize)", allowed: "at most the \(rows) training rows, or all")
        }
        let epochwise = [
            ("batch size", spec.batchSize == batchSize), ("seed", spec.seed == seed),
            ("shuffle", spec.shuffle == shuffle), ("validation", spec.fractions.validation == fractions.validation),
            ("test", spec.fractions.test == fractions.test),
        ]
        return (spec, epochwise.filter { !$0.1 }.map(\.0))
    }

    /// Settings that its weights are made for, by the names that `changes` gives them.
    private static let lasting: Set<String> = [
        "target", "task", "ignore", "hidden", "activation", "output activation", "loss", "initializer",
    ]

    /// The columns of `table` and what they are for: the same as here, in the table's order.
    private func columns(of table: Table, run: Int) throws(TrainingError) -> [ColumnRole] {
        let roles = Dictionary(columns.map { ($0.name, $0) }) { first, _ in first }
        let here = Set(table.columns.map(\.name))
        let missing = columns.map(\.name).filter { !here.contains($0) }
        let other = table.columns.map(\.name).filter { roles[$0] == nil }
        guard missing.isEmpty, other.isEmpty else { throw .otherColumns(run: run, missing: missing, other: other) }
        return table.columns.compactMap { roles[$0.name] }
    }
}

extension TrainingOptions {
    /// Checks the numbers, those of the rule together with what is inherited.
    func validate(inheriting spec: TrainingSpec) throws(TrainingError) {
        var merged = inheriting(spec)
        merged.validation = validation ?? spec.fractions.validation
        merged.test = test ?? spec.fractions.test
        try merged.validate()
    }

    /// These choices, with the numbers of the rule of `spec` where nothing else is said and the rule stays.
    func inheriting(_ spec: TrainingSpec) -> TrainingOptions {
        var merged = self
        guard optimizer == nil || optimizer?.rawValue == spec.optimizer.name else { return merged }
        merged.optimizer = OptimizerName(rawValue: spec.optimizer.name)
        merged.learningRate = learningRate ?? spec.optimizer.learningRate
        switch spec.optimizer {
        case .sgd: break
        case .momentum(_, let momentum): merged.momentum = self.momentum ?? momentum
        case .adam(_, let beta1, let beta2, let epsilon):
            merged.beta1 = self.beta1 ?? beta1
            merged.beta2 = self.beta2 ?? beta2
            merged.epsilon = self.epsilon ?? epsilon
        }
        return merged
    }
}
