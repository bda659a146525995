import BPRegistry

/// The run or version that a tag or a note is about.
enum AnnotatedThing {
    /// Reads `7`, or `iris:3`, `iris`, `iris@production`, a UUID.
    static func subject(_ text: String, in registry: Registry, _ option: RegistryOption) throws -> AnnotationSubject {
        switch try registry.resolve(Reference(text)) {
        case .run(let run): return .run(run.number)
        case .version(let version): return .version(model: version.model, number: version.number)
        case .point(let point):
            throw Failure(
                .usage, "tags and notes are about whole runs and versions, not points: \(text)", at: text,
                next: "\(point.run) instead of \(text), or bpreg version \(text)\(option.hint)")
        }
    }

    /// As a person types it: `7`, `iris:3`.
    static func reference(_ subject: AnnotationSubject) -> String {
        switch subject {
        case .run(let number): "\(number)"
        case .version(let model, let number): "\(model):\(number)"
        }
    }
}
