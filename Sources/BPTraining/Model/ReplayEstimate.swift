package import BPRegistry

/// How long it takes, at worst, to get at any point of a run by replay.
package struct ReplayEstimate: Sendable, Equatable {
    /// The most iterations between a full keyframe and the next, or the end.
    package let iterations: Int
    /// What they took when they were trained.
    package let seconds: Double

    /// Looks at the keyframes of `run`.
    package init(_ run: RunRecord, in registry: Registry) throws(RegistryError) {
        self.init(run, keyframes: try registry.keyframes(ofRun: run.number))
    }

    /// An estimate from all keyframes of `run`.
    package init(_ run: RunRecord, keyframes: [KeyframeRecord]) {
        let full = keyframes.filter { $0.kind == .full }.map(\.iteration).sorted()
        var gap = 0
        var before = 0
        for iteration in full + [run.iterations] {
            gap = max(gap, iteration - before)
            before = iteration
        }
        iterations = max(0, gap)
        // A fork's seconds are those of its own part.
        let own = run.iterations - (run.parent?.iteration ?? 0)
        seconds = own > 0 ? run.seconds * Double(iterations) / Double(own) : 0
    }
}
