import BPSQLite

/// A version of a model.
package struct VersionRow: Sendable, Equatable {
    package var id: Int
    package var uuid: UUIDv7
    package var model: Int
    package var number: Int
    package var run: Int
    /// The attempt whose end created it; nil if a person created it.
    package var attempt: Int?
    package var segment: Int
    package var iteration: Int
    package var epoch: Int
    /// JSON.
    package var descriptionJSON: String
    /// JSON.
    package var metricsJSON: String
    package var tensors: Int
    package var created: Int64

    package init(
        id: Int, uuid: UUIDv7, model: Int, number: Int, run: Int, attempt: Int? = nil, segment: Int, iteration: Int,
        epoch: Int, descriptionJSON: String, metricsJSON: String, tensors: Int, created: Int64
    ) {
        self.id = id
        self.uuid = uuid
        self.model = model
        self.number = number
        self.run = run
        self.attempt = attempt
        self.segment = segment
        self.iteration = iteration
        self.epoch = epoch
        self.descriptionJSON = descriptionJSON
        self.metricsJSON = metricsJSON
        self.tensors = tensors
        self.created = created
    }
}

extension VersionRow: TensorOwner {
    package static let links = SealedTable.tensorLinks(from: "version")

    package static let table = SealedTable(
        "version", key: ["id"],
        [
            "uuid", "model", "number", "run", "attempt", "segment", "iteration", "epoch", "description", "metrics",
            "tensors", "created",
        ],
        counts: [.tensorLinks(from: "version")])

    package init(_ columns: inout ColumnReader) throws {
        id = try columns.next()
        uuid = try columns.next()
        model = try columns.next()
        number = try columns.next()
        run = try columns.next()
        attempt = try columns.next()
        segment = try columns.next()
        iteration = try columns.next()
        epoch = try columns.next()
        descriptionJSON = try columns.next()
        metricsJSON = try columns.next()
        tensors = try columns.next()
        created = try columns.next()
    }

    package func write(to columns: inout ColumnWriter) {
        columns.add(id)
        columns.add(uuid)
        columns.add(model)
        columns.add(number)
        columns.add(run)
        columns.add(attempt)
        columns.add(segment)
        columns.add(iteration)
        columns.add(epoch)
        columns.add(descriptionJSON)
        columns.add(metricsJSON)
        columns.add(tensors)
        columns.add(created)
    }
}

/// The reads and writes of table `version`.
package struct VersionTable {
    let store: Store

    private var links: TensorLinkTable<VersionRow> { TensorLinkTable(store: store) }

    /// The row of this key, which something stored refers to.
    package func need(_ id: Int) throws -> VersionRow { try store.need([id.stored]) }

    /// The versions of these keys, in the given order. Missing versions are left out.
    package func all(_ ids: [Int]) throws -> [VersionRow] {
        let rows: [VersionRow] = try store.rows("WHERE id IN (SELECT value FROM json_each(?))", [store.list(ids)])
        let found = Dictionary(rows.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        return ids.compactMap { found[$0] }
    }

    /// The tensors of the versions of these keys, by version.
    package func tensors(of ids: [Int]) throws -> [Int: [TensorName]] { try links.tensors(of: ids) }

    /// The version with this number of a model; nil if there is none.
    package func find(model: Int, number: Int) throws -> VersionRow? {
        try store.first("WHERE model = ? AND number = ?", [model, number])
    }

    /// The version with this UUID; nil if there is none.
    package func find(uuid: UUIDv7) throws -> VersionRow? { try store.first("WHERE uuid = ?", [uuid.bytes]) }

    /// The versions of a model, the highest number first.
    package func all(ofModel model: Int) throws -> [VersionRow] {
        try store.rows("WHERE model = ? ORDER BY number DESC", [model])
    }

    /// The versions with weights that a run computed, in order of creation.
    package func all(ofRun run: Int) throws -> [VersionRow] { try store.rows("WHERE run = ? ORDER BY id", [run]) }

    /// The losses of all versions as they are recorded; those that are not finite are left out. Seals are not checked.
    /// - Parameter model: the key of a model, for its versions alone.
    package func losses(ofModel model: Int? = nil) throws -> [VersionLosses] {
        func loss(_ path: String) -> String {
            "(CASE WHEN json_type(metrics, '\(path)') IN ('integer', 'real') THEN json_extract(metrics, '\(path)') END)"
        }
        return try store.connection.all(
            """
            SELECT model, number, run, \(loss("$.val_loss")), \(loss("$.test.loss")) FROM version
            \(model == nil ? "" : "WHERE model = ?") ORDER BY model, number
            """, model.map { [$0] } ?? []
        ) { row in
            VersionLosses(
                model: try row.get(0), number: try row.get(1), run: try row.get(2), validation: try row.get(3),
                test: try row.get(4))
        }
    }

    /// All versions.
    package func all() throws -> [VersionRow] { try store.rows() }

    /// The highest number of a version of a model; nil if it has none.
    package func highest(ofModel model: Int) throws -> Int? {
        try store.connection.value("SELECT max(number) FROM version WHERE model = ?", [model])
    }

    /// A key that no version has, nor a deleted one that can be brought back.
    package var nextID: Int {
        get throws {
            try store.connection.value(
                """
                SELECT max((SELECT coalesce(max(id), 0) FROM version),
                    (SELECT coalesce(max(last_version), 0) FROM deletion)) + 1
                """)
        }
    }

    /// The tensors of a version, by name.
    /// - Throws: `RegistryError.damaged` if their number differs from the one that its row records.
    package func tensors(of version: VersionRow) throws -> [TensorName] {
        try links.tensors(of: version)
    }

    /// Inserts a version with its tensors.
    package func insert(_ version: VersionRow, _ tensors: [TensorName]) throws {
        try store.insert(version)
        try links.insert(tensors, of: version.id)
    }

    /// Deletes a version with its tensors' names; the tensors themselves stay until `gc`. Its measures stay as measures
    /// of its run.
    package func delete(_ version: VersionRow) throws {
        try releaseMeasures(of: version)
        try links.deleteAll(of: version.id)
        try store.delete(version)
    }

    /// Makes the measures of a version measures of its run alone.
    /// - Returns: their keys.
    @discardableResult
    package func releaseMeasures(of version: VersionRow) throws -> [Int] {
        let measured: [EvaluationRow] = try store.rows("WHERE run = ? AND version = ?", [version.run, version.id])
        for var evaluation in measured {
            evaluation.version = nil
            try store.update(evaluation)
        }
        return measured.map(\.id)
    }

    /// The keys of the versions that have this tensor.
    package func ids(with tensor: SHA256Digest) throws -> [Int] {
        try store.connection.all("SELECT version FROM version_tensor WHERE tensor = ?", [tensor.bytes], as: Int.self)
    }
}

/// The losses of a version on rows that it was not trained on.
package struct VersionLosses: Sendable, Equatable {
    /// The key of its model.
    package let model: Int
    package let number: Int
    package let run: Int
    package let validation: Double?
    package let test: Double?
}

extension Store {
    package var versions: VersionTable { VersionTable(store: self) }
}
