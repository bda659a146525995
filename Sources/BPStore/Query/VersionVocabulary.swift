import BPQuery
import BPSQLite

/// The fields of a version: its own columns and measures, its aliases, tags and notes, the settings of the run it came
/// from by their plain names, and every other field of that run with the prefix `run.`.
struct VersionVocabulary: QueryVocabulary {
    let store: Store

    private var run: RunVocabulary { RunVocabulary(store: store, id: "version.run", hasRow: false) }

    func field(_ name: String) throws -> SQLField? {
        if let column = column(name) { return column }
        if name.hasPrefix("tag.") { return name.count > 4 ? tag(name, String(name.dropFirst(4))) : nil }
        if name.hasPrefix("run.") { return try run.field(String(name.dropFirst(4))).map { SQLField(name, $0.forms) } }
        if try measureNames().contains(name) { return measure(name) }
        return try run.field(name.hasPrefix("setting.") ? name : "setting." + name).map { SQLField(name, $0.forms) }
    }

    func hiddenField(_ name: String) throws -> SQLField? { try field("setting." + name) }

    func names() throws -> [String] {
        let ofRun = try run.names()
        let settings = ofRun.filter { $0.hasPrefix("setting.") }
        return VersionVocabulary.columnNames + (try measureNames()) + settings.map { String($0.dropFirst(8)) }
            + settings
            + ofRun.map { "run." + $0 }
    }

    private static let columnNames = [
        "name", "model", "version", "current", "alias", "run", "segment", "iteration", "epoch", "created", "uuid",
        "weights", "weights_sha256", "note",
    ]

    private static let modelName = "(SELECT m.name FROM model AS m WHERE m.id = version.model)"
    private static let subject = "'version:' || \(modelName) || ':' || version.number"

    private func column(_ name: String) -> SQLField? {
        switch name {
        case "name": SQLField(name, .text, SQLFragment("(\(VersionVocabulary.modelName) || ':' || version.number)"))
        case "model": SQLField(name, .text, SQLFragment(VersionVocabulary.modelName))
        case "version": SQLField(name, .number, SQLFragment("version.number"))
        case "run", "segment", "iteration", "epoch": SQLField(name, .number, SQLFragment("version." + name))
        case "created": SQLField(name, .time, SQLFragment("version.created"))
        case "uuid": SQLField(name, .text, SQLFragment(uuidSQL("version.uuid")))
        case "current":
            SQLField(
                name, .truth,
                SQLFragment(
                    "(version.number IS (SELECT m.current_version FROM model AS m WHERE m.id = version.model))"))
        case "weights", "weights_sha256":
            SQLField(
                name, .text,
                SQLFragment(
                    """
                    (SELECT lower(hex(t.tensor)) FROM version_tensor AS t \
                    WHERE t.version = version.id AND t.name = 'parameters')
                    """))
        case "alias":
            SQLField(
                name, .text,
                members: SQLFragment(
                    """
                    (SELECT a.name AS value FROM alias AS a \
                    WHERE a.model = version.model AND a.version = version.number)
                    """))
        case "note":
            SQLField(
                name, .text,
                members: SQLFragment(
                    "(SELECT n.text AS value FROM note AS n WHERE n.subject = \(VersionVocabulary.subject))"))
        default: nil
        }
    }

    private func tag(_ name: String, _ tag: String) -> SQLField {
        SQLField(
            name, .text,
            SQLFragment(
                "(SELECT t.value FROM tag AS t WHERE t.subject = \(VersionVocabulary.subject) AND t.name = ?)",
                [.text(tag)]))
    }

    // Measures, which the registry stores as JSON

    /// `val_loss` is a member, `test_accuracy` a member of the member `test`.
    private func measure(_ name: String) -> SQLField {
        let path =
            name.hasPrefix("test_") ? "$.\"test\".\"\(name.dropFirst(5))\"" : "$.\"\(name)\""
        let paths = Array(repeating: SQLiteValue.text(path), count: 2)
        let value = SQLFragment(
            """
            (CASE json_extract(version.metrics, ?) WHEN 'NaN' THEN NULL WHEN 'Infinity' THEN 9e999 \
            WHEN '-Infinity' THEN -9e999 ELSE json_extract(version.metrics, ?) END)
            """, paths)
        return SQLField(name, .number, value, presence: SQLFragment("json_extract(version.metrics, ?)", [paths[0]]))
    }

    /// The measures of the newest versions. A measure that only older versions have cannot be queried.
    private func measureNames() throws -> [String] {
        let seen = try store.connection.all(
            """
            WITH recent AS (SELECT metrics FROM version ORDER BY id DESC LIMIT 200)
            SELECT DISTINCT j.key FROM recent, json_each(recent.metrics) AS j
            WHERE j.type IN ('integer', 'real') OR j.atom IN ('NaN', 'Infinity', '-Infinity')
            UNION
            SELECT DISTINCT 'test_' || j.key FROM recent, json_each(recent.metrics, '$.test') AS j
            WHERE j.type IN ('integer', 'real') OR j.atom IN ('NaN', 'Infinity', '-Infinity')
            """, as: String.self)
        return Array(Set(seen + ["loss", "val_loss"])).filter { name in !name.contains { $0 == "\"" || $0 == "." } }
            .sorted()
    }
}
