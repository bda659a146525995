import Foundation

/// A random expression: its text, and the runs for which it holds.
package indirect enum QueryTree: Sendable {
    case all([QueryTree])
    case any([QueryTree])
    case not(QueryTree)
    case leaf(String, @Sendable (SampleRun) -> Bool)

    static let rates: [Double] = [0, 0.1, 0.25, 0.5, 1, -1, 3e-45, .infinity, -.infinity, .nan]
    static let words = ["adam", "Adam", "sgd", "", "a_b", "a%b", "it's", "say \"x\"", "é", "50%", "1", "a\\b", "yes"]
    static let instants: [Int64] = [
        1_795_478_399_999_999, 1_795_478_400_000_000, 1_795_514_400_000_001, 1_795_564_799_999_999,
        1_795_564_800_000_000,
    ]
    /// 2026-11-24, and minutes and months around it.
    private static let spans: [(String, Int64, Int64)] = [
        ("2026-11-24", 1_795_478_400_000_000, 1_795_564_800_000_000),
        ("2026-11-24T10:00", 1_795_514_400_000_000, 1_795_514_460_000_000),
        ("2026-11-24 10:00:00.000001Z", 1_795_514_400_000_001, 1_795_514_400_000_002),
        ("2026", 1_767_225_600_000_000, 1_798_761_600_000_000),
        ("2026-12", 1_796_083_200_000_000, 1_798_761_600_000_000),
    ]

    package func holds(_ run: SampleRun) -> Bool {
        switch self {
        case .all(let parts): parts.allSatisfy { $0.holds(run) }
        case .any(let parts): parts.contains { $0.holds(run) }
        case .not(let inner): !inner.holds(run)
        case .leaf(_, let holds): holds(run)
        }
    }

    /// The expression with the parentheses it needs, and some that it does not.
    package func text(_ random: inout SplitMix64, above: Int = 0) -> String {
        var (text, level): (String, Int)
        switch self {
        case .all(let parts): (text, level) = (parts.map { $0.text(&random, above: 2) }.joined(separator: " and "), 1)
        case .any(let parts): (text, level) = (parts.map { $0.text(&random, above: 1) }.joined(separator: " OR "), 0)
        case .not(let inner): (text, level) = ("not " + inner.text(&random, above: 2), 2)
        case .leaf(let leaf, _): (text, level) = (leaf, 3)
        }
        if level < above || Int.random(in: 0..<5, using: &random) == 0 { text = "(\(text))" }
        return text
    }

    package static func random(depth: Int, _ random: inout SplitMix64) -> QueryTree {
        guard depth > 0 else { return leaf(&random) }
        let parts = (0..<Int.random(in: 2...3, using: &random)).map { _ in QueryTree.random(depth: depth - 1, &random) }
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return .all(parts)
        case 1: return .any(parts)
        case 2: return .not(QueryTree.random(depth: depth - 1, &random))
        default: return leaf(&random)
        }
    }

    private static let numbers = [
        "learning_rate", "width", "loss", "val_loss", "epochs", "seconds", "parent", "root", "run", "test_loss",
        "min.test_loss", "last.loss",
    ]
    package static let statuses = ["running", "interrupted", "finished", "stopped", "diverged", "failed"]
    private static let texts = ["optimizer", "width", "reason", "tag.draft", "model", "status"]
    /// Names whose values are float32.
    private static let measures: Set = ["loss", "val_loss", "test_loss", "min.test_loss", "last.loss"]

    private static func stored(_ name: String) -> String { name == "last.loss" ? "loss" : name }

    private static func leaf(_ random: inout SplitMix64) -> QueryTree {
        switch Int.random(in: 0..<12, using: &random) {
        case 0..<4: number(&random)
        case 4..<7: text(&random)
        case 7: time(&random)
        case 8: truth(&random)
        case 9: missing(&random)
        case 10: fields(&random)
        default: member(&random)
        }
    }

    // MARK: Leaves

    private static func number(_ random: inout SplitMix64) -> QueryTree {
        let name = numbers.randomElement(using: &random) ?? "loss"
        let key = stored(name)
        func value(_ random: inout SplitMix64) -> (String, Double) {
            let value = (rates + [2, 3, 7, 40]).filter { !$0.isNaN }.randomElement(using: &random) ?? 0
            let text =
                value.isInfinite
                ? (value < 0 ? "-inf" : "inf") : ["\(value)", "+\(value)"].randomElement(using: &random)
            return (
                (text ?? "").replacingOccurrences(of: "+-", with: "-"),
                measures.contains(name) ? Double(Float(value)) : value
            )
        }
        let (first, second, negated) = (value(&random), value(&random), Bool.random(using: &random))
        let no = negated ? " not" : ""
        func with(_ text: String, _ test: @escaping @Sendable (Double) -> Bool) -> QueryTree {
            .leaf(text) { run in run.numbers[key].map { !$0.isNaN && test($0) } ?? false }
        }
        switch Int.random(in: 0..<6, using: &random) {
        case 0:
            return with("\(name)\(no) between \(first.0) and \(second.0)") {
                negated != (first.1 <= $0 && $0 <= second.1)
            }
        case 1:
            return with("\(name)\(no) in (\(first.0), \(second.0))") { negated != [first.1, second.1].contains($0) }
        case 2:
            guard negated else { return .leaf("\(name) is nan") { $0.numbers[key]?.isNaN ?? false } }
            return with("\(name) is not nan") { _ in true }
        case 3:
            let (sign, test) = comparison(&random)
            return with("\(first.0) \(sign) \(name)") { test(first.1 < $0 ? -1 : first.1 > $0 ? 1 : 0) }
        default:
            let (sign, test) = comparison(&random)
            return with("\(name)\(sign)\(first.0)") { test($0 < first.1 ? -1 : $0 > first.1 ? 1 : 0) }
        }
    }

    private static func comparison(_ random: inout SplitMix64) -> (String, @Sendable (Int) -> Bool) {
        let all: [(String, @Sendable (Int) -> Bool)] = [
            ("=", { $0 == 0 }), ("==", { $0 == 0 }), ("!=", { $0 != 0 }), ("<>", { $0 != 0 }), ("<", { $0 < 0 }),
            ("<=", { $0 <= 0 }), (">", { $0 > 0 }), (">=", { $0 >= 0 }),
        ]
        return all[Int.random(in: 0..<all.count, using: &random)]
    }

    private static func quoted(_ text: String, _ random: inout SplitMix64) -> String {
        let quote = Bool.random(using: &random) ? "\"" : "'"
        return quote + text.replacingOccurrences(of: quote, with: quote + quote) + quote
    }

    private static func order(_ one: String, _ other: String) -> Int {
        if Array(one.utf8) == Array(other.utf8) { return 0 }
        return one.utf8.lexicographicallyPrecedes(other.utf8) ? -1 : 1
    }

    private static func text(_ random: inout SplitMix64) -> QueryTree {
        let name = texts.randomElement(using: &random) ?? "model"
        let choices = name == "status" ? statuses : words + ["iris", "a_b"]
        let (one, other) = (choices.randomElement(using: &random) ?? "", choices.randomElement(using: &random) ?? "")
        let negated = Bool.random(using: &random)
        let no = negated ? "not " : ""
        func with(_ text: String, _ test: @escaping @Sendable (String) -> Bool) -> QueryTree {
            .leaf(text) { run in run.texts[name].map(test) ?? false }
        }
        switch Int.random(in: 0..<4, using: &random) {
        case 0:
            let pattern =
                ["a%", "%B", "_dam", "%", "a\\_b", "%\\%", "%'%", "\\\\%", "adam", "é", "_", "%i%s", "a\\\\b"]
                .randomElement(using: &random) ?? ""
            return with("\(name) \(no)like \(quoted(pattern, &random))") { negated != isLike($0, pattern) }
        case 1:
            return with("\(name) \(no)IN (\(quoted(one, &random)),\(quoted(other, &random)))") {
                negated != [one, other].contains($0)
            }
        case 2:
            return with("\(name) \(no)between \(quoted(one, &random)) and \(quoted(other, &random))") {
                negated != (order(one, $0) <= 0 && order($0, other) <= 0)
            }
        default:
            let (sign, test) = comparison(&random)
            return with("\(name) \(sign) \(quoted(one, &random))") { test(order($0, one)) }
        }
    }

    /// LIKE with `\` as escape; ASCII letters in either case.
    package static func isLike(_ text: String, _ pattern: String) -> Bool {
        func matches(_ text: Substring.UnicodeScalarView, _ pattern: Substring.UnicodeScalarView) -> Bool {
            guard let first = pattern.first else { return text.isEmpty }
            let rest = pattern.dropFirst()
            switch first {
            case "%": return matches(text, rest) || (!text.isEmpty && matches(text.dropFirst(), pattern))
            case "_": return !text.isEmpty && matches(text.dropFirst(), rest)
            case "\\": return text.first == rest.first && matches(text.dropFirst(), rest.dropFirst())
            default:
                guard let letter = text.first else { return false }
                let isSame =
                    letter == first
                    || letter.isASCII && first.isASCII
                        && letter.properties.lowercaseMapping == first.properties.lowercaseMapping
                return isSame && matches(text.dropFirst(), rest)
            }
        }
        return matches(text[...].unicodeScalars, pattern[...].unicodeScalars)
    }

    private static func time(_ random: inout SplitMix64) -> QueryTree {
        let span = spans[Int.random(in: 0..<spans.count, using: &random)]
        let last = spans[Int.random(in: 0..<spans.count, using: &random)]
        let negated = Bool.random(using: &random)
        func with(_ text: String, _ test: @escaping @Sendable (Int64) -> Bool) -> QueryTree {
            .leaf(text) { run in run.times["ended"].map(test) ?? false }
        }
        switch Int.random(in: 0..<3, using: &random) {
        case 0:
            return with("ended\(negated ? " not" : "") between '\(span.0)' and \"\(last.0)\"") {
                negated != (span.1 <= $0 && $0 < last.2)
            }
        case 1:
            return with("ended\(negated ? " not" : "") in ('\(span.0)', '\(last.0)')") { time in
                negated != [span, last].contains { $0.1 <= time && time < $0.2 }
            }
        default:
            let (sign, test) = comparison(&random)
            return with("ended \(sign) \"\(span.0)\"") { test($0 < span.1 ? -1 : $0 >= span.2 ? 1 : 0) }
        }
    }

    private static func truth(_ random: inout SplitMix64) -> QueryTree {
        let name = Bool.random(using: &random) ? "shuffle" : "forked"
        switch Int.random(in: 0..<3, using: &random) {
        case 0: return .leaf(name) { $0.truths[name] == true }
        case 1: return .leaf("\(name) = false") { $0.truths[name] == false }
        default: return .leaf("\(name) != TRUE") { $0.truths[name] == false }
        }
    }

    private static func missing(_ random: inout SplitMix64) -> QueryTree {
        let name = (numbers + texts + ["ended", "shuffle"]).randomElement(using: &random) ?? "loss"
        let key = stored(name)
        let isThere: @Sendable (SampleRun) -> Bool = {
            $0.numbers[key] != nil || $0.texts[key] != nil || $0.times[key] != nil || $0.truths[key] != nil
        }
        return Bool.random(using: &random)
            ? .leaf("\(name) is null") { !isThere($0) } : .leaf("\(name) IS NOT NULL", isThere)
    }

    private static func fields(_ random: inout SplitMix64) -> QueryTree {
        let names = numbers.filter { $0 != "width" }
        let (one, other) = (names.randomElement(using: &random) ?? "", names.randomElement(using: &random) ?? "")
        let (sign, test) = comparison(&random)
        return .leaf("\(one) \(sign) \(other)") { run in
            guard let a = run.numbers[stored(one)], let b = run.numbers[stored(other)], !a.isNaN, !b.isNaN else {
                return false
            }
            return test(a < b ? -1 : a > b ? 1 : 0)
        }
    }

    private static func member(_ random: inout SplitMix64) -> QueryTree {
        let number = Int.random(in: 1...80, using: &random)
        let word = words.randomElement(using: &random) ?? ""
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return .leaf("ancestor = \(number)") { $0.ancestors.contains(number) }
        case 1: return .leaf("ancestor < \(number)") { $0.ancestors.contains { $0 < number } }
        case 2: return .leaf("note is null") { $0.notes.isEmpty }
        default: return .leaf("note = \(quoted(word, &random))") { $0.notes.contains(word) }
        }
    }
}
