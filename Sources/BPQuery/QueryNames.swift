import BPText

/// Names separated by commas: the columns of a list, or the names by which its rows are grouped.
package struct QueryNames<Access: Sendable>: Sendable {
    package let fields: [QueryField<Access>]

    /// The maximum number of names.
    private static var most: Int { 64 }

    /// Reads the names.
    /// - Parameter kind: `columns` or `groups`. Rows are grouped by names that have one value each.
    /// - Throws: `QueryError`, or an error of the vocabulary.
    package init(_ text: String, _ kind: QueryError.Kind, _ vocabulary: some QueryVocabulary<Access>) throws {
        var fields: [QueryField<Access>] = []
        var place = 0
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let length = part.unicodeScalars.count
            defer { place += length + 1 }
            let lead = part.unicodeScalars.prefix { $0 == " " }.count
            let name = part.filter { $0 != " " }[...]
            func fault(_ reason: String, near: [String] = []) -> QueryError {
                QueryError(kind, text, at: place + lead, length: length - lead, reason, near: near)
            }
            guard fields.count < QueryNames.most else { throw fault("more than \(QueryNames.most) names") }
            guard Lexer.isName(name) else { throw fault("a name is expected here") }
            guard let field = try vocabulary.field(ComposedText.of(String(name))) else {
                let purpose = kind == .groups ? "to group by" : "to show"
                throw fault("there is no \(name) \(purpose)", near: try vocabulary.suggestions(for: String(name)))
            }
            if fields.contains(where: { $0.name == field.name }) { throw fault("\(name) is named twice") }
            if kind == .groups, field.forms[0].isMultivalued {
                throw fault("\(name) may have several values, by which nothing is grouped")
            }
            fields.append(field)
        }
        self.fields = fields
    }
}
