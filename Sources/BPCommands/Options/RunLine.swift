import BPRegistry

/// The run, and the line of it, that a command about a whole run is given.
struct RunLine {
    let run: Int
    /// The segment whose line is meant; nil for the head's.
    let segment: Int?

    /// Reads `7`, `7.2`, or a version or model, which stands for the run it came from.
    init(_ text: String, in registry: Registry) throws {
        switch try Reference(text) {
        case .run(let run, let segment, nil):
            self.run = try registry.run(run).number
            self.segment = segment
        case .run(let run, let segment, let point?):
            let whole = "\(run)" + (segment.map { ".\($0)" } ?? "")
            throw Failure(
                .usage, "a whole run is wanted here, not a point of it: \(text)", at: "@\(point)",
                next: "\(whole) instead of \(text)")
        case let reference:
            switch try registry.resolve(reference) {
            case .run(let run): (self.run, segment) = (run.number, nil)
            case .point(let point): (run, segment) = (point.run, point.lineSegment)
            case .version(let version): (run, segment) = (version.run, version.segment)
            }
        }
    }
}
