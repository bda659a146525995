package import BPStore

/// A version for a person to create.
package struct NewManualVersion: Sendable {
    /// The model's name; the model is created if there is none.
    package var model: String
    /// The origin of its weights.
    package var origin: Origin
    /// Its measures, stored as given.
    package var metricsJSON: String

    /// The origin of weights.
    package enum Origin: Sendable {
        /// A point of a run with its recomputed parameters. The description, which prediction needs, is stored as
        /// given.
        case point(Point, weights: NewTensor, descriptionJSON: String)
        /// Another version, of any model; the new one has the same tensors and the same origin.
        case version(VersionRecord)
    }

    /// A version of `model`.
    package init(model: String, origin: Origin, metricsJSON: String) {
        (self.model, self.origin, self.metricsJSON) = (model, origin, metricsJSON)
    }
}

extension Registry {
    /// Creates a version from a point of a run, which may be alive, or from another version. It becomes the model's
    /// current version. Its origin is the run that recorded the point: before a fork, the parent.
    /// - Throws: `badName`; `notFound` if there is no such point or version; `conflict` if another state is recorded
    ///   there; `readOnly`, `diskFull`, `inputOutput`.
    package func createVersion(_ new: NewManualVersion) throws(RegistryError) -> VersionRecord {
        let name = try ModelName(new.model)
        switch new.origin {
        case .version(let record):
            return try writing { store in
                let known = try Models(store).version(record.number, ofModel: record.model)
                let origin = VersionOrigin(
                    run: known.run, segment: known.segment, iteration: known.iteration, epoch: known.epoch,
                    descriptionJSON: known.descriptionJSON, metricsJSON: new.metricsJSON, tensors: known.tensors,
                    copied: known.name)
                return try Models(store).addManualVersion(origin, named: name, environment.now())
            }
        case .point(let point, let weights, let descriptionJSON):
            guard weights.name == TensorName.parameters else {
                throw .conflict(place: "the new version", what: "its tensor is named \(weights.name), not parameters")
            }
            let tensors = HashedTensors([weights])
            return try keep(.weights, tensors, of: point, optimizerStep: 0, check: { _, _ in }) {
                store, branch, keyframe, now in
                let origin = VersionOrigin(
                    run: branch.part.run, segment: branch.part.segment, iteration: branch.iteration,
                    epoch: branch.epochs, descriptionJSON: descriptionJSON, metricsJSON: new.metricsJSON,
                    tensors: tensors.names)
                let record = try Models(store).addManualVersion(origin, named: name, now)
                // The version owns the tensors now.
                if let keyframe { try store.keyframes.release(keyframe) }
                return record
            }
        }
    }
}

extension Models {
    fileprivate func addManualVersion(
        _ origin: VersionOrigin, named name: ModelName, _ now: Int64
    ) throws -> VersionRecord {
        var model = try findOrCreate(name, now)
        let version = try addVersion(origin, to: &model, now)
        var run = try store.runs.need(origin.run)
        run.versions += 1
        try store.update(run)
        return try self.version(version.number, ofModel: name.text)
    }
}
