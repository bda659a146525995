import BPRegistry

/// What a tag or a note is given to.
extension Subject {
    /// Reads `7`, `iris:3`, `iris` (its current version), `iris@production` or a UUID.
    init(_ text: String, in registry: Registry) throws {
        switch try registry.resolve(Reference(text)) {
        case .run(let run): self = .run(run.number)
        case .version(let version): self = .version(model: version.model, number: version.number)
        case .point(let point):
            throw Failure(
                .usage, "tags and notes are given to runs and versions, not to points of a run", at: text,
                next: "\(point.run) instead of \(text)")
        }
    }
}
