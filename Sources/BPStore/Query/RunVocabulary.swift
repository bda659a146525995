import BPQuery
import BPSQLite

/// The fields of a run: its columns, settings, metrics, tags, notes and lineage. None is read from the series, so a
/// query costs the same however long the runs are.
///
/// A plain name means a column, otherwise a metric, otherwise a setting. The prefixes `setting.`, `last.`, `best.`,
/// `min.`, `max.` and `tag.` select one kind.
struct RunVocabulary: QueryVocabulary {
    let store: Store
    /// SQL for the run's number in the enclosing statement.
    var id = "run.id"
    /// Whether the enclosing statement has the run's row as `run`.
    var hasRow = true

    func field(_ name: String) throws -> SQLField? {
        try known(name) ?? FieldWords.written(name).flatMap { try known($0) }.map { SQLField(name, $0.forms) }
    }

    private func known(_ name: String) throws -> SQLField? {
        if let column = try column(name) { return column }
        if let dot = name.firstIndex(of: ".") {
            let (prefix, rest) = (String(name[..<dot]), String(name[name.index(after: dot)...]))
            guard !rest.isEmpty else { return nil }
            switch prefix {
            case "tag": return tag(name, rest)
            case "setting": return try setting(name, rest)
            case "metric": return try metric(name, "last", rest)
            case "last", "best", "min", "max": return try metric(name, prefix, rest)
            default: break
            }
        }
        return try metric(name, "last", name) ?? setting(name, name)
    }

    /// A setting may have the name of a column or metric: `loss` is the measure, `setting.loss` the function.
    func hiddenField(_ name: String) throws -> SQLField? { try field("setting." + name) }

    func names() throws -> [String] {
        let metrics = try metricNames()
        let settings = Array(Set(try settingNames() + SettingWords.kinds.keys)).sorted()
        return RunVocabulary.columnNames + metrics + settings
            + ["last", "best", "min", "max"].flatMap { prefix in metrics.map { "\(prefix).\($0)" } }
            + settings.map { "setting." + $0 }
    }

    // MARK: Columns

    /// A value of the run's row, which the enclosing statement has or which is looked up here.
    private func row(_ expression: String, _ bindings: [SQLiteValue] = []) -> SQLFragment {
        SQLFragment(hasRow ? expression : "(SELECT \(expression) FROM run WHERE run.id = \(id))", bindings)
    }

    private func lastAttempt(_ column: String) -> SQLFragment {
        row("(SELECT a.\(column) FROM attempt AS a WHERE a.run = run.id AND a.number = run.attempts)")
    }

    private func column(_ name: String) throws -> SQLField? {
        if name == "best" || name.hasPrefix("best_"), let field = best(name) { return field }
        if name == "best_val_score" { return try metric(name, "best", "val_score") }
        if let column = RunVocabulary.numbers[name] { return SQLField(name, .number, row("run." + column)) }
        if let column = RunVocabulary.measures[name] {
            return SQLField(name, .measure, row("run." + column), presence: row("run.\(column)_bits"))
        }
        if let column = RunVocabulary.times[name] { return SQLField(name, .time, row("run." + column)) }
        if let column = RunVocabulary.hashes[name] {
            return SQLField(name, .hash, row("lower(hex(run.\(column)))"))
        }
        switch name {
        case "model":
            return SQLField(name, .text, row("(SELECT m.name FROM model AS m WHERE m.id = run.model)"))
        case "reason", "score_name": return SQLField(name, .text, row("run." + name))
        case "host", "instruction_set": return SQLField(name, .text, lastAttempt(name))
        case "keep": return SQLField(name, .choice(["last", "best"]), lastAttempt(name))
        case "durability":
            return SQLField(name, .choice(Durability.allCases.map(\.rawValue)), lastAttempt(name))
        case "threads", "epoch_limit": return SQLField(name, .number, lastAttempt(name))
        case "keyframes":
            return SQLField(
                name, .number,
                SQLFragment("(SELECT count(*) FROM keyframe AS k WHERE k.run = \(id) AND k.state = 'complete')"))
        case "uuid": return SQLField(name, .text, row(uuidSQL("run.uuid")))
        case "status": return try status()
        case "forked": return SQLField(name, .truth, row("(run.parent_run IS NOT NULL)"))
        case "root": return SQLField(name, .number, row(RunVocabulary.root))
        case "ancestor":
            return SQLField(name, .number, members: RunVocabulary.line(from: id, to: "id", of: "parent_run"))
        case "descendant":
            return SQLField(name, .number, members: RunVocabulary.line(from: id, to: "parent_run", of: "id"))
        case "note":
            return SQLField(
                name, .text,
                members: SQLFragment("(SELECT n.text AS value FROM note AS n WHERE n.subject = 'run:' || \(id))"))
        case "tag":
            return SQLField(
                name, .text,
                members: SQLFragment("(SELECT t.name AS value FROM tag AS t WHERE t.subject = 'run:' || \(id))"))
        case "ignore":
            return SQLField(
                name, .text,
                members: SQLFragment(
                    """
                    (SELECT json_extract(c.value, '$.name') AS value FROM run AS r JOIN spec ON spec.hash = r.spec, \
                    json_each(spec.json, '$.columns') AS c \
                    WHERE r.id = \(id) AND json_extract(c.value, '$.role') = 'ignored')
                    """))
        case "version":
            return SQLField(
                name, .text,
                members: SQLFragment(
                    """
                    (SELECT m.name || ':' || v.number AS value FROM version AS v JOIN model AS m ON m.id = v.model \
                    WHERE v.run = \(id))
                    """))
        default: return nil
        }
    }

    /// A value of the best epoch. Earlier versions of bpreg recorded epochs with an infinite loss as the best, which are none
    /// (`RunRow.best`).
    private func best(_ name: String) -> SQLField? {
        func finite(_ column: String) -> SQLFragment {
            row("(CASE WHEN abs(run.best_val_loss) = 9e999 THEN NULL ELSE run.\(column) END)")
        }
        if let column = RunVocabulary.numbers[name] { return SQLField(name, .number, finite(column)) }
        guard let column = RunVocabulary.measures[name] else { return nil }
        return SQLField(name, .measure, finite(column), presence: finite(column + "_bits"))
    }

    /// SQL cannot check whether a run's process is alive, so it receives the numbers of the runs whose process is
    /// alive.
    private func status() throws -> SQLField {
        let living = try store.runs.living().map(String.init).joined(separator: ",")
        let sql = row(
            """
            CASE WHEN run.status IS NOT NULL THEN run.status \
            WHEN run.id IN (SELECT value FROM json_each(?)) THEN 'running' ELSE 'interrupted' END
            """, [.text("[\(living)]")])
        return SQLField(
            "status", .choice(RunStatus.allCases.map(\.rawValue)), hasRow ? "(" + sql + ")" : sql,
            presence: SQLFragment("1"))
    }

    static let columnNames =
        [
            "model", "reason", "score_name", "host", "instruction_set", "threads", "uuid", "status", "forked", "root",
            "ancestor", "descendant", "note", "tag", "ignore", "version", "keep", "durability", "epoch_limit",
            "keyframes", "best_val_score",
        ] + numbers.keys.sorted() + measures.keys.sorted() + times.keys.sorted() + hashes.keys.sorted()

    private static let numbers = [
        "run": "id", "iterations": "iterations", "iteration": "iterations", "epochs": "epochs", "epoch": "epochs",
        "seconds": "seconds", "best_epoch": "best_epoch", "best": "best_epoch", "best_iteration": "best_iteration",
        "segments": "segments",
        "attempts": "attempts", "attempt_count": "attempts", "versions": "versions", "parent": "parent_run",
        "parent_run": "parent_run", "parent_segment": "parent_segment", "parent_iteration": "parent_iteration",
        "after": "parent_iteration", "segment": "head_segment", "segment_count": "segments",
    ]
    private static let measures = [
        "loss": "loss", "val_loss": "val_loss", "val_score": "val_score", "last_loss": "last_loss",
        "best_val_loss": "best_val_loss",
    ]
    private static let times = [
        "created": "created", "started": "created", "updated": "updated", "ended": "ended",
    ]
    private static let hashes = [
        "dataset": "dataset", "dataset_sha256": "dataset", "spec": "spec", "spec_sha256": "spec",
    ]

    /// The run at the root of a line of forks. UNION terminates even if a damaged file has a cycle.
    private static let root = """
        (WITH RECURSIVE up (id, parent) AS (SELECT run.id, run.parent_run \
        UNION SELECT r.id, r.parent_run FROM up JOIN run AS r ON r.id = up.parent) \
        SELECT up.id FROM up WHERE up.parent IS NULL)
        """

    /// The runs above or below a run: starting from the run, column `next` of the rows whose `key` is the run, and so
    /// on.
    private static func line(from id: String, to key: String, of next: String) -> SQLFragment {
        SQLFragment(
            """
            (WITH RECURSIVE kin (id) AS (SELECT r.\(next) FROM run AS r WHERE r.\(key) = \(id) \
            UNION SELECT r.\(next) FROM kin JOIN run AS r ON r.\(key) = kin.id) \
            SELECT kin.id AS value FROM kin WHERE kin.id IS NOT NULL)
            """)
    }
}

// Settings, metrics and tags have names that people and trainers chose; they are bound as parameters.
extension RunVocabulary {
    private func tag(_ name: String, _ tag: String) -> SQLField {
        let value = SQLFragment(
            "(SELECT t.value FROM tag AS t WHERE t.subject = 'run:' || \(id) AND t.name = ?)", [.text(tag)])
        return SQLField(name, .mixed, value, order: SQLFragment.order(ofTag: tag, on: "run", value))
    }

    private func setting(_ name: String, _ setting: String) throws -> SQLField? {
        // Column number is a Double, which not every whole number is.
        let exact = "CASE s.kind WHEN 'integer' THEN CAST(s.text AS INTEGER) ELSE s.number END"
        func value(_ column: String, _ kinds: String, of setting: String = setting) -> SQLFragment {
            SQLFragment(
                """
                (SELECT \(column == "number" ? exact : "s." + column) FROM setting AS s \
                WHERE s.name = ? AND s.kind IN (\(kinds)) AND s.run = \(id))
                """, [.text(setting)])
        }
        var kinds = try store.connection.all(
            """
            SELECT k.value FROM json_each('["number","integer","bool","text"]') AS k
            WHERE EXISTS (SELECT 1 FROM setting WHERE name = ? AND kind = k.value)
            """, [setting], as: String.self)
        // A setting that no run has is a word all the same.
        if kinds.isEmpty, let kind = SettingWords.kinds[setting] { kinds = [kind.rawValue] }
        if kinds.isEmpty, try store.connection.first("SELECT 1 FROM run LIMIT 1", as: Int.self) == nil {
            // Without any run no setting is known, so no name can be rejected.
            return SQLField(
                name,
                [.number, .text, .truth].map {
                    SQLField.Form($0, SQLAccess(value: SQLFragment("NULL"), presence: SQLFragment("NULL")))
                })
        }
        // A value that a spec leaves out has no row, and is compared and found all the same.
        let omitted = SettingWords.omitted[setting].map { SettingRow(run: 0, Setting(setting, $0)) }
        if let omitted { kinds.append(omitted.kind.rawValue) }
        let leader = SettingWords.following[setting]
        if let kind = leader.flatMap({ SettingWords.kinds[$0] }) { kinds.append(kind.rawValue) }
        func known(_ column: String, _ kinds: String) -> SQLFragment {
            if let leader {
                return "coalesce(" + value(column, kinds) + ", " + value(column, kinds, of: leader) + ")"
            }
            guard let omitted else { return value(column, kinds) }
            let number = omitted.number.map { SQLiteValue.real($0) } ?? .null
            return "coalesce(" + value(column, kinds)
                + SQLFragment(", ?)", [column == "number" ? number : .text(omitted.text)])
        }
        var forms: [SQLField.Form] = []
        func add(_ type: QueryType, _ value: SQLFragment, _ kinds: String, order: [SQLFragment]? = nil) {
            forms.append(SQLField.Form(type, SQLAccess(value: value, presence: known("text", kinds), order: order)))
        }
        if kinds.contains("number") || kinds.contains("integer") {
            let numbers = "'number', 'integer'"
            add(.number, known("number", numbers), numbers)
            if setting == SettingWords.batch {
                let inRow = row("(CASE WHEN run.iterations_per_epoch = 1 THEN '\(SettingWords.allRows)' END)")
                let word = "coalesce(" + inRow + ", " + value("text", numbers) + ")"
                add(.choice([SettingWords.allRows]), word, numbers, order: [])
            }
        }
        if kinds.contains("bool") { add(.truth, known("number", "'bool'"), "'bool'") }
        if kinds.contains("text") {
            let text = known("text", "'text'")
            if SettingWords.lists.contains(setting) {
                let word = "coalesce(nullif(" + text + ", ''), " + text + " || '\(SettingWords.emptyList)')"
                add(.mixed, word, "'text'", order: SQLFragment.order(ofList: text))
            } else {
                add(.text, text, "'text'")
            }
        }
        return forms.isEmpty ? nil : SQLField(name, forms)
    }

    /// `last`, `best`, `min` or `max` of a metric. `val_accuracy` is `val_score` of the runs whose score is accuracy.
    private func metric(_ name: String, _ kind: String, _ metric: String) throws -> SQLField? {
        if metric == "loss" || metric == "val_loss" || metric == "val_score", kind == "last" {
            return try column(metric).map { SQLField(name, $0.forms) }
        }
        if metric == "val_loss", kind == "best" {
            return try column("best_val_loss").map { SQLField(name, $0.forms) }
        }
        func value(_ column: String, _ stored: String) -> SQLFragment {
            SQLFragment(
                "(SELECT m.\(column) FROM metric AS m WHERE m.run = \(id) AND m.name = ?)", [.text(stored)])
        }
        if try isMetric(metric) {
            return SQLField(
                name, .measure, value(kind, metric), presence: value(kind == "last" ? "last_bits" : kind, metric))
        }
        guard metric.hasPrefix("val_"), try isScore(String(metric.dropFirst(4))) else { return nil }
        let score = SQLiteValue.text(String(metric.dropFirst(4)))
        func ifScored(_ inner: SQLFragment) -> SQLFragment {
            row("CASE WHEN run.score_name = ? THEN " + inner.text + " END", [score] + inner.bindings)
        }
        if kind == "last" {
            return SQLField(
                name, .measure, ifScored(SQLFragment("run.val_score")),
                presence: ifScored(SQLFragment("run.val_score_bits")))
        }
        return SQLField(name, .measure, ifScored(value(kind, "val_score")))
    }

    private func isMetric(_ name: String) throws -> Bool {
        try store.connection.first("SELECT 1 FROM metric WHERE name = ? LIMIT 1", [name], as: Int.self) != nil
            || ["loss", "val_loss", "val_score"].contains(name)
    }

    private func isScore(_ name: String) throws -> Bool {
        try store.connection.first("SELECT 1 FROM run WHERE score_name = ? LIMIT 1", [name], as: Int.self) != nil
    }

    private func settingNames() throws -> [String] { try store.settings.names() }

    private func metricNames() throws -> [String] {
        let scores = try store.connection.all(
            "SELECT DISTINCT 'val_' || score_name FROM run WHERE score_name IS NOT NULL", as: String.self)
        return Array(Set(try store.metrics.names() + scores + ["loss", "val_loss", "val_score"])).sorted()
    }
}

extension Store {
    /// The distinct names of a table, each found by one search in its index.
    func distinctNames(_ table: String) throws -> [String] {
        try connection.all(
            """
            WITH RECURSIVE known (name) AS (
                SELECT min(name) FROM \(table)
                UNION ALL SELECT (SELECT min(t.name) FROM \(table) AS t WHERE t.name > known.name) FROM known
                WHERE known.name IS NOT NULL
            )
            SELECT name FROM known WHERE name IS NOT NULL
            """, as: String.self)
    }
}

/// A UUID as 36 characters, from its 16 bytes.
func uuidSQL(_ column: String) -> String {
    let parts = [(1, 8), (9, 4), (13, 4), (17, 4), (21, 12)].map { "substr(hex(\(column)), \($0.0), \($0.1))" }
    return "lower(" + parts.joined(separator: " || '-' || ") + ")"
}
