/// Changes to the command that was typed, which make the command to type next.
package struct Correction: Sendable, Equatable {
    private enum Change: Sendable, Equatable {
        /// The option has this value; it is added if it was not typed.
        case set(option: String, value: String)
        /// The option is gone, and its value with it.
        case remove(option: String, hasValue: Bool)
        /// A word that was typed once is another one, or gone.
        case replace(word: String, with: String?)
        /// Words behind the others.
        case add([String])
    }

    private var changes: [Change] = []
    private var remark: String?

    private init(_ changes: [Change], _ remark: String?) { (self.changes, self.remark) = (changes, remark) }

    /// Other values of some options.
    /// - Parameter remark: what follows the command as a comment.
    package static func setting(
        _ values: [(option: String, value: String)], remark: String? = nil
    ) -> Correction {
        Correction(values.map { .set(option: $0.option, value: $0.value) }, remark)
    }

    /// Without these options and their values.
    package static func removing(_ options: String..., flags: [String] = [], remark: String? = nil) -> Correction {
        removing(options, flags: flags, remark: remark)
    }

    package static func removing(_ options: [String], flags: [String] = [], remark: String? = nil) -> Correction {
        Correction(
            options.map { .remove(option: $0, hasValue: true) } + flags.map { .remove(option: $0, hasValue: false) },
            remark)
    }

    /// With another word in the place of one, or without it.
    package static func replacing(_ word: String, with other: String?, remark: String? = nil) -> Correction {
        Correction([.replace(word: word, with: other)], remark)
    }

    /// With more words behind the others.
    package static func adding(_ words: [String], remark: String? = nil) -> Correction {
        Correction([.add(words)], remark)
    }

    /// With the changes of another correction too.
    package func and(_ other: Correction) -> Correction {
        Correction(changes + other.changes, other.remark ?? remark)
    }

    /// The command that the changes make of the words behind the program's name; nil if a change finds nothing to change.
    func command(_ typed: [String]) -> String? {
        guard !typed.isEmpty else { return nil }
        var words = typed
        for change in changes { guard Correction.make(change, &words) else { return nil } }
        return "bpreg " + words.map(ShellText.quoted).joined(separator: " ") + (remark.map { "   # " + $0 } ?? "")
    }

    private static func make(_ change: Change, _ words: inout [String]) -> Bool {
        // Behind -- there are no options.
        let end = words.firstIndex(of: "--") ?? words.count
        switch change {
        case .set(let option, let value):
            if let place = words.firstIndex(of: option), place + 1 < words.count {
                words[place + 1] = value
            } else if let place = words.firstIndex(where: { $0.hasPrefix(option + "=") }) {
                words[place] = option + "=" + value
            } else {
                words.insert(contentsOf: [option, value], at: end)
            }
        case .remove(let option, let hasValue):
            let places = words.indices.filter { words[$0] == option || words[$0].hasPrefix(option + "=") }
            guard !places.isEmpty else { return false }
            for place in places.reversed() {
                let length = hasValue && words[place] == option ? 2 : 1
                words.removeSubrange(place..<min(words.count, place + length))
            }
        case .replace(let word, let other):
            guard words.count(where: { $0 == word }) == 1, let place = words.firstIndex(of: word) else { return false }
            words.replaceSubrange(place...place, with: other.map { [$0] } ?? [])
        case .add(let more): words.insert(contentsOf: more, at: end)
        }
        return true
    }
}
