import BPText

/// The keys for sorting a list: `val_loss,-started`. A missing value or NaN comes last in either direction.
package struct QuerySort<Access: Sendable>: Sendable {
    package let keys: [Key]

    package struct Key: Sendable {
        package let field: QueryField<Access>
        package let isDescending: Bool
    }

    /// The maximum number of keys.
    private static var most: Int { 16 }

    /// Whether a word of SQL asks for the largest first; nil for other words.
    private static func direction(_ word: Substring) -> Bool? {
        switch word.lowercased() {
        case "desc", "descending": true
        case "asc", "ascending": false
        default: nil
        }
    }

    /// Reads names separated by commas. A name with `-` in front sorts the largest value first.
    /// - Throws: `QueryError`, or an error of the vocabulary.
    package init(_ text: String, _ vocabulary: some QueryVocabulary<Access>) throws {
        var keys: [Key] = []
        var place = 0
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let length = part.unicodeScalars.count
            defer { place += length + 1 }
            let lead = part.unicodeScalars.prefix { $0 == " " }.count
            let words = part.split(separator: " ")
            if words.count == 2, let isDescending = QuerySort.direction(words[1]) {
                let key = (isDescending ? "-" : "") + words[0].drop { "+-".contains($0) }
                throw QueryError(
                    .sort, text, at: place + lead, length: length - lead,
                    "\(words[1]) is not known here: - in front of a name sorts the largest first", near: [key])
            }
            var name = part.filter { $0 != " " }[...]
            let isDescending = name.hasPrefix("-")
            if isDescending || name.hasPrefix("+") { name = name.dropFirst() }
            guard keys.count < QuerySort.most else {
                throw QueryError(.sort, text, at: place, length: length, "more than \(QuerySort.most) keys")
            }
            guard Lexer.isName(name) else {
                throw QueryError(.sort, text, at: place, length: length, "a name is expected here, or - and a name")
            }
            guard let field = try vocabulary.field(ComposedText.of(String(name))) else {
                throw QueryError(
                    .sort, text, at: place + lead, length: length - lead, "there is no \(name) to sort by",
                    near: try vocabulary.suggestions(for: String(name)).map { (isDescending ? "-" : "") + $0 })
            }
            guard !field.forms[0].isMultivalued else {
                throw QueryError(
                    .sort, text, at: place + lead, length: length - lead,
                    "\(name) may have several values, by which nothing is sorted")
            }
            keys.append(Key(field: field, isDescending: isDescending))
        }
        self.keys = keys
    }
}
