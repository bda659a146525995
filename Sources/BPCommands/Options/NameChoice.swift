import BPReport
import BPText
import BPTraining

/// The names that an option accepts, and those that a later release will accept.
///
/// A name is typed and recorded in one spelling. A name that is known but not supported yet gets another message than a
/// misspelled one, so that people do not look for a mistake that is not there.
struct NameChoice {
    let option: String
    let supported: [String]
    var later: [String] = []

    /// Refuses `name` unless it is taken.
    func check(_ name: String) throws {
        guard supported.contains(name) else { throw refusal(of: name) }
    }

    /// `name` as a value of `Value`, whose raw values are the names.
    func value<Value: RawRepresentable<String>>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
        guard supported.contains(name), let value = Value(rawValue: name) else { throw refusal(of: name) }
        return value
    }

    /// The reason why `name` is refused, with the names that are accepted.
    func refusal(of name: String) -> Failure {
        let place = "\(option) \(ShellText.quoted(name))"
        let list = "supported: " + supported.joined(separator: ", ")
        if later.contains(name) {
            return Failure(
                .usage, "\(name) is not yet supported; \(list)", at: place, next: "take one that is supported")
        }
        let near =
            CommonNames.value(of: option, name).flatMap { supported.contains($0) ? $0 : nil }
            ?? NearNames.of(name, among: supported + later, within: 2).first { supported.contains($0) }
        let kept = later.isEmpty ? "" : "; not yet: " + later.joined(separator: ", ")
        return Failure(
            .usage, "\(option) does not know \"\(name)\"; \(list)\(kept)", at: place,
            next: near.map { "did you mean \(option) \($0)?" } ?? "take one of the names above",
            correction: near.map { .setting([(option, $0)]) })
    }
}

extension NameChoice {
    /// The names that a setting's option accepts; nil if it takes other values.
    init?(_ setting: TrainingSetting) {
        guard case .names(let names) = setting.kind, let option = setting.option else { return nil }
        self.init(option: option, supported: names, later: setting.later)
    }
}
