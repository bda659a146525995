import BPSQLite

/// A name of a version that people move.
package struct AliasRow: Sendable, Equatable {
    package var model: Int
    package var name: String
    /// The version's number.
    package var version: Int
    package var moved: Int64

    package init(
        model: Int, name: String, version: Int, moved: Int64
    ) {
        self.model = model
        self.name = name
        self.version = version
        self.moved = moved
    }
}

extension AliasRow: SealedRow {
    package static let table = SealedTable(
        "alias", key: ["model", "name"],
        [
            "version", "moved",
        ])

    package init(_ columns: inout ColumnReader) throws {
        model = try columns.next()
        name = try columns.next()
        version = try columns.next()
        moved = try columns.next()
    }

    package func write(to columns: inout ColumnWriter) {
        columns.add(model)
        columns.add(name)
        columns.add(version)
        columns.add(moved)
    }
}

/// The reads and writes of table `alias`.
package struct AliasTable {
    let store: Store

    /// The row of this key; nil if there is none.
    package func find(model: Int, name: String) throws -> AliasRow? { try store.find([model.stored, name.stored]) }

    /// The row of this key, which something stored refers to.
    package func need(model: Int, name: String) throws -> AliasRow { try store.need([model.stored, name.stored]) }

    /// The aliases of a model, by name.
    package func all(ofModel model: Int) throws -> [AliasRow] {
        try store.rows("WHERE model = ? ORDER BY name", [model])
    }
}

extension Store {
    package var aliases: AliasTable { AliasTable(store: self) }
}
