import BPStore
import BPJSON
import BPSQLite

// Numbers are kept where they are free: where no row has them, and nothing that had them is remembered, unless it is the
// very same thing, which was deleted. What cannot keep its number gets the next.
extension RestoredRows {
    func assignNumbers(_ runs: [DecodedRecord.Run], _ here: [UUIDv7: TableRow]) throws {
        for (uuid, row) in here { restorer.runs[uuid] = try row.int("id") }
        let new = runs.filter { here[$0.uuid] == nil }
        var last = try store.need(.registry, [.integer(1)]).int("last_run")
        for run in new {
            guard try store.row(.run, [.int(run.number)]) == nil,
                try isFree(Subject.run(run.number), for: run.uuid)
            else { continue }
            restorer.runs[run.uuid] = run.number
            last = max(last, run.number)
        }
        for run in new where restorer.runs[run.uuid] == nil {
            last += 1
            restorer.runs[run.uuid] = last
            restorer.report.notes.append("run \(run.number) is run \(last) here, since number \(run.number) is taken")
        }
        try assignVersions(runs.flatMap(\.versions))
    }

    private func assignVersions(_ versions: [DecodedRecord.Version]) throws {
        var waiting: [DecodedRecord.Version] = []
        var last: [String: Int] = [:]
        for version in versions {
            if let row = try store.rows(.version, "WHERE uuid = ?", [version.uuid.bytes]).first {
                restorer.versions[version.uuid] = try row.int("number")
                continue
            }
            let model = try store.rows(.model, "WHERE name = ?", [version.model]).first
            var known = last[version.model] ?? 0
            known = max(known, try model?.int("last_version") ?? store.lastDeletedVersion(ofModel: version.model))
            let isTaken = try model.map {
                try !store.rows(.version, "WHERE model = ? AND number = ?", [$0["id"], version.number]).isEmpty
            }
            if isTaken != true,
                try isFree(Subject.version(model: version.model, number: version.number), for: version.uuid)
            {
                restorer.versions[version.uuid] = version.number
                last[version.model] = max(known, version.number)
            } else {
                last[version.model] = known
                waiting.append(version)
            }
        }
        for version in waiting {
            let number = (last[version.model] ?? 0) + 1
            last[version.model] = number
            restorer.versions[version.uuid] = number
            let (old, new) = ("\(version.model):\(version.number)", "\(version.model):\(number)")
            restorer.report.notes.append("\(old) is \(new) here, since number \(version.number) is taken")
        }
    }

    /// Whether nothing is remembered under this name, or what is remembered is this very thing, deleted.
    private func isFree(_ subject: Subject, for uuid: UUIDv7) throws -> Bool {
        guard
            try store.connection.first("SELECT 1 FROM event WHERE subject = ? LIMIT 1", [subject.text], as: Int.self)
                != nil
        else { return true }
        let deleted = try store.rows(
            .event, "WHERE subject = ? AND kind = 'deleted' ORDER BY id DESC LIMIT 1", [subject.text]
        ).first
        let detail = deleted.flatMap { try? JSONValue(parsing: $0.text("detail")) }
        return detail?["uuid"]?.string.flatMap { UUIDv7($0) } == uuid
    }
}
