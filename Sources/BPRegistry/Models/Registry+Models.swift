public import BPStore

extension SnapshotReading {
    /// All models, by name.
    public func models() throws(RegistryError) -> [ModelRecord] {
        try reading { store in
            try store.models.all().map { model in
                ModelRecord(
                    name: model.name, uuid: model.uuid, currentVersion: model.currentVersion,
                    versionCount: model.versions, runCount: model.runs, created: model.created)
            }
        }
    }

    /// The versions of a model, or of all models by name; the highest number of each model first.
    /// - Throws: `notFound` with the models that exist.
    public func versions(ofModel name: String? = nil) throws(RegistryError) -> [VersionRecord] {
        try reading { store in
            let models = Models(store)
            return try models.models(name).flatMap { model in
                let versions = try store.versions.all(ofModel: model.id)
                try store.check(versions.count, "versions", are: model.versions, of: model)
                return try versions.map { try models.record($0, of: model) }
            }
        }
    }

    /// The version `number` of a model.
    /// - Throws: `notFound` with the versions, or models, that exist.
    public func version(ofModel name: String, _ number: Int) throws(RegistryError) -> VersionRecord {
        try reading { try Models($0).version(number, ofModel: name) }
    }

    /// The versions with weights that a run computed, in order of creation. Those that a person created may belong to
    /// other models than the run's.
    public func versions(ofRun number: Int) throws(RegistryError) -> [VersionRecord] {
        try reading { store in
            let run = try RunRow(named: number, in: store)
            let versions = try store.versions.all(ofRun: number)
            guard versions.count == run.versions else {
                throw store.damaged("run \(number)", "\(versions.count) versions, but its row records \(run.versions)")
            }
            return try versions.map { try Models(store).record($0) }
        }
    }
}
