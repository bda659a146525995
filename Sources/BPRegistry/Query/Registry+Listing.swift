public import BPStore

extension SnapshotReading {
    /// The runs that match `query`, newest first unless it has another order.
    public func runs(_ query: ListQuery) -> Listing<RunRecord> {
        Listing(
            self, query,
            Listing.Rows(
                keys: { store, query in store.listedRuns(query) }, records: { store, ids in try store.runRecords(ids) })
        )
    }

    /// The versions that match `query`, of one model or of all, newest first unless it has another order.
    /// - Throws: `notFound` with the names of the existing models.
    public func versions(ofModel name: String? = nil, _ query: ListQuery) throws(RegistryError) -> Listing<
        VersionRecord
    > {
        let model = try name.map { name throws(RegistryError) in
            try reading { store in try Models(store).model(name).id }
        }
        return Listing(
            self, query,
            Listing.Rows(
                keys: { store, query in store.listedVersions(ofModel: model, query) },
                records: { store, ids in try store.versionRecords(ids) }))
    }
}

extension Store {
    /// The runs of these numbers, in the given order. A run that was deleted after its number was read is left out.
    fileprivate func runRecords(_ ids: [Int]) throws -> [RunRecord] { try runRecords(of: runs.all(ids)) }

    /// The records of rows of runs.
    func runRecords(of rows: [RunRow]) throws -> [RunRecord] {
        let models = try models.all(Set(rows.map(\.model)))
        let names = models.mapValues(\.name)
        return try rows.map { row in
            guard let model = names[row.model] else { throw damaged("run \(row.id)", "its model is missing") }
            return try RunRecord(row, model: model, in: self)
        }
    }

    /// The versions with these keys, in the given order.
    fileprivate func versionRecords(_ ids: [Int]) throws -> [VersionRecord] {
        let rows = try versions.all(ids)
        let models = try models.all(Set(rows.map(\.model)))
        let tensors = try versions.tensors(of: ids)
        return try rows.map { row in
            guard let model = models[row.model] else {
                throw damaged("version id=\(row.id)", "its model is missing")
            }
            let names = tensors[row.id] ?? []
            guard names.count == row.tensors else {
                throw damaged("version id=\(row.id)", "\(names.count) tensors, but its row records \(row.tensors)")
            }
            return try Models(self).record(row, of: model, names)
        }
    }
}
