import BPStore
import BPSQLite

// A run that is there already.
extension Restorer {
    /// Compares the history of a run with that of the same one here, segment by segment, by the chain.
    /// - Throws: `RegistryError.conflict` telling both, unless what is here goes at least as far along the same way.
    func compare(_ run: DecodedRecord.Run, _ row: TableRow, _ store: Store) throws {
        let number = try row.int("id")
        let here = try store.rows(.segment, "WHERE run = ? ORDER BY number", [number])
        var isSame = here.count >= run.segments.count
        isSame = isSame && row["spec"] == .digest(run.spec) && row["dataset"] == .digest(run.dataset)
        for (segment, mine) in zip(run.segments, here) where isSame {
            isSame = try goesAsFar(mine, as: segment, store)
        }
        if isSame { return }
        let (mine, theirs) = (try Restorer.text(here), try Restorer.text(run.segments.map(\.row)))
        throw RegistryError.conflict(
            place: "run \(number) (\(run.uuid))",
            what: try endsEarlier(here, run)
                ? "it is here, and ends earlier: here \(mine); to be restored \(theirs). To take that in, delete run "
                    + "\(number) here first"
                : "it is here with another history: here \(mine); to be restored \(theirs)")
    }

    /// Whether what is here is, as far as the segments tell, the beginning of what is to be restored.
    private func endsEarlier(_ here: [TableRow], _ run: DecodedRecord.Run) throws -> Bool {
        guard here.count <= run.segments.count else { return false }
        return try zip(here, run.segments).allSatisfy { mine, theirs in
            let (count, whole) = (try mine.int("iterations"), try theirs.row.int("iterations"))
            return mine["first_iteration"] == theirs.row["first_iteration"]
                && mine["chain_start"] == theirs.row["chain_start"]
                && (count < whole || (count == whole && mine["chain_end"] == theirs.row["chain_end"]))
        }
    }

    private func goesAsFar(
        _ here: TableRow, as there: (row: TableRow, parent: UUIDv7?), _ store: Store
    ) throws -> Bool {
        var parent: UUIDv7?
        if let number = try here.optionalInt("parent_run") {
            parent = try store.need(.run, [.int(number)]).uuid("uuid")
        }
        let names = ["parent_segment", "first_iteration", "first_epoch", "epoch_start", "step_origin", "chain_start"]
        guard parent == there.parent, names.allSatisfy({ here[$0] == there.row[$0] }) else { return false }
        let (mine, theirs) = (try here.int("iterations"), try there.row.int("iterations"))
        guard mine >= theirs else { return false }
        if mine == theirs { return here["chain_end"] == there.row["chain_end"] }
        // Where gc has freed what would tell, the chain's start has to.
        let chain = try store.chain(of: here, before: here.int("first_iteration") + theirs)
        return try chain.map { try $0 == there.row.digest("chain_end") } ?? true
    }

    private static func text(_ segments: [TableRow]) throws -> String {
        list(
            try segments.map { row in
                let (first, count) = (try row.int("first_iteration"), try row.int("iterations"))
                let chain = hexText(try row.blob("chain_end").prefix(6))
                let held = count == 0 ? "no iterations" : "iterations \(first) to \(first - 1 + count)"
                return "segment \(try row.int("number")) with \(held) (chain \(chain))"
            })
    }
}
