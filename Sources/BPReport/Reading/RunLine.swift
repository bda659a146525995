import BPRegistry

/// The run, and its line, that is meant by a reference to a whole run.
package struct RunLine {
    package let run: Int
    /// The segment whose line is meant, or nil for the line to the head.
    package let segment: Int?

    /// Reads `7`, `7.2`, or a version or model, which means the run it came from.
    package init(_ text: String, in reading: any RegistryReading) throws {
        switch try Reference(text) {
        case .run(let run, let segment, nil):
            self.run = try reading.run(run).number
            self.segment = segment
        case .run(let run, let segment, let point?):
            let whole = "\(run)" + (segment.map { ".\($0)" } ?? "")
            throw Failure(
                .usage, "this needs a whole run, not a point of it: \(text)", at: "@\(point)",
                next: "name the run alone: \(whole)", correction: .replacing(text, with: "\(whole)"))
        case let reference:
            switch try reading.resolve(reference) {
            case .run(let run): (self.run, segment) = (run.number, nil)
            case .point(let point): (run, segment) = (point.run, point.lineSegment)
            case .version(let version): (run, segment) = (version.run, version.segment)
            }
        }
    }
}
