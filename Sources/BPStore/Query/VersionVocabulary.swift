import BPQuery
import BPSQLite

/// The fields of a version: its own columns and measures, its aliases, tags and notes, the settings of the run it came
/// from by their plain names, and every other field of that run with the prefix `run.`.
struct VersionVocabulary: QueryVocabulary {
    let store: Store
    private let measures = Measures()

    private var run: RunVocabulary { RunVocabulary(store: store, id: "version.run", hasRow: false) }

    func field(_ name: String) throws -> SQLField? {
        try known(name) ?? FieldWords.written(name).flatMap { try known($0) }.map { SQLField(name, $0.forms) }
    }

    private func known(_ name: String) throws -> SQLField? {
        if let column = column(name) { return column }
        if name.hasPrefix("tag.") { return name.count > 4 ? tag(name, String(name.dropFirst(4))) : nil }
        if name.hasPrefix("run.") { return try run.field(String(name.dropFirst(4))).map { SQLField(name, $0.forms) } }
        if try measureNames().contains(name) { return measure(name) }
        let setting = try run.field(name.hasPrefix("setting.") ? name : "setting." + name)
        return try (setting ?? run.field(name)).map { SQLField(name, $0.forms) }
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
        "weights", "weights_sha256", "note", "tag", "test", "archive",
    ]

    private static let modelName = "(SELECT m.name FROM model AS m WHERE m.id = version.model)"
    private static let subject = "'version:' || \(modelName) || ':' || version.number"

    private func column(_ name: String) -> SQLField? {
        switch name {
        case "name":
            // iris:10 comes after iris:9.
            SQLField(
                name, .text, SQLFragment("(\(VersionVocabulary.modelName) || ':' || version.number)"),
                order: [SQLFragment(VersionVocabulary.modelName), SQLFragment("version.number")])
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
                name, .hash,
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
        case "tag":
            SQLField(
                name, .text,
                members: SQLFragment(
                    "(SELECT t.name AS value FROM tag AS t WHERE t.subject = \(VersionVocabulary.subject))"))
        case "archive":
            SQLField(
                name, .text,
                SQLFragment(
                    """
                    (SELECT a.path FROM version_tensor AS t JOIN archived_tensor AS h ON h.tensor = t.tensor \
                    JOIN archive AS a ON a.id = h.archive WHERE t.version = version.id LIMIT 1)
                    """))
        case "test":
            // The list shows this score under the name. The share of the rows is setting.test.
            SQLField(
                name, .number,
                "coalesce(" + measure("test_accuracy").forms[0].access.value + ", "
                    + measure("test_r2").forms[0].access.value + ")")
        default: nil
        }
    }

    private func tag(_ name: String, _ tag: String) -> SQLField {
        let value = SQLFragment(
            "(SELECT t.value FROM tag AS t WHERE t.subject = \(VersionVocabulary.subject) AND t.name = ?)", [.text(tag)]
        )
        return SQLField(name, .mixed, value, order: SQLFragment.order(ofTag: tag, on: "version", value))
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
        if let names = measures.names { return names }
        let names = try recentMeasureNames()
        measures.names = names
        return names
    }

    /// The names of measures, which several fields of one query ask for.
    private final class Measures {
        var names: [String]?
    }

    private func recentMeasureNames() throws -> [String] {
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
