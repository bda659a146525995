package import BPStore
import BPSQLite

/// A stretch of a line: the iterations `first…last` that one segment gives to it.
struct LinePart {
    let run: Int
    let segment: Int
    /// Its first iteration.
    let first: Int
    /// Its last iteration on this line; one less than `first` where it gives none.
    let last: Int
    /// The last epoch that it can give: a segment that goes on from here counts from the epochs that were recorded when
    /// it was made.
    let lastEpoch: Int
    let row: TableRow
}

// The line that ends in a segment: the segment and its ancestors, up to where each was left, across runs too.
extension Store {
    /// The parts of the line that ends in `segment` of `run`, oldest first.
    /// - Throws: `RegistryError.damaged` when a parent is missing or the parents go round.
    func line(run: Int, segment: Int) throws -> [LinePart] {
        var parts: [LinePart] = []
        var place = (run: run, segment: segment)
        var limit = Int.max
        var lastEpoch = Int.max
        while true {
            let row = try need(.segment, [.int(place.run), .int(place.segment)])
            let first = try row.int("first_iteration")
            let end = first &+ (try row.int("iterations"))
            // Ancestors that go round would not end; a true line is never that long.
            guard first >= 1, end >= first, end < 1 << 53, parts.count < 100_000 else {
                throw damaged("segment \(place.run).\(place.segment)", "its line has no beginning or no end")
            }
            parts.append(
                LinePart(
                    run: place.run, segment: place.segment, first: first, last: min(limit, end - 1),
                    lastEpoch: lastEpoch, row: row))
            guard let parentRun = try row.optionalInt("parent_run") else { break }
            limit = min(limit, first - 1)
            lastEpoch = min(lastEpoch, try row.int("first_epoch") - 1)
            place = (parentRun, try row.int("parent_segment"))
        }
        return parts.reversed()
    }

    /// The line of a run that a person named: the head's, or that of `segment`.
    /// - Throws: `RegistryError.notFound` for a run or a segment that is not there.
    func line(ofRun number: Int, segment: Int?) throws -> [LinePart] {
        let run = try runRow(number)
        guard let segment else { return try line(run: number, segment: run.int("head_segment")) }
        let count = try run.int("segments")
        guard (1...max(1, count)).contains(segment) else {
            throw RegistryError.notFound(
                reference: "\(number).\(segment)", what: "no such segment",
                exists: count == 1 ? "run \(number) has segment 1" : "run \(number) has segments 1 to \(count)",
                near: [])
        }
        return try line(run: number, segment: segment)
    }
}

extension Store {
    /// The chain of a segment over its iterations before `iteration`: up to the middle of a block where one began there.
    /// nil where gc has freed them.
    package func chain(of segment: TableRow, before iteration: Int) throws -> SHA256Digest? {
        let count = iteration - (try segment.int("first_iteration"))
        guard count <= (try segment.int("kept_iterations")) else { return nil }
        guard count > 0 else { return try segment.digest("chain_start") }
        let key = [segment["run"], segment["number"]]
        let (block, rest) = (count / Store.blockLength, count % Store.blockLength)
        let before =
            block == 0 ? try segment.digest("chain_start") : try need(.block, key + [.int(block - 1)]).digest("chain")
        guard rest > 0 else { return before }
        let row = try need(.block, key + [.int(block)])
        let losses = Array(try row.blob("losses").prefix(4 * rest))
        return Chain.next(
            after: before, run: try need(.run, [segment["run"]]).uuid("uuid"), segment: try segment.int("number"),
            firstIteration: try row.int("first_iteration"), losses: losses)
    }
}

extension [LinePart] {
    /// The last iteration of the line; 0 before the first.
    var lastIteration: Int { last.map { Swift.max($0.last, $0.first - 1) } ?? 0 }
}
