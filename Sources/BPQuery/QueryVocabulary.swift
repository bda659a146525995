import BPText

/// The names that an expression may use, and their fields.
///
/// The query language only knows a field's name and type. The vocabulary decides how a value is found (`Access`), and
/// its compiler reads that from the checked expression.
package protocol QueryVocabulary<Access> {
    /// The way in which this vocabulary finds a field's value.
    associatedtype Access: Sendable
    /// The field called `name`; nil if there is none.
    func field(_ name: String) throws -> QueryField<Access>?
    /// The field that `name` would mean if another field did not take precedence; nil if there is none. People can
    /// write the field's own name instead.
    func hiddenField(_ name: String) throws -> QueryField<Access>?
    /// All names, for suggestions after a mistyped name.
    func names() throws -> [String]
}

extension QueryVocabulary {
    /// Nil: no field hides another.
    package func hiddenField(_ name: String) throws -> QueryField<Access>? { nil }

    /// The name here of what others call `name`. Otherwise at most three names that begin with `name`, the shortest first, then names near it: `val_acc` is `val_accuracy`
    /// cut short.
    func suggestions(for name: String) throws -> [String] {
        let names = try names().sorted()
        let common = CommonNames.option(name).map { String($0.map { $0 == "-" ? "_" : $0 }) }
        if let common, names.contains(common) { return [common] }
        let begun = name.count < 3 ? [] : Set(names.filter { $0.hasPrefix(name) })
        let first = begun.sorted { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
        return Array((first + NearNames.of(name, among: names.filter { !begun.contains($0) })).prefix(3))
    }
}
