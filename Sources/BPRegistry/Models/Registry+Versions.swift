package import BPStore
import BPSQLite

/// A version that a person makes.
package struct NewManualVersion: Sendable {
    /// The model's name; the model is made if there is none.
    package var model: String
    /// Where its weights come from.
    package var origin: Origin
    /// Its measures, stored as given.
    package var metricsJSON: String

    /// Where weights come from.
    package enum Origin: Sendable {
        /// A point of a run, its parameters recomputed; what prediction needs is stored as given.
        case point(Point, weights: NewTensor, descriptionJSON: String)
        /// Another version, of any model: the same tensors and the same origin.
        case version(VersionRecord)
    }

    /// A version of `model`.
    package init(model: String, origin: Origin, metricsJSON: String) {
        (self.model, self.origin, self.metricsJSON) = (model, origin, metricsJSON)
    }
}

extension Registry {
    /// Makes a version of a point of a run, which may be alive, or of another version. It becomes the model's current
    /// one. Its origin is the run that recorded the point: before a fork, the parent.
    /// - Throws: `badName`; `notFound` when there is no such point or version; `conflict` when another state is recorded
    ///   there; `readOnly`, `diskFull`, `inputOutput`.
    package func createVersion(_ new: NewManualVersion) throws(RegistryError) -> VersionRecord {
        let name = try ModelName(new.model)
        switch new.origin {
        case .version(let record):
            return try writing { store in
                let known = try store.version(record.number, ofModel: record.model)
                let origin = VersionOrigin(
                    run: .int(known.run), segment: known.segment, iteration: known.iteration, epoch: known.epoch,
                    descriptionJSON: known.descriptionJSON, metricsJSON: new.metricsJSON, tensors: known.tensors,
                    copied: known.name)
                return try store.addManualVersion(origin, named: name, environment.now())
            }
        case .point(let point, let weights, let descriptionJSON):
            guard weights.name == "parameters" else {
                throw .conflict(place: "the new version", what: "its tensor is named \(weights.name), not parameters")
            }
            let tensors = HashedTensors([weights])
            return try keep(.weights, tensors, of: point, optimizerStep: 0, check: { _, _ in }) {
                store, branch, keyframe, now in
                let origin = VersionOrigin(
                    run: .int(branch.part.run), segment: branch.part.segment, iteration: branch.iteration,
                    epoch: branch.epochs, descriptionJSON: descriptionJSON, metricsJSON: new.metricsJSON,
                    tensors: tensors.names)
                let record = try store.addManualVersion(origin, named: name, now)
                // The version owns the tensors now.
                if let keyframe { try store.deleteKeyframe(keyframe) }
                return record
            }
        }
    }
}

extension Store {
    fileprivate func addManualVersion(
        _ origin: VersionOrigin, named name: ModelName, _ now: Int64
    ) throws -> VersionRecord {
        var model = try modelRow(named: name, now)
        let version = try addVersion(origin, to: &model, now)
        var run = try need(.run, [origin.run])
        try run.add(1, to: "versions")
        try update(run)
        return try self.version(version.number, ofModel: name.text)
    }
}
