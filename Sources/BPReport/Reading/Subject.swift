package import BPRegistry

/// The subject of a tag or a note.
extension Subject {
    /// Reads `7`, `iris:3`, `iris` (its current version), `iris@production` or a UUID.
    package init(_ text: String, in reading: any RegistryReading) throws {
        switch try reading.resolve(Reference(text)) {
        case .run(let run): self = .run(run.number)
        case .version(let version): self = .version(model: version.model, number: version.number)
        case .point(let point):
            throw Failure(
                .usage, "tags and notes belong to runs and versions, not to points of a run", at: text,
                next: "name the run alone: \(point.run)", correction: .replacing(text, with: "\(point.run)"))
        }
    }
}
