import BPStore
import BPSQLite

/// What of each segment is needed: the lines back to the start of every head, pin and version, and with them the places
/// where forks begin. All else is superseded, and may be freed.
struct KeptLines {
    struct Place: Hashable {
        let run: Int
        let segment: Int
    }

    /// How many events the registry had. Every move that makes something needed which was not before adds one, so as
    /// long as the number is the same, nothing else is needed. (The end of a head may grow; all of it is needed anyway.)
    let events: Int
    /// Up to which iteration each segment is needed; all of it for `.max`. What is not here is not needed at all.
    private var limits: [Place: Int] = [:]
    private let segments: [Place: (parent: Place?, first: Int)]

    init(_ store: Store) throws {
        events = try store.need(.registry, [.integer(1)]).int("events")
        var segments: [Place: (parent: Place?, first: Int)] = [:]
        for row in try store.rows(.segment) {
            let parent = try row.optionalInt("parent_run").map {
                Place(run: $0, segment: try row.int("parent_segment"))
            }
            segments[try Place(row)] = (parent, try row.int("first_iteration"))
        }
        self.segments = segments
        for run in try store.rows(.run) {
            let head = Place(run: try run.int("id"), segment: try run.int("head_segment"))
            try keep(head, upTo: .max, store)
        }
        for table in [SealedTable.pin, .version] {
            for row in try store.rows(table) {
                let place = Place(run: try row.int("run"), segment: try row.int("segment"))
                try keep(place, upTo: row.int("iteration"), store)
            }
        }
    }

    private mutating func keep(_ end: Place, upTo last: Int, _ store: Store) throws {
        var (place, limit) = (end, last)
        // Where a line was kept as far before, so was all that it goes on from.
        while limits[place].map({ $0 < limit }) ?? true {
            guard let segment = segments[place] else {
                throw store.damaged("segment run=\(place.run), number=\(place.segment)", "the row is missing")
            }
            limits[place] = limit
            guard let parent = segment.parent else { return }
            (place, limit) = (parent, min(limit, segment.first - 1))
        }
    }

    /// How many of the iterations that a segment holds, and of its epochs, stay: whole blocks, so some more than are
    /// needed may, with the epochs that end in them.
    func kept(of row: TableRow) throws -> (iterations: Int, epochs: Int) {
        let (iterations, epochs) = (try row.int("kept_iterations"), try row.int("kept_epochs"))
        guard let limit = limits[try Place(row)] else { return (0, 0) }
        guard limit < .max else { return (iterations, epochs) }
        let first = try row.int("first_iteration")
        let blocks = (max(0, limit - first + 1) + Store.blockLength - 1) / Store.blockLength
        let stays = min(iterations, blocks * Store.blockLength)
        guard stays < iterations else { return (iterations, epochs) }
        let ended = (first - 1 + stays - (try row.int("epoch_start"))) / (try row.int("iterations_per_epoch"))
        return (stays, min(epochs, max(0, ended)))
    }

    /// Whether a keyframe stands on what is needed. One that is pinned always does.
    func isKept(_ keyframe: TableRow) throws -> Bool {
        guard try keyframe.text("role") != KeyframeRole.pinned.rawValue else { return true }
        let place = Place(run: try keyframe.int("run"), segment: try keyframe.int("segment"))
        return try limits[place].map { try keyframe.int("iteration") <= $0 } ?? false
    }
}

extension KeptLines.Place {
    fileprivate init(_ segment: TableRow) throws {
        self.init(run: try segment.int("run"), segment: try segment.int("number"))
    }
}
