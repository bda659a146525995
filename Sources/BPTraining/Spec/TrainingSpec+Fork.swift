import BPCore
import BPData

extension TrainingSpec {
    /// This spec with the changes that `options` ask for, for a run that goes on from its weights.
    /// - Parameters:
    ///   - run: the run whose spec this is, for errors.
    ///   - epoch: how many epochs have ended when the new run begins, as does a schedule of its own.
    ///   - table: the data of the new run.
    /// - Returns: the spec, its dataset still this one's; the split of `table`; and the settings that change and can do so
    ///   only if an epoch ends there.
    /// - Throws: `specChanged` for what makes another network or another task of it, `setting`.
    func forked(
        _ options: TrainingOptions, run: Int, after epoch: Int, table: Table
    ) throws -> (spec: TrainingSpec, split: Split, epochwise: [String]) {
        var spec = self
        try spec.take(options.inheriting(self))
        let names = Set(SettingCatalogue.training.settings.filter { $0.change == .never }.map(\.name))
        let lasting = changes(options, trainingRows: 0).filter { names.contains($0.name) }
        guard lasting.isEmpty else { throw TrainingError.cannotFork(run: run, changes: lasting) }
        if options.changesSchedule { spec.scheduleStart = epoch }
        if spec.schedule == .constant { spec.scheduleStart = 0 }
        spec.columns = try columns(of: table, run: run)
        let split = try spec.split(table)
        let rows = split.training.count
        switch options.batchSize {
        case .all: spec.batchSize = rows
        case .rows: break
        case nil: spec.batchSize = min(batchSize, rows)
        }
        guard spec.batchSize <= rows else {
            throw TrainingError.setting(
                name: "batch size", value: "\(spec.batchSize)", allowed: "at most the \(rows) training rows, or all")
        }
        let epochwise = SettingCatalogue.training.settings.filter { setting in
            setting.change == .atEpochEnd && setting.value(in: spec) != setting.value(in: self)
        }
        return (spec, split, epochwise.map(\.name))
    }

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
        let choices = TrainingChoices(options: self)
        return SettingCatalogue.training.settings.contains { setting in
            (setting.name == "schedule" || setting.owner?.setting == "schedule") && setting.asked(choices) != nil
        }
    }
}
