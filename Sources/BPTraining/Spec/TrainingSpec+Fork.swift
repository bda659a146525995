import BPCore
import BPData

extension TrainingSpec {
    /// This spec with the changes that `options` ask for, for a run that goes on from its weights.
    /// - Parameters:
    ///   - run: the run whose spec this is, for errors.
    ///   - epoch: how many epochs have ended where the new run begins: a schedule of its own begins there.
    ///   - table: the data of the new run.
    /// - Returns: the spec, its dataset still this one's; and the settings that can change only where an epoch ends.
    /// - Throws: `specChanged` for what makes another network or another task of it, `setting`.
    func forked(
        _ options: TrainingOptions, run: Int, after epoch: Int, table: Table
    ) throws -> (spec: TrainingSpec, epochwise: [String]) {
        let merged = options.inheriting(self)
        try merged.validate()
        let lasting = changes(options, trainingRows: 0).filter { TrainingSpec.lasting.contains($0.name) }
        guard lasting.isEmpty else { throw TrainingError.cannotFork(run: run, changes: lasting) }
        var spec = self
        spec.optimizer = try merged.resolvedOptimizer()
        spec.weightDecay = merged.resolvedWeightDecay
        spec.schedule = try merged.resolvedSchedule(learningRate: spec.optimizer.learningRate)
        if options.changesSchedule { spec.scheduleStart = epoch }
        if spec.schedule == .constant { spec.scheduleStart = 0 }
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
            throw TrainingError.setting(
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
    /// Whether they say anything of the schedule.
    fileprivate var changesSchedule: Bool {
        schedule != nil || scheduleEpochs != nil || gamma != nil || stepEpochs != nil || minimumRate != nil
            || warmup != nil
    }

    /// These choices; where they are silent, the shares of `spec`, the numbers of its rule if the rule stays, its decay, and those
    /// of its schedule if that stays.
    func inheriting(_ spec: TrainingSpec) -> TrainingOptions {
        var merged = self
        merged.validation = validation ?? spec.fractions.validation
        merged.test = test ?? spec.fractions.test
        merged.inheritRule(of: spec)
        merged.inheritSchedule(of: spec)
        return merged
    }

    private mutating func inheritRule(of spec: TrainingSpec) {
        let rule = OptimizerName(rawValue: spec.optimizer.name)
        // λ is no number of the rule, but AdamW's is another kind.
        if ((optimizer ?? rule) == .adamw) == (rule == .adamw) { weightDecay = weightDecay ?? spec.weightDecay }
        guard optimizer == nil || optimizer == rule else { return }
        optimizer = rule
        learningRate = learningRate ?? spec.optimizer.learningRate
        switch spec.optimizer {
        case .sgd: break
        case .momentum(_, let momentum): self.momentum = self.momentum ?? momentum
        case .adam(_, let beta1, let beta2, let epsilon), .adamw(_, let beta1, let beta2, let epsilon):
            self.beta1 = self.beta1 ?? beta1
            self.beta2 = self.beta2 ?? beta2
            self.epsilon = self.epsilon ?? epsilon
        }
    }

    private mutating func inheritSchedule(of spec: TrainingSpec) {
        let name = ScheduleName(rawValue: spec.schedule.name)
        guard schedule == nil || schedule == name else { return }
        schedule = name
        scheduleEpochs = scheduleEpochs ?? spec.schedule.epochs
        warmup = warmup ?? spec.schedule.warmup
        switch spec.schedule.curve {
        case .constant: break
        case .step(let gamma, let every):
            self.gamma = self.gamma ?? gamma
            stepEpochs = stepEpochs ?? every
        case .exponential(let gamma): self.gamma = self.gamma ?? gamma
        case .cosine(let minimum): minimumRate = minimumRate ?? minimum
        }
    }
}
