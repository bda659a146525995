import BPStore

/// The keys by which a list is sorted: `val_loss,-started`. What is not there, or is NaN, comes last either way.
struct QuerySort: Sendable, Equatable {
    let keys: [Key]

    struct Key: Sendable, Equatable {
        let field: QueryField
        let isDescending: Bool
    }

    /// Keys of a list.
    static let most = 16

    /// Reads names parted by commas, each with a `-` in front for the largest first.
    /// - Throws: `QueryError`, or what the vocabulary meets.
    init(_ text: String, _ vocabulary: any QueryVocabulary) throws {
        var keys: [Key] = []
        var place = 0
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let length = part.unicodeScalars.count
            defer { place += length + 1 }
            let lead = part.unicodeScalars.prefix { $0 == " " }.count
            var name = part.filter { $0 != " " }[...]
            let isDescending = name.hasPrefix("-")
            if isDescending || name.hasPrefix("+") { name = name.dropFirst() }
            guard keys.count < QuerySort.most else {
                throw QueryError(.sort, text, at: place, length: length, "more than \(QuerySort.most) keys")
            }
            guard QueryLexer.isName(name) else {
                throw QueryError(.sort, text, at: place, length: length, "a name is expected here, or - and a name")
            }
            guard let field = try vocabulary.field(String(name)) else {
                throw QueryError(
                    .sort, text, at: place + lead, length: length - lead, "there is no \(name) to sort by",
                    near: nearOrBegun(String(name), try vocabulary.names()).map { (isDescending ? "-" : "") + $0 })
            }
            guard case .value = field.forms[0].source else {
                throw QueryError(
                    .sort, text, at: place + lead, length: length - lead,
                    "\(name) may have several values, by which nothing is sorted")
            }
            keys.append(Key(field: field, isDescending: isDescending))
        }
        self.keys = keys
    }

    /// What follows ORDER BY; `last` decides between equals.
    func sql(_ last: String) -> QuerySQL {
        keys.reduce(QuerySQL("")) { sum, key in
            sum
                + key.field.forms.reduce(QuerySQL("")) {
                    $0 + $1.scalar + (key.isDescending ? " DESC NULLS LAST, " : " ASC NULLS LAST, ")
                }
        } + last
    }
}
