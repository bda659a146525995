import BPRegistry
import BPStore

/// The attempts of a run in a source, and those here: one attempt is one process that began at one moment, whatever number
/// it has.
struct AttemptMatch {
    /// The number here of each attempt in the source; new ones follow those here.
    private(set) var numbers: [Int: Int] = [:]
    /// The attempts that are not here.
    private(set) var new: [AttemptRow] = []
    /// Attempts that are here, of which the source knows more: how they ended, or later iterations.
    private(set) var later: [AttemptRow] = []
    /// Whether the source knows every attempt that is here, and more of them.
    private(set) var isContinuation: Bool

    private struct Identity: Hashable {
        let started: Int64
        let owner: String

        init(_ row: AttemptRow) {
            started = row.started
            owner = "\(row.host) \(row.boot) \(row.pidNamespace) \(row.pid) \(row.processStart)"
        }
    }

    init(_ source: [AttemptRow], here: [AttemptRow]) {
        var known: [Identity: AttemptRow] = [:]
        for row in here { known[Identity(row)] = row }
        for row in source {
            guard let mine = known.removeValue(forKey: Identity(row)) else {
                new.append(row)
                numbers[row.number] = here.count + new.count
                continue
            }
            numbers[row.number] = mine.number
            if row.isLater(than: mine) { later.append(row) }
        }
        isContinuation = known.isEmpty && !(new.isEmpty && later.isEmpty)
    }

    /// A row of the source as it is kept here.
    func row(_ row: AttemptRow, ofRun run: Int, updated: Int64) -> AttemptRow {
        var row = row
        row.run = run
        row.number = numbers[row.number] ?? row.number
        if row.ended == nil { (row.ended, row.status) = (updated, .interrupted) }
        return row
    }
}

extension AttemptRow {
    /// Whether this is a later state of the same attempt.
    fileprivate func isLater(than other: AttemptRow) -> Bool {
        if let last = lastIteration, last > other.lastIteration ?? 0 { return true }
        // A run that was alive when it left its registry counts as interrupted here, until its end is known.
        return other.status == .interrupted && ![nil, .interrupted].contains(status)
            && (lastIteration ?? 0) >= (other.lastIteration ?? 0)
    }
}
