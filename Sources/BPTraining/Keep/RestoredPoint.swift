import BPCore
import BPRegistry

/// The full state of a point of a run, recomputed and compared with the record: what a pin keeps, and what a version by
/// hand is made of.
struct RestoredPoint {
    /// The point, on a line of the run that recorded it: before a fork, the parent.
    let point: Point
    let source: RunSource
    /// The loop after the point's iteration.
    let loop: TrainingLoop
    /// How many iterations were recomputed.
    let replayed: Int

    /// Restores what `reference` names; a version stands for the point it was made of.
    /// - Parameter file: the data, where the registry keeps only their hash.
    /// - Throws: `notResumable` for the update at which a run diverged, and what the registry and the data refuse.
    init(
        _ reference: Reference, in registry: Registry, threads: Int, file: String?
    ) throws(TrainingError) {
        point = try RestoredPoint.recorder(of: RunSource.origin(reference, in: registry), in: registry)
        source = try RunSource(registry, run: point.run, file: file)
        try source.refuseDivergence(at: point)
        (loop, replayed) = try source.restore(point.iteration, segment: point.lineSegment, threads: threads)
    }

    /// The point as one of the run that recorded its iteration: where a fork left its parent, the parent's.
    private static func recorder(of point: Point, in registry: Registry) throws(TrainingError) -> Point {
        var point = point
        while let parent = try fromRegistry({ () throws(RegistryError) in try registry.run(point.run) }).parent,
            parent.iteration == point.iteration
        { point = try RunSource.point(parent.iteration, ofRun: parent.run, segment: parent.segment, in: registry) }
        return point
    }

    /// The parameters in canonical order.
    var parameters: [Float] { loop.trainer.parameters }
}
