import BPRegistry

/// The recorded losses of a line, read in pages as they are asked for.
struct RecordedLosses {
    private let registry: Registry
    private let run: Int
    private let segment: Int?
    private let last: Int
    private var page: [Float] = []
    private var pageStart = 1

    /// - Parameter last: the last iteration that will be asked for.
    init(_ registry: Registry, run: Int, segment: Int?, last: Int) {
        (self.registry, self.run, self.segment, self.last) = (registry, run, segment, last)
    }

    /// The first of `losses`, those of the iterations from `first` on, that has other bits than the recorded one; nil if
    /// all are equal.
    mutating func firstDifference(
        from first: Int, _ losses: UnsafeBufferPointer<Float>
    ) throws(RegistryError) -> (iteration: Int, recorded: Float, recomputed: Float)? {
        for (index, loss) in losses.enumerated() {
            let recorded = try self[first + index]
            if recorded.bitPattern != loss.bitPattern { return (first + index, recorded, loss) }
        }
        return nil
    }

    /// The loss of an iteration. Ask in ascending order: a step back reads a page anew.
    subscript(iteration: Int) -> Float {
        mutating get throws(RegistryError) {
            if iteration < pageStart || iteration >= pageStart + page.count {
                page = try registry.losses(
                    ofRun: run, segment: segment, from: iteration, to: min(last, iteration + 65_535))
                pageStart = iteration
            }
            guard iteration - pageStart < page.count else {
                let place = "run \(run), iteration \(iteration)"
                throw .damaged(path: registry.path, place: place, what: "its loss is not there")
            }
            return page[iteration - pageStart]
        }
    }
}
