public import BPRegistry

/// All of the state at a point of a run, recomputed where it is not stored: what a full keyframe holds.
public struct PointState: Sendable {
    /// The point, on a line of the run that recorded it: where a fork left its parent, the fork's own.
    public let point: Point
    /// How many steps the optimizer has counted.
    public let optimizerStep: Int
    /// "parameters", and each optimizer slot, in canonical order.
    public let tensors: [NewTensor]
    /// How many iterations were recomputed.
    public let replayed: Int

    /// The state at `reference`; a version stands for the point it was made of, and a run for its best epoch if it has a
    /// validation split, else its last state.
    /// - Throws: `TrainingError.notReproducible` if recomputing gives other losses; `RegistryError`, `DataError`,
    ///   `CoreError`.
    public init(
        _ reference: Reference, in source: Registry, threads: Int? = nil, file: DataFile? = nil
    ) throws {
        point = try RunSource.origin(reference, in: source)
        let past = try RunSource(source, run: point.run, file: file)
        let (loop, replayed) = try past.restoreSound(point, threads: threads ?? Attempt.processors)
        optimizerStep = loop.keyframe(.pinned).optimizerStep
        tensors =
            [NewTensor("parameters", floats: loop.trainer.parameters)]
            + past.spec.optimizer.slotNames.enumerated().map { NewTensor($1, floats: loop.trainer.slot($0)) }
        self.replayed = replayed
    }

    /// Keeps it for good.
    public func pin(named name: String?, in source: Registry) throws(RegistryError) -> PinRecord {
        try source.pin(NewPin(point: point, name: name, optimizerStep: optimizerStep, tensors: tensors))
    }
}
