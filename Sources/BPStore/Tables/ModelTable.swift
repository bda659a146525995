import BPSQLite

/// A model.
package struct ModelRow: Sendable, Equatable {
    package var id: Int
    package var uuid: UUIDv7
    package var name: String
    package var currentVersion: Int?
    /// The last number given to a version.
    package var lastVersion: Int
    package var versions: Int
    package var aliases: Int
    package var runs: Int
    package var created: Int64

    package init(
        id: Int, uuid: UUIDv7, name: String, currentVersion: Int? = nil, lastVersion: Int, versions: Int, aliases: Int,
        runs: Int, created: Int64
    ) {
        self.id = id
        self.uuid = uuid
        self.name = name
        self.currentVersion = currentVersion
        self.lastVersion = lastVersion
        self.versions = versions
        self.aliases = aliases
        self.runs = runs
        self.created = created
    }
}

extension ModelRow: SealedRow {
    package static let table = SealedTable(
        "model", key: ["id"],
        [
            "uuid", "name", "current_version", "last_version", "versions", "aliases", "runs", "created",
        ],
        counts: [
            SealedTable.Count(column: "versions", table: "version", condition: "child.model = parent.id"),
            SealedTable.Count(column: "aliases", table: "alias", condition: "child.model = parent.id"),
            SealedTable.Count(column: "runs", table: "run", condition: "child.model = parent.id"),
        ])

    package init(_ columns: inout ColumnReader) throws {
        id = try columns.next()
        uuid = try columns.next()
        name = try columns.next()
        currentVersion = try columns.next()
        lastVersion = try columns.next()
        versions = try columns.next()
        aliases = try columns.next()
        runs = try columns.next()
        created = try columns.next()
    }

    package func write(to columns: inout ColumnWriter) {
        columns.add(id)
        columns.add(uuid)
        columns.add(name)
        columns.add(currentVersion)
        columns.add(lastVersion)
        columns.add(versions)
        columns.add(aliases)
        columns.add(runs)
        columns.add(created)
    }
}

/// The reads and writes of table `model`.
package struct ModelTable {
    let store: Store

    /// The row of this key; nil if there is none.
    package func find(_ id: Int) throws -> ModelRow? { try store.find([id.stored]) }

    /// The row of this key, which something stored refers to.
    package func need(_ id: Int) throws -> ModelRow { try store.need([id.stored]) }

    /// The models of these keys, by key.
    package func all(_ ids: Set<Int>) throws -> [Int: ModelRow] {
        let rows: [ModelRow] = try store.rows("WHERE id IN (SELECT value FROM json_each(?))", [store.list(Array(ids))])
        return Dictionary(rows.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// All models, by name.
    package func all() throws -> [ModelRow] { try store.rows("ORDER BY name") }

    /// The model of this name; nil if there is none.
    package func find(name: String) throws -> ModelRow? { try store.first("WHERE name = ?", [name]) }
}

extension Store {
    package var models: ModelTable { ModelTable(store: self) }
}
