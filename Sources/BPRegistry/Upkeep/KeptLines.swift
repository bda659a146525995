import BPStore

/// The needed part of each segment: the lines from every head, pin and version back to the start, and the places where
/// forks begin. Everything else is superseded and may be freed.
struct KeptLines {
    struct Place: Hashable {
        let run: Int
        let segment: Int
    }

    /// The number of events in the registry. Every change that makes more of the record needed adds an event. So as
    /// long as the number is the same, nothing more is needed. (A head's line may grow; all of it is needed anyway.)
    let events: Int
    /// The last needed iteration of each segment; `.max` if all of it is needed. A segment that is not listed is not
    /// needed.
    private var limits: [Place: Int] = [:]
    private let segments: [Place: (parent: Place?, first: Int)]

    init(_ store: Store) throws {
        events = try store.registry.need().events
        var segments: [Place: (parent: Place?, first: Int)] = [:]
        for segment in try store.segments.all() {
            let parent = segment.parentRun.map { Place(run: $0, segment: segment.parentSegment ?? 0) }
            segments[Place(segment)] = (parent, segment.firstIteration)
        }
        self.segments = segments
        for run in try store.runs.all() {
            try keep(Place(run: run.id, segment: run.headSegment), upTo: .max, store)
        }
        for pin in try store.pins.all() {
            try keep(Place(run: pin.run, segment: pin.segment), upTo: pin.iteration, store)
        }
        for version in try store.versions.all() {
            try keep(Place(run: version.run, segment: version.segment), upTo: version.iteration, store)
        }
    }

    private mutating func keep(_ end: Place, upTo last: Int, _ store: Store) throws {
        var (place, limit) = (end, last)
        // If a line was already kept to this iteration, so was everything before it.
        while limits[place].map({ $0 < limit }) ?? true {
            guard let segment = segments[place] else {
                throw store.damaged("segment run=\(place.run), number=\(place.segment)", "the row is missing")
            }
            limits[place] = limit
            guard let parent = segment.parent else { return }
            (place, limit) = (parent, min(limit, segment.first - 1))
        }
    }

    /// The number of stored iterations, and of stored epochs, of a segment to keep. They are whole blocks, so a few
    /// more than needed may be kept, with the epochs that end in them.
    func kept(of segment: SegmentRecord) -> (iterations: Int, epochs: Int) {
        let (iterations, epochs) = (segment.keptIterations, segment.keptEpochs)
        guard let limit = limits[Place(segment)] else { return (0, 0) }
        guard limit < .max else { return (iterations, epochs) }
        let first = segment.firstIteration
        let blocks = (max(0, limit - first + 1) + BlockRow.capacity - 1) / BlockRow.capacity
        let stays = min(iterations, blocks * BlockRow.capacity)
        guard stays < iterations else { return (iterations, epochs) }
        let ended = (first - 1 + stays - segment.epochStart) / segment.iterationsPerEpoch
        return (stays, min(epochs, max(0, ended)))
    }

    /// Whether a keyframe is at a needed iteration. A pinned one is always kept.
    func isKept(_ keyframe: KeyframeRow) -> Bool {
        guard keyframe.role != .pinned else { return true }
        return limits[Place(run: keyframe.run, segment: keyframe.segment)].map { keyframe.iteration <= $0 } ?? false
    }
}

extension KeptLines.Place {
    fileprivate init(_ segment: SegmentRecord) { self.init(run: segment.run, segment: segment.number) }
}
