import BPTraining

/// The names that an option takes, and those that a later release will take.
///
/// A name is typed and recorded in one spelling. One that is known but not there yet is told apart from a
/// slip of the pen, so that nobody looks for the mistake in the wrong place.
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

    /// Why `name` is not taken, and what is.
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

extension NameChoice {
    /// The names that a setting's option takes; nil if it takes other values.
    init?(_ setting: TrainingSetting) {
        guard case .names(let names) = setting.kind, let option = setting.option else { return nil }
        self.init(option: option, supported: names, later: setting.later)
    }
}

/// How far apart two spellings are.
enum Spelling {
    /// Insertions, deletions, replacements and exchanges of neighbours that turn `first` into `second` (optimal string
    /// alignment), on the first 64 characters.
    static func distance(_ first: String, _ second: String) -> Int {
        let left = Array(first.lowercased().prefix(64))
        let right = Array(second.lowercased().prefix(64))
        var rows = [Array(0...right.count)]
        for i in left.indices {
            var row = [i + 1]
            for j in right.indices {
                var least = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (left[i] == right[j] ? 0 : 1))
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    least = min(least, rows[i - 1][j - 1] + 1)
                }
                row.append(least)
            }
            rows.append(row)
        }
        return rows[left.count][right.count]
    }

    /// The one of `candidates` that `text` may have meant: at most a third of its letters away.
    static func nearest(to text: String, among candidates: [String]) -> String? {
        let best = candidates.min { distance($0, text) < distance($1, text) }
        return best.flatMap { distance($0, text) <= max(1, text.count / 3) ? $0 : nil }
    }
}
