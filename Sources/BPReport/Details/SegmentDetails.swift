import BPJSON
import BPRegistry

/// A run's segments, and how much of each is on the line that ends in the run's head.
struct SegmentDetails {
    let run: RunRecord
    let segments: [SegmentRecord]
    let head: [LineRecord]

    var members: [JSONValue] {
        segments.map { segment in
            [
                "segment": JSONValue(segment.number), "parent_run": JSONValue(segment.parentRun),
                "parent_segment": JSONValue(segment.parentSegment),
                "first_iteration": JSONValue(segment.firstIteration), "iterations": JSONValue(segment.iterations),
                "first_epoch": JSONValue(segment.firstEpoch), "epochs": JSONValue(segment.epochs),
                "superseded_iterations": JSONValue(superseded(segment)),
                "kept_iterations": JSONValue(segment.keptIterations),
                "head": .bool(segment.number == run.headSegment), "chain": .string(segment.chainEnd.hex),
            ]
        }
    }

    /// A row for each segment; none for a run that was never rolled back.
    func add(to fields: inout Fields) {
        if segments.count < 2 { return }
        fields.part("Segments")
        for segment in segments {
            let mark = segment.number == run.headSegment ? ", the head" : ""
            fields.add("segment \(segment.number)", text(segment) + mark)
        }
    }

    /// How many of its iterations a rollback left.
    private func superseded(_ segment: SegmentRecord) -> Int {
        let part = head.first { $0.run == run.number && $0.segment == segment.number }
        return segment.iterations - (part.map { $0.last - $0.first + 1 } ?? 0)
    }

    /// `from 7.1@iteration:80, iterations 81 to 200, superseded after 120`
    private func text(_ segment: SegmentRecord) -> String {
        var parts: [String] = []
        if let parentRun = segment.parentRun, let parentSegment = segment.parentSegment {
            parts.append("from \(parentRun).\(parentSegment)@iteration:\(segment.firstIteration - 1)")
        }
        let last = segment.firstIteration + segment.iterations - 1
        switch segment.iterations {
        case 0: parts.append("no iteration")
        default:
            parts.append(
                "iterations \(NumberText.grouped(segment.firstIteration)) to \(NumberText.grouped(last))")
        }
        switch superseded(segment) {
        case 0: break
        case segment.iterations: parts.append("superseded")
        case let count: parts.append("superseded after \(NumberText.grouped(last - count))")
        }
        if let freed = segment.freedText { parts.append(freed) }
        return parts.joined(separator: ", ")
    }
}

extension SegmentRecord {
    /// The part of it that is freed: `freed by gc`, `freed by gc after 4,096`, or nil.
    var freedText: String? {
        guard keptIterations < iterations else { return nil }
        let last = NumberText.grouped(firstIteration - 1 + keptIterations)
        return "freed by gc" + (keptIterations > 0 ? " after \(last)" : "")
    }
}

extension [LineRecord] {
    /// Whether this line has the state after `iteration` updates that `segment` of `run` holds.
    package func contains(run: Int, segment: Int, iteration: Int) -> Bool {
        contains { $0.run == run && $0.segment == segment && iteration <= $0.last }
    }
}
