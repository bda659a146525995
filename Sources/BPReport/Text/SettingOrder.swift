import BPTraining

/// The order in which people think of settings: that of the options of `train`, and then what the data and the shape decide.
enum SettingOrder {
    private static let places = Dictionary(
        uniqueKeysWithValues: SettingCatalogue.training.settings.compactMap(\.row).enumerated().map { ($1, $0) })

    static func sorted<Element>(_ elements: [Element], by name: (Element) -> String) -> [Element] {
        elements.sorted { first, second in
            let (one, other) = (name(first), name(second))
            return (places[one] ?? .max, one) < (places[other] ?? .max, other)
        }
    }
}
