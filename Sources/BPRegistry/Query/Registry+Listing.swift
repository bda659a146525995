import BPStore
import BPQuery
import BPSQLite

extension Registry {
    /// The runs that match `query`, newest first unless it has another order.
    public func runs(_ query: ListQuery) -> Listing<RunRecord> {
        Listing(
            self, query,
            Listing.Source(
                table: "run", key: "run.id", vocabulary: { RunVocabulary(store: $0) },
                records: { [environment] store, ids in try store.runs(ids, environment) }))
    }

    /// The versions that match `query`, of one model or of all, newest first unless it has another order.
    /// - Throws: `notFound` with the names of the existing models.
    public func versions(ofModel name: String? = nil, _ query: ListQuery) throws(RegistryError) -> Listing<
        VersionRecord
    > {
        let model = try name.map { name throws(RegistryError) in
            try reading { store in try store.modelRow(name).int("id") }
        }
        return Listing(
            self, query,
            Listing.Source(
                table: "version", key: "version.id", base: model.map { SQLFragment("version.model = ?", [.int($0)]) },
                vocabulary: { VersionVocabulary(store: $0) },
                records: { store, ids in try store.versions(ids) }))
    }
}

extension Store {
    /// The runs of these numbers, in their order.
    fileprivate func runs(_ ids: [Int], _ environment: RegistryEnvironment) throws -> [RunRecord] {
        try runs(of: rows(.run, ids), environment)
    }

    /// The records of runs' rows.
    func runs(of rows: [TableRow], _ environment: RegistryEnvironment) throws -> [RunRecord] {
        let models = try models(of: rows)
        return try rows.map { row in
            try run(row, models: models.mapValues { try $0.text("name") }, environment)
        }
    }

    /// The versions with these keys, in their order.
    fileprivate func versions(_ ids: [Int]) throws -> [VersionRecord] {
        let rows = try rows(.version, ids)
        let models = try models(of: rows)
        let tensors = try tensorNames(ofVersions: ids)
        return try rows.map { row in
            guard let model = models[try row.int("model")] else {
                throw damaged("version \(row.keyText)", "its model is missing")
            }
            let names = tensors[try row.int("id")] ?? []
            guard try names.count == row.int("tensors") else {
                throw damaged("version \(row.keyText)", "\(names.count) tensors, its row tells another number")
            }
            return try version(row, of: model, names)
        }
    }

    /// The rows of these keys, in their order. A row that was deleted after the keys were read is left out.
    private func rows(_ table: SealedTable, _ ids: [Int]) throws -> [TableRow] {
        guard ids.count > 0 else { return [] }
        var found: [Int: TableRow] = [:]
        for row in try rows(table, "WHERE id IN (SELECT value FROM json_each(?))", [list(ids)]) {
            found[try row.int("id")] = row
        }
        return ids.compactMap { found[$0] }
    }

    /// The models of the rows, each read once.
    private func models(of rows: [TableRow]) throws -> [Int: TableRow] {
        let ids = try Set(rows.map { try $0.int("model") })
        return Dictionary(
            uniqueKeysWithValues: try self.rows(.model, Array(ids)).map { (try $0.int("id"), $0) })
    }

    private func tensorNames(ofVersions ids: [Int]) throws -> [Int: [TensorName]] {
        var names: [Int: [TensorName]] = [:]
        let clause = "WHERE version IN (SELECT value FROM json_each(?)) ORDER BY version, name"
        for row in try rows(.versionTensor, clause, [list(ids)]) {
            names[try row.int("version"), default: []].append(
                TensorName(name: try row.text("name"), digest: try row.digest("tensor")))
        }
        return names
    }

    private func list(_ ids: [Int]) -> String { "[" + ids.map(String.init).joined(separator: ",") + "]" }

    /// The numbers of the runs whose process is alive.
    func livingRuns() throws -> [Int] {
        try connection.unendedOwners().filter { environment.isAlive($0.owner, leaseUntil: $0.lease) }.map(\.run)
    }
}
