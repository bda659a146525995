import BPStore

/// The needed part of each segment: the lines back to the start of every head, pin and version, and with them the places
/// at which forks begin. Everything else is superseded and may be freed.
struct KeptLines {
    struct Place: Hashable {
        let run: Int
        let segment: Int
    }

    /// The number of events that the registry had. Every move that makes something needed which was not before adds one,
    /// so as long as the number is the same, nothing else is needed. (The end of a head may grow; all of it is needed
    /// anyway.)
    let events: Int
    /// Up to which iteration each segment is needed; all of it for `.max`. A segment that is not here is not needed.
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
        // If a line was kept as far before, so was everything that it continues.
        while limits[place].map({ $0 < limit }) ?? true {
            guard let segment = segments[place] else {
                throw store.damaged("segment run=\(place.run), number=\(place.segment)", "the row is missing")
            }
            limits[place] = limit
            guard let parent = segment.parent else { return }
            (place, limit) = (parent, min(limit, segment.first - 1))
        }
    }

    /// The number of held iterations, and of held epochs, of a segment that stay: whole blocks, so some more than are
    /// needed may, with the epochs that end in them.
    func kept(of segment: SegmentRecord) -> (iterations: Int, epochs: Int) {
        let (iterations, epochs) = (segment.keptIterations, segment.keptEpochs)
        guard let limit = limits[Place(segment)] else { return (0, 0) }
        guard limit < .max else { return (iterations, epochs) }
        let first = segment.firstIteration
        let blocks = (max(0, limit - first + 1) + Store.blockLength - 1) / Store.blockLength
        let stays = min(iterations, blocks * Store.blockLength)
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

extension LinePart {
    /// The last iteration whose loss is still held; one less than `first` where gc has freed all.
    var lastKept: Int { get throws { try first - 1 + row.int("kept_iterations") } }

    /// The last epoch that is still held.
    var lastKeptEpoch: Int { get throws { try row.int("first_epoch") - 1 + row.int("kept_epochs") } }

    /// This part by the state of the transaction, which may be newer than the row.
    func renewed(in store: Store) throws -> LinePart {
        LinePart(
            run: run, segment: segment, first: first, last: last, lastEpoch: lastEpoch,
            row: try store.need(.segment, [.int(run), .int(segment)]))
    }

    /// The error that tells that gc has freed what lies after `lastKept`.
    var freed: RegistryError {
        get throws {
            let (kept, name) = (try lastKept, "\(run).\(segment)")
            return .freed(
                place: "\(name), iterations \(kept + 1) to \(first - 1 + (try row.int("iterations")))",
                kept: kept >= first ? "\(name)@iteration:\(kept)" : nil)
        }
    }
}

extension [LinePart] {
    /// - Throws: `RegistryError.freed` where gc has freed something of what leads to the state after `iteration` updates.
    func checkKept(upTo iteration: Int) throws {
        for part in self where part.first <= iteration {
            if Swift.min(part.last, iteration) > (try part.lastKept) { throw try part.freed }
        }
    }
}
