import BPStore

// What keeps a deletion from being undone: something else has a name, a number or an ID of what was deleted, or something
// is gone on which that depends.
extension Undoing {
    /// - Throws: `RegistryError.notUndoable` with the first obstacle.
    func refuseIfObstructed() throws {
        for model in models where try store.models.find(name: model.name) != nil {
            throw obstacle("there is another model \(model.name) now")
        }
        for run in runs { try check(run) }
        for version in versions { try check(version) }
        for alias in aliases {
            let model = try name(ofModel: alias.model)
            if let other = try store.aliases.find(model: alias.model, name: alias.name) {
                throw obstacle("\(model)@\(alias.name) is an alias of \(model):\(other.version) now")
            }
        }
    }

    private func check(_ run: RunRow) throws {
        if let same = try store.runs.find(uuid: run.uuid) {
            throw obstacle("run \(same.id), the same run, was restored since")
        }
        if try store.runs.find(run.id) != nil { throw obstacle("there is another run \(run.id) now") }
        _ = try name(ofModel: run.model)
        guard let (parent, segment, _) = try run.parent, !runs.contains(where: { $0.id == parent }) else { return }
        if try store.runs.find(parent) == nil {
            throw missing("run \(parent), from which run \(run.id) was forked,", .run(parent))
        }
        if try store.segments.find(run: parent, number: segment) == nil {
            throw obstacle("run \(parent) has no segment \(segment) any more, from which run \(run.id) was forked")
        }
    }

    private func check(_ version: VersionRow) throws {
        let model = try name(ofModel: version.model)
        let name = "\(model):\(version.number)"
        if let same = try store.versions.find(uuid: version.uuid) {
            let model = try store.models.need(same.model).name
            throw obstacle("\(model):\(same.number), the same version, was restored since")
        }
        if try store.versions.find(model: version.model, number: version.number) != nil {
            throw obstacle("there is another version \(name) now")
        }
        if runs.contains(where: { $0.id == version.run }) { return }
        if try store.runs.find(version.run) == nil {
            throw missing("run \(version.run), of which \(name) was made,", .run(version.run))
        }
        let hasAttempt =
            try version.attempt.map { try store.attempts.find(run: version.run, number: $0) != nil } ?? true
        if try !hasAttempt || store.segments.find(run: version.run, number: version.segment) == nil {
            throw obstacle("run \(version.run) has no longer the part of which \(name) was made")
        }
    }

    /// The name of a model that is there, or is brought back too.
    private func name(ofModel id: Int) throws -> String {
        if let name = models.first(where: { $0.id == id })?.name { return name }
        if let name = try store.models.find(id)?.name { return name }
        let deletion = try Deletion(content.deletion, in: store)
        let names = Set(
            deletion.runs.map(\.model) + deletion.aliases.map(\.model) + deletion.versions.compactMap(\.model))
        // Its name is known if the deletion concerns one model alone.
        guard names.count == 1, let name = names.first else { throw obstacle("a model to which it belongs is gone") }
        if try store.models.find(name: name) != nil {
            throw obstacle("model \(name) was deleted, and the model \(name) that is there now is another one")
        }
        throw missing("model \(name)", .model(name))
    }

    /// Something that was deleted after it.
    private func missing(_ what: String, _ subject: Subject) -> RegistryError {
        let now = store.environment.now()
        let rows = (try? store.deletions.all()) ?? []
        let other = rows.last { row in
            row.until > now && ((try? Deletion(row, in: store).includes(subject)) ?? false)
        }
        return .notUndoable(
            what: "\(content.deletion.subject)", why: "\(what) was deleted too", first: other?.subject)
    }

    private func obstacle(_ why: String) -> RegistryError {
        .notUndoable(what: "\(content.deletion.subject)", why: why, first: nil)
    }
}

extension Subject {
    /// The model of a version.
    fileprivate var model: String? { if case .version(let model, _) = self { model } else { nil } }
}
