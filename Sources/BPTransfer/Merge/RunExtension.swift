import BPRegistry
import BPStore

/// The part that a run here gains from the same run in a source, which continues it.
struct RunExtension {
    let run: TransferContents.Run
    /// The run here, as it was.
    let row: RunRow
    /// The numbers of the segments that are longer in the source.
    let longer: Set<Int>
    /// The number of segments here.
    let segments: Int
    let attempts: AttemptMatch
    /// The keyframes and pins that are not here.
    let keyframes: [(row: KeyframeRow, tensors: [TransferContents.Tensor])]
    let pins: [PinRecord]

    init(_ comparison: RunComparison, longer: [Int], attempts: AttemptMatch) throws {
        let (run, row, store) = (comparison.run, comparison.row, comparison.store)
        (self.run, self.row, self.longer, self.attempts) = (run, row, Set(longer), attempts)
        let here = comparison.here
        segments = here.count
        let removed = Set(try store.events.all(of: .run(row.id)).filter { $0.kind == .pinned }.map(\.at))
        pins = try run.pins.filter { pin in
            // A pin that was removed here stays removed.
            guard !removed.contains(pin.created) else { return false }
            return try store.pins.find(run: row.id, segment: pin.segment, iteration: pin.iteration) == nil
        }
        let pinned = Set(pins.map { [$0.segment, $0.iteration] })
        keyframes = try run.keyframes.filter { keyframe, tensors in
            guard here.indices.contains(keyframe.segment - 1) else { return true }
            let known = try store.keyframes.at(keyframe.iteration, run: row.id, segment: keyframe.segment)
                .filter { $0.state == .complete }
            try RunExtension.compare(keyframe, tensors, known, comparison)
            if known.contains(where: { $0.role == keyframe.role }) { return false }
            let mine = here[keyframe.segment - 1]
            let end = mine.firstIteration - 1 + mine.iterations
            switch keyframe.role {
            case .pinned: return pinned.contains([keyframe.segment, keyframe.iteration])
            case .best:
                let bests = try store.keyframes.complete(run: row.id, segment: mine.number, upTo: .max, role: .best)
                return bests.allSatisfy { $0.iteration < keyframe.iteration }
            // Those that were given up here stay so.
            case .start, .spaced, .end: return keyframe.iteration >= end
            }
        }
    }

    /// - Throws: `RegistryError.conflict` if another state is kept here at the place of a keyframe.
    private static func compare(
        _ keyframe: KeyframeRow, _ tensors: [TransferContents.Tensor], _ known: [KeyframeRow],
        _ comparison: RunComparison
    ) throws {
        for row in known {
            for tensor in try comparison.store.keyframes.tensors(of: row) {
                guard let other = tensors.first(where: { $0.name == tensor.name }) else { continue }
                guard other.digest == tensor.digest else {
                    throw comparison.conflict(
                        "the keyframe at iteration \(keyframe.iteration) of segment \(keyframe.segment) has other "
                            + "weights")
                }
            }
        }
    }

    /// Whether the run ends from now on as it does in the source.
    var takesEnd: Bool {
        run.row.iterations > row.iterations || row.status == nil || attempts.isContinuation
    }
}
