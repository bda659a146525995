public import BPStore

extension SnapshotReading {
    /// The runs that match `query`, newest first unless it has another order.
    public func runs(_ query: ListQuery) -> Listing<RunRecord> {
        Listing(
            self, query,
            Listing.Rows(
                keys: { store, query in store.listedRuns(query) },
                records: { store, ids in try RunRecord.all(ids, in: store) })
        )
    }

    /// The versions that match `query`, of one model or of all, newest first unless it has another order.
    /// - Throws: `notFound` with the names of the existing models.
    public func versions(ofModel name: String? = nil, _ query: ListQuery) throws(RegistryError) -> Listing<
        VersionRecord
    > {
        let model = try modelKey(name)
        return Listing(
            self, query,
            Listing.Rows(
                keys: { store, query in store.listedVersions(ofModel: model, query) },
                records: { store, ids in try Models(store).records(ids) }))
    }

    /// The key of a model's row; nil for no name.
    func modelKey(_ name: String?) throws(RegistryError) -> Int? {
        try name.map { name throws(RegistryError) in try reading { store in try Models(store).model(name).id } }
    }
}
