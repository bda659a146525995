import Foundation
import Testing

/// A command line whose output is recorded.
struct RecordedCommand: CustomTestStringConvertible, Sendable {
    /// The file of Tests/Fixtures/json, without its suffix.
    let name: String
    /// The words after `bpreg`, without `--json`.
    let words: [String]
    /// The exit code.
    var status: Int32 = 0
    /// A command that is run before it.
    var after: [String]?
    /// Replaces values that depend on more than the registry and the words.
    var normalised: @Sendable (String) -> String = { $0 }

    var testDescription: String { name }

    /// A command whose output is a function of the registry.
    static func reads(_ line: String) -> RecordedCommand {
        RecordedCommand(name: fileName(line), words: words(line))
    }

    /// A command whose output has times and UUIDs of its own.
    static func writes(_ line: String, after: String? = nil, status: Int32 = 0) -> RecordedCommand {
        RecordedCommand(
            name: fileName(line), words: words(line), status: status, after: after.map(words), normalised: withoutTimes)
    }

    /// A command whose output has numbers that the mathematics library of the machine computed: to `digits` digits.
    static func computes(_ line: String, digits: Int = 9) -> RecordedCommand {
        RecordedCommand(name: fileName(line), words: words(line)) { rounded($0, digits: digits) }
    }

    private static func words(_ line: String) -> [String] {
        let parts = line.components(separatedBy: "'")
        return parts.enumerated().flatMap { index, part in
            index.isMultiple(of: 2) ? part.split(separator: " ").map(String.init) : [part]
        }
    }

    private static func fileName(_ line: String) -> String {
        let marks = line.map { $0.isLetter || $0.isNumber || "-.@".contains($0) ? $0 : " " }
        return String(marks).split(separator: " ").joined(separator: "_").replacingOccurrences(of: "--", with: "")
    }

    private static func withoutTimes(_ text: String) -> String {
        text.replacing(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z/, with: "TIME")
            .replacing(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/, with: "UUID")
            .replacing(/"(seconds|rows_per_second|gflops)":[0-9.e-]+/) { "\"\($0.1)\":0" }
    }

    private static func rounded(_ text: String, digits: Int) -> String {
        text.replacing(/"(p|mid_p|margin|t|largest_gradient)":(-?[0-9.e-]+)/) { match in
            "\"\(match.1)\":" + String(format: "%.\(digits)g", Double(match.2) ?? .nan)
        }
        .replacing(/"(error|largest_difference)":[0-9.e-]+/) { "\"\($0.1)\":0" }
    }
}
