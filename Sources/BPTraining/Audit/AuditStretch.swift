import BPRegistry

/// A part of a line that is recomputed by itself: from a full keyframe, or where a run begins, to the next or to the end.
struct AuditStretch: Sendable {
    /// The run that recorded it, and with what it is computed.
    let recorded: RecordedRun
    /// The segment of that run whose line is meant.
    let segment: Int
    /// It is entered at the state after this iteration.
    let first: Int
    /// It ends at the state after this iteration.
    let last: Int
    /// How many epochs had ended there.
    let epochs: Int
    /// Whether it is entered where the run begins, and not at a keyframe: first weights, or the parent's state of a fork.
    let isBeginning: Bool
    /// The keyframes that stand on it after `first`; of the beginning, those at `first`.
    let keyframes: [KeyframeRecord]

    /// The stretches of the line that ends in `segment` of a run, in order, the parent's part of a fork among them.
    static func all(
        ofRun number: Int, segment: Int, in registry: Registry, file: DataFile?
    ) throws -> [AuditStretch] {
        let line = try registry.line(ofRun: number, segment: segment)
        let own = try RecordedRun(registry, run: number, file: file)
        var stretches: [AuditStretch] = []
        var rest = line[...]
        while let run = rest.first?.run {
            let parts = rest.prefix { $0.run == run }
            rest = rest.dropFirst(parts.count)
            guard let first = parts.first, let last = parts.last else { break }
            // This run is audited up to the point from which the next one continues.
            let end = try registry.recordedPoint(
                max(last.last, first.first - 1), ofRun: run, segment: last.segment)
            let past = run == number ? own : try RecordedRun(registry, run: run, relative: own)
            stretches += try all(of: past, segment: last.segment, after: first.first - 1, end)
        }
        return stretches
    }

    private static func all(
        of past: RecordedRun, segment: Int, after first: Int, _ end: Point
    ) throws(RegistryError) -> [AuditStretch] {
        let keyframes = try past.registry.keyframes(ofRun: past.run.number, segment: segment).filter {
            $0.run == past.run.number && $0.iteration <= end.iteration
        }
        func stretch(_ from: Int, _ to: Int, epochs: Int, isBeginning: Bool = false) -> AuditStretch {
            AuditStretch(
                recorded: past, segment: segment, first: from, last: to, epochs: epochs, isBeginning: isBeginning,
                keyframes: keyframes.filter {
                    (from < $0.iteration && $0.iteration <= to) || (isBeginning && $0.iteration == from)
                })
        }
        var full: [KeyframeRecord] = []
        for keyframe in keyframes where keyframe.kind == .full && keyframe.iteration != full.last?.iteration {
            full.append(keyframe)
        }
        // Where the run begins there is nothing to enter: that state is made anew, and the keyframe there compared.
        var stretches: [AuditStretch] = []
        var (entered, isBeginning) = (first, true)
        for keyframe in full where keyframe.iteration > first || isBeginning {
            stretches.append(
                stretch(entered, keyframe.iteration, epochs: keyframe.epoch, isBeginning: isBeginning))
            (entered, isBeginning) = (keyframe.iteration, false)
        }
        if entered < end.iteration || isBeginning {
            stretches.append(stretch(entered, end.iteration, epochs: end.epoch, isBeginning: isBeginning))
        }
        return stretches
    }
}
