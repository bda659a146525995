public import BPData

extension LoadedModel {
    /// The rules by which new data for this model are read: those of its own data, so that a value is the same category
    /// as it was in training.
    ///
    /// Rules 1 kept the spaces around text. A category that has some shows that they were used.
    public var readingRules: ReadingRules { model.encoding.hasOuterSpaces ? .first : .newest }
}

extension Encoding {
    /// Whether a category or class begins or ends with a space or a tab.
    fileprivate var hasOuterSpaces: Bool {
        var texts = features.flatMap { feature in
            if case .categories(_, let categories) = feature { categories } else { [String]() }
        }
        if case .texts(let classes)? = classes { texts += classes }
        let blanks: Set<UInt8> = [0x20, 0x09]
        return texts.contains { text in
            [text.utf8.first, text.utf8.last].compactMap { $0 }.contains(where: blanks.contains)
        }
    }
}
