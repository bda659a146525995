import BPRegistry

/// Recomputes a stretch and compares all that is recorded of it: each loss, each epoch, each keyframe.
struct AuditListener: TrainingListener {
    private let stretch: AuditStretch
    private let target: ReplayListener.Target
    private var losses: RecordedLosses
    private var keyframes: ArraySlice<KeyframeRecord>
    private let recorded: [EpochRecord]
    private let span = LossSpan()
    /// What differed, where it did, after which it halts.
    private(set) var difference: (iteration: Int, subject: AuditDifference.Subject)?
    /// Iterations, epochs and keyframes compared.
    private(set) var counts = (iterations: 0, epochs: 0, keyframes: 0)

    init(_ stretch: AuditStretch) throws(RegistryError) {
        self.stretch = stretch
        let past = stretch.recorded
        target = ReplayListener.Target(iteration: stretch.last, epochs: stretch.epochs, grid: past.grid)
        losses = RecordedLosses(past.registry, run: past.run.number, segment: stretch.segment, last: stretch.last)
        keyframes = stretch.keyframes[...]
        let (first, last) = (past.grid.epochs(completeAt: stretch.first), stretch.epochs)
        recorded =
            first > last
            ? []
            : try past.registry.epochs(
                ofRun: past.run.number, segment: stretch.segment, from: max(1, first), to: max(1, last))
    }

    /// Whether the loop stands at the stretch's end.
    func hasArrived(_ loop: TrainingLoop) -> Bool { target.isReached(by: loop.state) }

    func room(_ most: Int, in loop: TrainingLoop) -> UnsafeMutableBufferPointer<Float> {
        let end = min(target.iteration, keyframes.first?.iteration ?? .max)
        return span.room(min(most, end - loop.state.iteration))
    }

    mutating func iterations(
        from first: Int, losses: UnsafeBufferPointer<Float>
    ) throws(RegistryError) -> Bool {
        if let (iteration, recorded, loss) = try self.losses.firstDifference(from: first, losses) {
            difference = (iteration, .loss(recorded: recorded, recomputed: loss))
            counts.iterations += iteration - first
            return true
        }
        counts.iterations += losses.count
        return first + losses.count > target.iteration && target.precedesEpochEnd
    }

    mutating func epoch(_ epoch: EpochRecord, isBest: Bool, in loop: TrainingLoop) {
        // One that was recomputed and not recorded is a crash's doing.
        let index = epoch.epoch - (recorded.first?.epoch ?? 0)
        guard recorded.indices.contains(index) else { return }
        let record = recorded[index]
        counts.epochs += 1
        for (measure, old, new) in [
            ("loss", record.loss, epoch.loss), ("val_loss", record.validationLoss, epoch.validationLoss),
            ("val_score", record.validationScore, epoch.validationScore),
        ]
        where old?.bitPattern != new?.bitPattern && difference == nil
            && !(measure == "val_score" && isUndefined(old, new))
        {
            difference = (
                epoch.iteration, .epoch(epoch.epoch, measure: measure, recorded: old, recomputed: new)
            )
        }
    }

    /// Whether two validation scores both say that R² is undefined: earlier versions of bpreg recorded 1 or −∞ for it.
    private func isUndefined(_ recorded: Float?, _ recomputed: Float?) -> Bool {
        recomputed?.isNaN == true && (recorded == 1 || recorded == -.infinity)
    }

    mutating func pause(_ loop: TrainingLoop) -> Bool {
        if difference != nil { return true }
        compareKeyframes(loop)
        return difference != nil || hasArrived(loop)
    }

    /// Compares the keyframes that stand where the loop does.
    mutating func compareKeyframes(_ loop: TrainingLoop) {
        while let keyframe = keyframes.first, keyframe.iteration <= loop.state.iteration, difference == nil {
            keyframes = keyframes.dropFirst()
            guard keyframe.iteration == loop.state.iteration else { continue }
            counts.keyframes += 1
            for (name, floats) in loop.tensors(of: keyframe.kind) {
                guard let recorded = keyframe[name] else { continue }
                let recomputed = floats.withUnsafeBytes { SHA256.hash($0) }
                guard recorded != recomputed else { continue }
                difference = (
                    keyframe.iteration,
                    .keyframe(keyframe.role, tensor: name, recorded: recorded, recomputed: recomputed)
                )
                break
            }
        }
    }

    /// Notes that training ended before the stretch did.
    mutating func ended(_ end: String, at iteration: Int) {
        if difference == nil { difference = (iteration, .end(recomputed: end)) }
    }
}
