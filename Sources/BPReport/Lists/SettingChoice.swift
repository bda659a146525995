import BPRegistry
import BPTraining

/// The settings that a list shows: those in which its runs differ, the most varied first.
struct SettingChoice {
    /// The settings that are shown.
    let shown: [ListedField]
    /// The names of those for which there is no room.
    let leftOut: [String]

    /// The maximum number of settings that a list shows.
    static let most = 6

    /// - Parameter others: fields that the list shows anyway.
    init(_ outline: ListOutline, besides others: [ListedField]) {
        let order = SettingCatalogue.training.settings.enumerated().filter { $0.element.option != nil }
        var ranked: [(field: ListedField, values: Int, place: Int)] = []
        for (variety, field) in outline.settings {
            guard let (place, setting) = order.first(where: { $0.element.row == variety.name }) else { continue }
            // A setting that belongs to another one, such as beta1 to adam, is missing in some runs because of that one.
            let isMissing = setting.owner == nil && variety.runs < outline.runCount
            let values = variety.values + (isMissing ? 1 : 0)
            if values > 1 { ranked.append((field, values, place)) }
        }
        func values(_ name: String) -> Int { ranked.first { $0.field.name.hasSuffix(name) }?.values ?? 0 }
        let decided = max(values("target"), values("task"))
        let isDecided = ranked.map { setting in
            SettingChoice.decidedByTarget.contains { setting.field.name.hasSuffix($0) } && setting.values <= decided
                || (setting.field.name.hasSuffix("task") && setting.values <= values("target"))
        }
        let fields = zip(ranked, isDecided).filter { !$0.1 }.map(\.0)
            .sorted { ($1.values, $0.place) < ($0.values, $1.place) }.map(\.field)
            .filter { field in !others.contains { $0.means(field) } }
        shown = Array(fields.prefix(SettingChoice.most))
        leftOut = fields.dropFirst(SettingChoice.most).map(\.name)
    }

    /// Settings that follow from the target unless a person chooses otherwise. If runs have different targets, these say
    /// nothing more.
    private static let decidedByTarget = ["output_activation", "loss"]
}
