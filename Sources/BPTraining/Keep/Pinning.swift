public import BPRegistry

/// A point whose full state is kept for good.
public struct PinnedPoint: Sendable {
    /// What the registry has of it.
    public let pin: PinRecord
    /// SHA-256 over the parameters as little-endian float32 in canonical order.
    public let weightsSHA256: String
    /// How many iterations were recomputed to get the state.
    public let replayed: Int

    /// Pins the point that `reference` names: recomputes its state, compares it with the record, and keeps parameters
    /// and every optimizer slot as a keyframe that is never thinned. The run may be alive. A version stands for the
    /// point it was made of.
    /// - Parameters:
    ///   - name: what it is called, for people.
    ///   - file: the data, where the registry keeps only their hash.
    /// - Throws: `registry` with `conflict` when it is pinned already, `notReproducible`, and what the registry and the
    ///   data refuse.
    public init(
        pinning reference: Reference, named name: String? = nil, in registry: Registry, threads: Int? = nil,
        file: String? = nil
    ) throws(TrainingError) {
        let restored = try RestoredPoint(
            reference, in: registry, threads: threads ?? Attempt.processors, file: file)
        let (trainer, point) = (restored.loop.trainer, restored.point)
        let slots = trainer.optimizer.slotNames.enumerated().map { NewTensor($1, floats: trainer.slot($0)) }
        let new = NewPin(
            point: point, name: name, optimizerStep: point.iteration - restored.source.grid.stepOrigin,
            tensors: [NewTensor("parameters", floats: restored.parameters)] + slots)
        pin = try fromRegistry { () throws(RegistryError) in try registry.pin(new) }
        weightsSHA256 = weightsHash(restored.parameters)
        replayed = restored.replayed
    }

    /// Takes the pin of the point that `reference` names away.
    /// - Throws: `registry` with `notFound` naming the pins there are.
    public static func unpin(_ reference: Reference, in registry: Registry) throws(TrainingError) -> PinRecord {
        let point = try RunSource.origin(reference, in: registry)
        return try fromRegistry { () throws(RegistryError) in try registry.unpin(point) }
    }
}
