import BPRegistry

/// A sentence about a list that is sorted by a measure although its rows cannot be ranked by it.
enum RankingNote {
    /// nil if the list is not sorted by a measure, or if all rows can be compared with the first.
    /// - Parameter name: the name of a row, by its number.
    static func text(_ outline: ListOutline, _ noun: String, name: (Int) -> String) -> String? {
        guard let key = outline.sorted.first else { return nil }
        let text = FieldText(key)
        guard text.isMeasure else { return nil }
        let rows = outline.rows.filter { outline.grounds[$0] != nil && outline.ranks[$0] != nil }
        guard let base = rows.first, let ground = outline.grounds[base] else { return nil }
        var reasons: [Reason] = []
        for row in rows.dropFirst() {
            guard let other = outline.grounds[row] else { continue }
            let differences = ground.differences(from: other, by: text.isScore ? .score : .loss)
            guard !differences.isEmpty else { continue }
            // Other data have other rows anyway.
            let told = differences.contains(.dataset) ? [.dataset] : differences
            let parts = told.map { words(of: $0) }
            if let index = reasons.firstIndex(where: { $0.whats == parts.map(\.what) }) {
                reasons[index].add(row, parts.map(\.value))
            } else {
                var reason = Reason(whats: parts.map(\.what))
                reason.add(row, parts.map(\.value))
                reasons.append(reason)
            }
        }
        guard !reasons.isEmpty else { return nil }
        return "\(key.name) does not rank all of these \(noun)s. Unlike \(noun) \(name(base)), "
            + reasons.map { $0.text(noun, name) }.joined(separator: "; ")
    }

    /// Something in which rows differ, and the word before its values.
    private struct What: Equatable {
        let words: String
        let label: String

        init(_ words: String, _ label: String = "") { (self.words, self.label) = (words, label) }
    }

    /// Rows that differ from the first in the same things.
    private struct Reason {
        let whats: [What]
        private var rows: [Int] = []
        private var values: [[String]] = []

        init(whats: [What]) { self.whats = whats }

        mutating func add(_ row: Int, _ texts: [String?]) {
            rows.append(row)
            if values.isEmpty { values = texts.map { _ in [] } }
            for (index, text) in texts.enumerated() {
                // A few values are enough to show.
                guard let text, values[index].count < 4, !values[index].contains(text) else { continue }
                values[index].append(text)
            }
        }

        /// `runs 3, 4 and 7 more have another split (seed 2, 3)`
        func text(_ noun: String, _ name: (Int) -> String) -> String {
            let names = ListText.some(rows.map(name), most: 4)
            let parts = zip(whats, values).map { what, values in
                let shown = values.prefix(3).joined(separator: ", ") + (values.count > 3 ? ", …" : "")
                return what.words + (values.isEmpty ? "" : " (\(what.label)\(shown))")
            }
            return "\(noun)\(rows.count == 1 ? "" : "s") \(names) \(rows.count == 1 ? "has" : "have") "
                + parts.joined(separator: " and ")
        }
    }

    private static func words(of difference: Comparability.Difference) -> (what: What, value: String?) {
        switch difference {
        case .dataset: (What("other data"), nil)
        case .target(let name): (What("another target"), name)
        case .shares(let validation, let test):
            (What("another split"), "validation \(validation), test \(test)")
        case .splitSeed(let seed): (What("another split", "seed "), seed)
        case .loss(let name): (What("another loss function"), name)
        case .scale: (What("another scale of the target"), nil)
        }
    }
}

/// Names in a sentence.
enum ListText {
    /// `1, 2 and 3`, or `1, 2, 3, 4 and 7 more`.
    static func some(_ names: [String], most: Int) -> String {
        if names.count > most {
            return names.prefix(most).joined(separator: ", ") + " and \(NumberText.grouped(names.count - most)) more"
        }
        guard names.count > 1, let last = names.last else { return names.joined() }
        return names.dropLast().joined(separator: ", ") + " and " + last
    }
}
