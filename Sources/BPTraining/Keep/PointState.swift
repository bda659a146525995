package import BPRegistry

/// All of the state at a point of a run, recomputed where it is not stored: what a full keyframe holds.
package struct PointState: Sendable {
    /// The point, on a line of the run that recorded it: where a fork left its parent, the fork's own.
    package let point: Point
    /// How many steps the optimizer has counted.
    package let optimizerStep: Int
    /// The parameters and each optimizer slot, in canonical order.
    package let tensors: [NewTensor]
    /// How many iterations were recomputed.
    package let replayed: Int

    /// The state at `reference`; a version stands for the point it was made of, and a run for its best epoch if one
    /// has a finite validation loss, else its last state.
    /// - Throws: `TrainingError.notReproducible` if recomputing gives other losses; `RegistryError`, `DataError`,
    ///   `CoreError`.
    package init(
        _ reference: Reference, in registry: Registry, threads: Int? = nil, file: DataFile? = nil
    ) throws {
        point = try registry.recordedPoint(reference)
        let past = try RecordedRun(registry, run: point.run, file: file)
        let (loop, replayed) = try past.replaySound(to: point, threads: threads ?? Attempt.processors)
        optimizerStep = loop.keyframe(.pinned).optimizerStep
        tensors = loop.tensors().map { NewTensor($0.name, floats: $0.floats) }
        self.replayed = replayed
    }

    /// Keeps it for good.
    package func pin(named name: String?, in registry: Registry) throws(RegistryError) -> PinRecord {
        try registry.pin(NewPin(point: point, name: name, optimizerStep: optimizerStep, tensors: tensors))
    }
}
