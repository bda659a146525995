import BPRegistry

/// What one segment gives to a history: iterations and the epochs that ended in them, all on the line of the run's head
/// or all superseded.
struct HistoryStretch {
    /// The run that recorded it.
    let run: Int
    let segment: Int
    let iterations: Range<Int>
    let epochs: Range<Int>
    /// Whether a rollback, or one that was undone, left it: the line of the run's head does not have it.
    let isSuperseded: Bool

    /// Which stretches are wanted.
    enum Extent {
        /// Those of one line: of the head, or of the segment that was named.
        case line
        /// All that were recorded, in the order of the segments; of a fork, the parent's part of the head's line first.
        case all
    }

    /// The stretches of a run, oldest first.
    static func of(_ line: RunLine, _ extent: Extent, in registry: Registry) throws -> [HistoryStretch] {
        let head = try registry.line(ofRun: line.run)
        let parts: [LineRecord] =
            switch extent {
            case .line: try line.segment.map { try registry.line(ofRun: line.run, segment: $0) } ?? head
            case .all:
                try head.filter { $0.run != line.run }
                    + registry.segments(ofRun: line.run).compactMap {
                        try registry.line(ofRun: line.run, segment: $0.number).last
                    }
            }
        return parts.flatMap { split($0, own: line.run, head: head) }
    }

    /// A part, divided where the head's line leaves it. What a fork has of its parent no rollback can leave.
    private static func split(_ part: LineRecord, own: Int, head: [LineRecord]) -> [HistoryStretch] {
        let kept = head.first { $0.run == part.run && $0.segment == part.segment }
        let isOwn = part.run == own
        let last = isOwn ? min(part.last, kept?.last ?? part.first - 1) : part.last
        let epochs = isOwn ? min(part.epochs, kept?.epochs ?? 0) : part.epochs
        let nextEpoch = part.firstEpoch + epochs
        return [
            HistoryStretch(
                run: part.run, segment: part.segment, iterations: part.first..<last + 1,
                epochs: part.firstEpoch..<nextEpoch, isSuperseded: false),
            HistoryStretch(
                run: part.run, segment: part.segment, iterations: last + 1..<part.last + 1,
                epochs: nextEpoch..<part.firstEpoch + part.epochs, isSuperseded: true),
        ].filter { !$0.iterations.isEmpty || !$0.epochs.isEmpty }
    }
}
