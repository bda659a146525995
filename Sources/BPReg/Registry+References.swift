extension Registry {
    /// Loads the model that a reference names, ready to predict.
    /// - Parameters:
    ///   - reference: a model (its current version), a version such as `rings:2` or `rings@production`, or a point of a
    ///     run such as `7@epoch:50`. A run alone means its best epoch, or its last state without a validation split.
    ///   - threads: the number of threads for a state that is not stored and must be recomputed (default: all
    ///     processors).
    ///   - data: the file of the run's data, if the registry stores only their hash and the state must be recomputed.
    /// - Throws: `RegistryError` if the reference names nothing or the weights cannot be read; `TrainingError`,
    ///   `DataError` and `CoreError` for a state that is recomputed.
    public func model(_ reference: String, threads: Int? = nil, data: DataFile? = nil) throws -> LoadedModel {
        try LoadedModel(Reference(reference), in: self, threads: threads, file: data)
    }

    /// Recomputes the history of a run and compares each loss, epoch and keyframe with the record, bit for bit.
    /// - Parameters:
    ///   - run: the run's number. A fork's line, which is audited, begins with its parent's part.
    ///   - extent: the whole line, or a number of stretches drawn at random.
    ///   - threads: the number of threads (default: all processors).
    ///   - data: the file of the data, if the registry stores only their hash.
    /// - Throws: `RegistryError.damaged` if stored bytes do not match their hashes; `TrainingError.numericsVersion` if
    ///   another version of bpreg is needed; `RegistryError`, `DataError`, `CoreError`.
    public func audit(
        _ run: Int, extent: Audit.Extent = .full, threads: Int? = nil, data: DataFile? = nil
    ) throws -> AuditReport {
        try Audit(run: run, extent: extent, in: self, file: data).run(threads: threads)
    }

    /// Rolls a run back to an earlier point, which becomes its end. Nothing is deleted or computed; a resume continues
    /// from there, and `undoRollback(ofRun:)` reverts it.
    /// - Parameter reference: a point of a run, such as `1@epoch:50`. For a model there is `setCurrent(_:ofModel:)`.
    /// - Throws: `RegistryError.badReference` if it is no point of a run; `notFound`, or `alive` if a process trains
    ///   the run.
    @discardableResult
    public func rollback(_ reference: String) throws(RegistryError) -> HeadMove {
        guard case .point(let point) = try resolve(Reference(reference)) else {
            throw .badReference(text: reference, reason: "it does not name a point of a run, such as 1@epoch:50")
        }
        return try rollback(to: point)
    }

    /// Keeps the state at a point for good, under a name if it has one.
    /// - Parameters:
    ///   - reference: a point of a run, or a version, which means the point that it was made of.
    ///   - name: a name for people.
    ///   - data: the file of the run's data, if the registry stores only their hash and the state must be recomputed.
    /// - Throws: `RegistryError` if the reference names nothing; `TrainingError.notReproducible` if recomputing gives
    ///   other losses; `DataError`, `CoreError`.
    @discardableResult
    public func pin(_ reference: String, named name: String? = nil, data: DataFile? = nil) throws -> PinRecord {
        try PointState(Reference(reference), in: self, file: data).pin(named: name, in: self)
    }

    /// Makes a version of a point of a run, or of another model's version. It becomes the model's current one.
    /// - Parameters:
    ///   - reference: a point such as `1@epoch:50`, a run, or a version.
    ///   - model: the model (default: the one that the run trains).
    ///   - data: the file of the run's data, if the registry stores only their hash and the state must be recomputed.
    /// - Throws: `RegistryError` if the reference names nothing; `TrainingError.setting` if a version would become a
    ///   version of its own model; `TrainingError.notReproducible`, `DataError`, `CoreError`.
    @discardableResult
    public func makeVersion(
        of reference: String, model: String? = nil, data: DataFile? = nil
    ) throws -> VersionRecord {
        try makeVersion(of: Reference(reference), model: model, file: data)
    }
}
