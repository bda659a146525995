import BPStore
import BPSQLite

/// What can be asked of versions: their own columns and measures, their aliases, tags and notes, the settings of the
/// run they came from by their names alone, and everything else of that run behind `run.`.
struct VersionVocabulary: QueryVocabulary {
    let store: Store

    private var run: RunVocabulary { RunVocabulary(store: store, id: "version.run", hasRow: false) }

    func field(_ name: String) throws -> QueryField? {
        if let column = column(name) { return column }
        if name.hasPrefix("tag.") { return name.count > 4 ? tag(name, String(name.dropFirst(4))) : nil }
        if name.hasPrefix("run.") { return try run.field(String(name.dropFirst(4))).map { QueryField(name, $0.forms) } }
        if try measureNames().contains(name) { return measure(name) }
        return try run.field(name.hasPrefix("setting.") ? name : "setting." + name).map { QueryField(name, $0.forms) }
    }

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

    private func column(_ name: String) -> QueryField? {
        switch name {
        case "name": QueryField(name, .text, QuerySQL("(\(VersionVocabulary.modelName) || ':' || version.number)"))
        case "model": QueryField(name, .text, QuerySQL(VersionVocabulary.modelName))
        case "version": QueryField(name, .number, QuerySQL("version.number"))
        case "run", "segment", "iteration", "epoch": QueryField(name, .number, QuerySQL("version." + name))
        case "created": QueryField(name, .time, QuerySQL("version.created"))
        case "uuid": QueryField(name, .text, QuerySQL(uuidSQL("version.uuid")))
        case "current":
            QueryField(
                name, .truth,
                QuerySQL(
                    "(version.number IS (SELECT m.current_version FROM model AS m WHERE m.id = version.model))"))
        case "weights", "weights_sha256":
            QueryField(
                name, .text,
                QuerySQL(
                    """
                    (SELECT lower(hex(t.tensor)) FROM version_tensor AS t \
                    WHERE t.version = version.id AND t.name = 'parameters')
                    """))
        case "alias":
            QueryField(
                name, .text,
                members: QuerySQL(
                    """
                    (SELECT a.name AS value FROM alias AS a \
                    WHERE a.model = version.model AND a.version = version.number)
                    """))
        case "note":
            QueryField(
                name, .text,
                members: QuerySQL(
                    "(SELECT n.text AS value FROM note AS n WHERE n.subject = \(VersionVocabulary.subject))"))
        default: nil
        }
    }

    private func tag(_ name: String, _ tag: String) -> QueryField {
        QueryField(
            name, .text,
            QuerySQL(
                "(SELECT t.value FROM tag AS t WHERE t.subject = \(VersionVocabulary.subject) AND t.name = ?)",
                [.text(tag)]))
    }

    // MARK: Measures, which the trainer wrote as JSON

    /// `val_loss` is a member, `test_accuracy` a member of the member `test`.
    private func measure(_ name: String) -> QueryField {
        let path =
            name.hasPrefix("test_") ? "$.\"test\".\"\(name.dropFirst(5))\"" : "$.\"\(name)\""
        let paths = Array(repeating: SQLiteValue.text(path), count: 2)
        let value = QuerySQL(
            """
            (CASE json_extract(version.metrics, ?) WHEN 'NaN' THEN NULL WHEN 'Infinity' THEN 9e999 \
            WHEN '-Infinity' THEN -9e999 ELSE json_extract(version.metrics, ?) END)
            """, paths)
        return QueryField(name, .number, value, presence: QuerySQL("json_extract(version.metrics, ?)", [paths[0]]))
    }

    /// The measures of the newest versions; what none of them has is no name.
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
