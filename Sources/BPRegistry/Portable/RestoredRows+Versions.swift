import BPStore
import BPSQLite

// Versions of a run, and what was measured of them.
extension RestoredRows {
    /// - Returns: whether it was added.
    func restore(_ version: DecodedRecord.Version, ofRun run: Int) throws -> Bool {
        func report(_ model: String, _ number: Int, _ outcome: RestoreReport.Outcome) {
            restorer.versions[version.uuid] = number
            restorer.report.versions.append(
                RestoreReport.Version(
                    uuid: version.uuid, model: model, number: number, archivedNumber: version.number,
                    outcome: outcome))
        }
        if let row = try store.rows(.version, "WHERE uuid = ?", [version.uuid.bytes]).first {
            let name = try store.need(.model, [row["model"]]).text("name")
            let number = try row.int("number")
            let mine = try store.tensorNames(of: row, .versionTensor).map(\.digest)
            guard try row.int("run") == run, Set(mine) == Set(version.tensors.map(\.digest)) else {
                throw RegistryError.conflict(
                    place: "version \(name):\(number) (\(version.uuid))", what: "it is here with other weights")
            }
            report(name, number, .alreadyThere)
            return false
        }
        var model = try modelRow(version.model)
        guard let number = restorer.versions[version.uuid] else {
            throw store.damaged("version \(version.uuid)", "it has no number")
        }
        try model.add(1, to: "versions")
        model["last_version"] = .int(max(number, try model.int("last_version")))
        try store.update(model)
        var row = version.row
        row["id"] = .int(try store.connection.value("SELECT coalesce(max(id), 0) + 1 FROM version", as: Int.self))
        row["model"] = model["id"]
        row["number"] = .int(number)
        row["run"] = .int(run)
        row["tensors"] = .int(version.tensors.count)
        if try !isMade(by: row["attempt"], ofRun: run, at: row["created"]) { row["attempt"] = .null }
        try store.insert(row)
        try name(version.tensors, of: row, .versionTensor)
        report(version.model, number, .added)
        return true
    }

    /// Whether the attempt of this number is the one whose end made a version: one that ended in the same moment. A run
    /// that went on here and elsewhere has two of one number.
    private func isMade(by attempt: SQLiteValue, ofRun run: Int, at created: SQLiteValue) throws -> Bool {
        guard attempt != .null, let row = try store.row(.attempt, [.int(run), attempt]) else { return false }
        let others = try store.rows(.version, "WHERE run = ? AND attempt = ?", [run, attempt])
        return row["ended"] == created && others.isEmpty
    }

    /// What was measured of versions that are back: the measures are told of them again, and those that went with them
    /// are back too.
    func restoreMeasures(
        of versions: [DecodedRecord.Version], _ run: DecodedRecord.Run, _ number: Int
    ) throws {
        let uuids = Set(versions.map(\.uuid))
        for (evaluation, uuid) in run.evaluations {
            guard let uuid, uuids.contains(uuid) else { continue }
            let columns = ["segment", "iteration", "split", "loss_bits", "scores", "created"]
            let known = try store.rows(
                .evaluation,
                "WHERE run = ? AND version IS NULL AND " + columns.map { "\($0) IS ?" }.joined(separator: " AND "),
                [number] + columns.map { evaluation[$0] }
            ).first
            if var known {
                known["version"] = try versionKey(uuid)
                try store.update(known)
            } else {
                try add(evaluation, uuid, number)
                var row = try store.need(.run, [.int(number)])
                try row.add(1, to: "evaluations")
                try store.renewSummary(of: &row)
                try store.update(row)
            }
        }
    }
}
