import BPRegistry
import BPTraining

/// What distinguishes the runs of several curves, for their legend.
struct CurveLabels {
    /// Of each source the settings that differ, with its values: `learning_rate 0.1, hidden 64`; empty if none does.
    let texts: [String]

    /// The most columns that the settings of a curve take in a legend.
    private static let most = 50
    /// Settings that follow from others, or from the data.
    private static let derived: Set = ["inputs", "outputs", "parameters", "numerics"]

    init(_ sources: [CurveSource], in reading: any RegistryReading) throws {
        let tables = try sources.map { source in
            Dictionary(
                try reading.settings(ofRun: source.run.number).completed.map { ($0.name, $0.value) }
            ) { first, _ in first }
        }
        var names = Set(tables.flatMap(\.keys)).filter { name in
            !CurveLabels.derived.contains(name) && Set(tables.map { SettingText.of($0[name]) }).count > 1
        }
        // A split that follows the seed does not differ by itself.
        if tables.allSatisfy({ $0["split_seed"] == $0["seed"] }) { names.remove("split_seed") }
        // Numbers that one rule or schedule has, and another has not, are no news beside its name.
        for setting in SettingCatalogue.training.settings {
            guard let row = setting.row, let owner = setting.owner?.setting, names.contains(owner),
                tables.contains(where: { $0[row] == nil })
            else { continue }
            names.remove(row)
        }
        let hasOtherData = Set(sources.map(\.run.dataset)).count > 1
        func text(_ name: String, _ table: [String: SettingValue]) -> String {
            "\(name) \(SettingText.of(table[name]))"
        }
        // The most varied first: they distinguish most.
        let varieties = SettingOrder.sorted(Array(names)) { $0 }.enumerated().map { place, name in
            (name: name, values: Set(tables.map { SettingText.of($0[name]) }).count, place: place)
        }
        let ordered = varieties.sorted { ($1.values, $0.place) < ($0.values, $1.place) }.map(\.name)
        var room = CurveLabels.most
        let shown = ordered.prefix { name in
            room -= 2 + (tables.map { DisplayWidth.of(text(name, $0)) }.max() ?? 0)
            return room >= 0
        }
        texts = zip(sources, tables).map { source, table in
            var parts = shown.map { text($0, table) }
            if shown.count < ordered.count { parts.append("…") }
            if hasOtherData { parts.append("dataset \(source.run.dataset.short)") }
            return parts.joined(separator: ", ")
        }
    }
}
