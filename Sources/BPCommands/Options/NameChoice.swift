import BPReport

/// The names that an option takes, and those that a later release will take.
///
/// A name is typed and recorded in one spelling. The error for a name of a later release differs from that for a typing
/// mistake, so that people do not look for a mistake that is not there.
struct NameChoice {
    let option: String
    let supported: [String]
    var later: [String] = []

    /// `name` as a value of `Value`, whose raw values are the names.
    func value<Value: RawRepresentable<String>>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
        guard supported.contains(name), let value = Value(rawValue: name) else { throw refusal(of: name) }
        return value
    }

    /// The error for a name that is not taken, with those that are.
    func refusal(of name: String) -> Failure {
        let place = "\(option) \(ShellText.quoted(name))"
        let list = "supported: " + supported.joined(separator: ", ")
        if later.contains(name) {
            return Failure(
                .usage, "\(name) is not yet supported; \(list)", at: place, next: "\(option) \(supported[0])")
        }
        let close = (supported + later).min { Spelling.distance($0, name) < Spelling.distance($1, name) }
        let best = close.flatMap { Spelling.distance($0, name) <= 2 && supported.contains($0) ? $0 : nil }
        let kept = later.isEmpty ? "" : "; not yet: " + later.joined(separator: ", ")
        return Failure(
            .usage, "\(option) does not know \"\(name)\"; \(list)\(kept)", at: place,
            next: "\(option) \(best ?? supported[0])")
    }
}
