import BPRegistry
import BPStore

// Versions of a run, and their measures.
extension RowMerge {
    /// - Parameter attempts: the number here of each attempt of the run, if it is another than in the source.
    /// - Returns: whether the version was added.
    func merge(_ version: TransferContents.Version, ofRun run: Int, attempts: [Int: Int] = [:]) throws -> Bool {
        func report(_ model: String, _ number: Int, _ outcome: RestoreReport.Outcome) {
            restoration.versions[version.uuid] = number
            restoration.report.versions.append(
                RestoreReport.Version(
                    uuid: version.uuid, model: model, number: number, archivedNumber: version.row.number,
                    outcome: outcome))
        }
        if let row = try store.versions.find(uuid: version.uuid) {
            let name = try store.models.need(row.model).name
            let mine = try store.versions.tensors(of: row).map(\.digest)
            guard row.run == run, Set(mine) == Set(version.tensors.map(\.digest)) else {
                throw RegistryError.conflict(
                    place: "version \(name):\(row.number) (\(version.uuid))", what: "it is here with other weights")
            }
            report(name, row.number, .alreadyThere)
            return false
        }
        var model = try modelRow(version.model)
        guard let number = restoration.versions[version.uuid] else {
            throw store.damaged("version \(version.uuid)", "it has no number")
        }
        model.versions += 1
        model.lastVersion = max(number, model.lastVersion)
        try store.update(model)
        var row = version.row
        row.id = try store.versions.nextID
        row.model = model.id
        row.number = number
        row.run = run
        row.tensors = version.tensors.count
        row.attempt = row.attempt.map { attempts[$0] ?? $0 }
        if try !isMadeByItsAttempt(row) { row.attempt = nil }
        for tensor in version.tensors { try need(tensor) }
        try store.versions.insert(row, version.tensors.map { TensorName(name: $0.name, digest: $0.digest) })
        report(version.model, number, .added)
        return true
    }

    /// Whether the attempt with its number created the version: the attempt that ended at the same moment. A run that
    /// was resumed both here and elsewhere has two attempts with the same number.
    private func isMadeByItsAttempt(_ row: VersionRow) throws -> Bool {
        guard let number = row.attempt, let attempt = try store.attempts.find(run: row.run, number: number) else {
            return false
        }
        let isTaken = try store.versions.all(ofRun: row.run).contains { $0.attempt == number }
        return attempt.ended == row.created && !isTaken
    }

    /// Restores the measures of restored versions: measures that were kept refer to them again, and measures that were
    /// deleted with them are added.
    func restoreMeasures(of versions: [TransferContents.Version], _ run: TransferContents.Run, _ number: Int) throws {
        let uuids = Set(versions.map(\.uuid))
        for (evaluation, uuid) in run.evaluations {
            guard let uuid, uuids.contains(uuid) else { continue }
            let known = try store.evaluations.all(ofRun: number)
                .first { $0.version == nil && $0.isMeasure(evaluation) }
            if var known {
                known.version = try store.versions.find(uuid: uuid)?.id
                try store.update(known)
            } else {
                try add(evaluation, uuid, number)
                var row = try store.runs.need(number)
                row.evaluations += 1
                try row.renewSummary(in: store)
                try store.update(row)
            }
        }
    }
}
