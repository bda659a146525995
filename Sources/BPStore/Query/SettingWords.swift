/// The words that a command line takes for settings, and their values in the table of settings. A test goes through the
/// catalogue of settings, which this target does not know, and compares.
enum SettingWords {
    /// Every setting and the kind of its value, for settings that no run of a registry has.
    static let kinds: [String: SettingKind] = [
        "target": .text, "task": .text, "hidden": .text, "activation": .text, "output_activation": .text, "loss": .text,
        "initializer": .text, "optimizer": .text, "learning_rate": .number, "momentum": .number, "beta1": .number,
        "beta2": .number, "epsilon": .number, "weight_decay": .number, "schedule": .text, "schedule_epochs": .integer,
        "gamma": .number, "step_epochs": .integer, "min_rate": .number, "warmup": .integer, "schedule_start": .integer,
        "batch_size": .integer, "shuffle": .bool, "seed": .integer, "tolerance": .number, "validation": .number,
        "test": .number, "split_seed": .integer,
    ]

    /// Lists of whole numbers, such as the units of layers. They are stored as text: "16" or "32,16".
    static let lists: Set = ["hidden"]

    /// The word for an empty list, which is stored as an empty text.
    static let emptyList = "none"

    /// The setting that may be all rows: an epoch then has one iteration.
    static let batch = "batch_size"
    /// The word for that.
    static let allRows = "all"

    /// Values that have no row, since a spec leaves them out.
    static let omitted: [String: SettingValue] = [
        "schedule": .text("constant"), "warmup": .integer(0), "weight_decay": .number(0),
    ]

    /// Settings that have no row if their value is that of another setting.
    static let following = ["split_seed": "seed"]
}

extension [Setting] {
    /// These and the settings that a run leaves out, with the values that a query takes them to have.
    package var completed: [Setting] { withFollowing.adding(SettingWords.omitted) }

    /// These and the settings that a run leaves out because they have the value of another one.
    package var withFollowing: [Setting] {
        adding(SettingWords.following.compactMapValues { leader in first { $0.name == leader }?.value })
    }

    private func adding(_ values: [String: SettingValue]) -> [Setting] {
        let known = Set(map(\.name))
        return self
            + values.filter { !known.contains($0.key) }.sorted { $0.key < $1.key }.map { Setting($0.key, $0.value) }
    }
}

extension SQLFragment: ExpressibleByStringLiteral {
    init(stringLiteral text: String) { self.init(text) }
}

extension SQLFragment {
    /// The number that a text spells, as JSON writes numbers; NULL for any other text. A whole number of 64 bits is exact.
    static func number(spelledBy text: SQLFragment) -> SQLFragment {
        // CASE looks at a branch only if its condition holds: json_type of a text that is not JSON is an error.
        SQLFragment(
            """
            (SELECT CASE WHEN json_valid(x) THEN CASE WHEN json_type(x) IN ('integer', 'real') THEN CAST(x AS NUMERIC) \
            END END FROM (SELECT
            """) + " " + text + " AS x))"
    }

    /// The sort key of a tag: numbers if all values of this tag on runs, or on versions, spell one; otherwise text.
    static func order(ofTag tag: String, on subjects: String, _ value: SQLFragment) -> [SQLFragment] {
        let others =
            SQLFragment(
                "SELECT 1 FROM tag AS o WHERE o.name = ? AND o.subject LIKE '\(subjects):%' AND ", [.text(tag)])
            + number(spelledBy: "o.value") + " IS NULL"
        return ["(CASE WHEN NOT EXISTS (" + others + ") THEN " + number(spelledBy: value) + " END)", value]
    }

    /// What lists of whole numbers are sorted by: the first number, the second, then the text. An empty list is 0.
    static func order(ofList text: SQLFragment) -> [SQLFragment] {
        let second = "(SELECT CAST(substr(x, instr(x || ',', ',') + 1) AS REAL) FROM (SELECT " + text + " AS x))"
        return ["CAST(" + text + " AS REAL)", second, text]
    }
}
