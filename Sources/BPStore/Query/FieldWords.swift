/// The words of options, lists and `show` that are spelled otherwise than the fields they mean.
enum FieldWords {
    private static let words = [
        "batch": "batch_size", "rule": "optimizer", "aliases": "alias", "notes": "note", "tags": "tag",
        "archived": "archive", "sha-256": "weights_sha256",
    ]

    /// The field that a word means: `learning-rate` is `learning_rate`. nil if it is spelled as a field is.
    static func written(_ word: String) -> String? {
        if let field = words[word.lowercased()] { return field }
        let plain = String(word.map { $0 == "-" ? "_" : $0 })
        return plain == word ? nil : plain
    }
}
