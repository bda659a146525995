package import BPRegistry

/// A fork's line begins with a part that its parent recorded. These points are on a line of the run that recorded them.
extension Registry {
    /// The point that `reference` names. A version means the point from which it was made.
    package func recordedPoint(_ reference: Reference) throws(RegistryError) -> Point {
        switch try resolveWeights(reference) {
        case .point(let point): try recordedPoint(point)
        case .version(let version):
            try recordedPoint(version.iteration, ofRun: version.run, segment: version.segment)
        }
    }

    /// `point` on a line of the run that recorded it.
    func recordedPoint(_ point: Point) throws(RegistryError) -> Point {
        let line = try line(ofRun: point.run, segment: point.lineSegment)
        guard let part = line.holder(of: point.iteration), part.run != point.run else { return point }
        return try recordedPoint(point.iteration, ofRun: part.run, segment: part.segment)
    }

    /// The point after `iteration` updates on the line that ends in `segment` of a run.
    func recordedPoint(_ iteration: Int, ofRun run: Int, segment: Int) throws(RegistryError) -> Point {
        try recordedPoint(point(.iteration(iteration), ofRun: run, segment: segment))
    }
}

extension [LineRecord] {
    /// The run that recorded the state after `iteration` updates, and the last of its segments on the line. The state at
    /// which a fork left its parent is the fork's own.
    func holder(of iteration: Int) -> (run: Int, segment: Int)? {
        guard
            let part = last(where: { part in
                first { $0.run == part.run }.map { $0.first - 1 <= iteration } ?? false
            })
        else { return nil }
        return (part.run, part.segment)
    }
}
