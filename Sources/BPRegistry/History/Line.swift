package import BPStore

/// The line that ends in a segment: the segment and its ancestors, oldest first, up to the point at which each was left,
/// across runs too.
package typealias Line = [LinePart]

/// A stretch of a line: the iterations `first…last` that one segment contributes to it.
package struct LinePart {
    /// The segment.
    package let record: SegmentRecord
    /// Its last iteration on this line; one less than `first` if it contributes none.
    package let last: Int
    /// The last epoch that it can contribute. The segment that continues from it counts from the epochs that were
    /// recorded when that segment was created.
    let lastEpoch: Int

    package var run: Int { record.run }
    /// The number of the segment in its run.
    package var segment: Int { record.number }
    /// Its first iteration.
    package var first: Int { record.firstIteration }
}

extension [LinePart] {
    /// The line that ends in `segment` of `run`.
    /// - Throws: `RegistryError.damaged` if a parent is missing or the parents form a cycle.
    package init(to segment: Int, ofRun run: Int, in store: Store) throws {
        self.init()
        var place = (run: run, number: segment)
        var limit = Int.max
        var lastEpoch = Int.max
        while true {
            let record = try store.segments.need(run: place.run, number: place.number)
            let first = record.firstIteration
            let end = first &+ record.iterations
            // Ancestors that form a cycle would never end; a valid line is never that long.
            guard first >= 1, end >= first, end < 1 << 53, count < 100_000 else {
                throw store.damaged("segment \(place.run).\(place.number)", "its line has no beginning or no end")
            }
            append(LinePart(record: record, last: Swift.min(limit, end - 1), lastEpoch: lastEpoch))
            guard let parent = try record.parent else { break }
            limit = Swift.min(limit, first - 1)
            lastEpoch = Swift.min(lastEpoch, record.firstEpoch - 1)
            place = parent
        }
        reverse()
    }

    /// The line of a run that a person named: the line of its head, or of `segment`.
    /// - Throws: `RegistryError.notFound` if there is no such run or segment.
    init(ofRun number: Int, segment: Int?, in store: Store) throws {
        let run = try RunRow(named: number, in: store)
        if let segment, !(1...Swift.max(1, run.segments)).contains(segment) {
            throw RegistryError.notFound(
                reference: "\(number).\(segment)", what: "no such segment",
                exists: run.segments == 1
                    ? "run \(number) has segment 1" : "run \(number) has segments 1 to \(run.segments)",
                near: [])
        }
        try self.init(to: segment ?? run.headSegment, ofRun: number, in: store)
    }

    /// The line of a point that a caller names.
    /// - Throws: `RegistryError.notFound` if there is no such run, segment or iteration; `freed` if gc has freed it.
    init(of point: Point, in store: Store) throws {
        try self.init(ofRun: point.run, segment: point.lineSegment, in: store)
        guard (0...lastIteration).contains(point.iteration) else {
            throw RegistryError.notFound(
                reference: "\(point.run).\(point.lineSegment)@iteration:\(point.iteration)", what: "no such iteration",
                exists: "iterations 0 to \(lastIteration) are recorded", near: ["\(point.run)@last"])
        }
        try checkKept(upTo: point.iteration)
    }

    /// The last iteration of the line; 0 before the first.
    var lastIteration: Int { last.map { Swift.max($0.last, $0.first - 1) } ?? 0 }

    /// The number of epochs of the line that had ended after `iteration` updates, as far as they are recorded.
    func epochsEnded(at iteration: Int) -> Int {
        // A segment also records its own beginning: the number of epochs that had ended when it was created.
        last(where: { $0.first - 1 <= iteration })?.epochsEnded(at: iteration) ?? 0
    }

    /// - Throws: `RegistryError.freed` if gc has freed something that leads to the state after `iteration` updates.
    func checkKept(upTo iteration: Int) throws {
        for part in self where part.first <= iteration && Swift.min(part.last, iteration) > part.lastKept {
            throw part.freed
        }
    }
}
