import BPRegistry

/// A part of a history that one segment recorded: iterations and the epochs that ended in them, all on the line of the
/// run's head or all superseded.
package struct HistoryStretch {
    /// The run that recorded it.
    let run: Int
    let segment: Int
    let iterations: Range<Int>
    let epochs: Range<Int>
    /// Whether the line of the run's head lacks it, because of a rollback or of one that was undone.
    let isSuperseded: Bool

    /// The stretches of a line: of the run's head, or of `segment`; oldest first.
    static func line(ofRun run: Int, segment: Int?, in reading: any RegistryReading) throws -> [HistoryStretch] {
        let head = try reading.line(ofRun: run, segment: nil)
        let parts = try segment.map { try reading.line(ofRun: run, segment: $0) } ?? head
        return parts.flatMap { split($0, own: run, head: head) }
    }

    /// Everything that a run recorded, in the order of its segments. A fork's begins with its line's part of the parent.
    static func all(ofRun run: Int, in reading: any RegistryReading) throws -> [HistoryStretch] {
        let head = try reading.line(ofRun: run, segment: nil)
        let own = try reading.segments(ofRun: run).flatMap { segment -> [HistoryStretch] in
            guard let part = try reading.line(ofRun: run, segment: segment.number).last else { return [] }
            return split(part, own: run, head: head).compactMap { $0.clamped(to: segment) }
        }
        return head.filter { $0.run != run }.flatMap { split($0, own: run, head: head) } + own
    }

    /// The part of it that gc has left, if any.
    private func clamped(to segment: SegmentRecord) -> HistoryStretch? {
        let left = segment.firstIteration..<segment.firstIteration + segment.keptIterations
        let stretch = HistoryStretch(
            run: run, segment: self.segment, iterations: iterations.clamped(to: left),
            epochs: epochs.clamped(to: segment.firstEpoch..<segment.firstEpoch + segment.keptEpochs),
            isSuperseded: isSuperseded)
        return stretch.iterations.isEmpty && stretch.epochs.isEmpty ? nil : stretch
    }

    /// A line for each segment of a run of which gc has freed something.
    package static func freed(ofRun run: Int, in reading: any RegistryReading) throws -> [String] {
        try reading.segments(ofRun: run).filter { $0.keptIterations < $0.iterations }.map { segment in
            let first = segment.firstIteration + segment.keptIterations
            let last = segment.firstIteration + segment.iterations - 1
            return "\(run).\(segment.number), iterations \(NumberText.grouped(first)) to \(NumberText.grouped(last)), "
                + "were superseded and gc has freed them"
        }
    }

    /// A part, divided at the point at which the head's line leaves it. No rollback leaves a parent's part of a fork.
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
