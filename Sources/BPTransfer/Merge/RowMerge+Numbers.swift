import BPJSON
import BPRegistry
import BPStore

// Numbers are kept if they are free: no row has them, and no event mentions another thing that had them. A deleted
// thing gets its own number again. The others get the next number.
extension RowMerge {
    func assignNumbers(_ runs: [TransferContents.Run], _ here: [UUIDv7: RunRow]) throws {
        for (uuid, row) in here { restoration.runs[uuid] = row.id }
        let new = runs.filter { here[$0.uuid] == nil }
        var last = try store.registry.need().lastRun
        for run in new {
            guard try store.runs.find(run.number) == nil, try isFree(.run(run.number), for: run.uuid) else { continue }
            restoration.runs[run.uuid] = run.number
            last = max(last, run.number)
        }
        for run in new where restoration.runs[run.uuid] == nil {
            last += 1
            restoration.runs[run.uuid] = last
            restoration.report.notes.append(
                "run \(run.number) is run \(last) here, since number \(run.number) is taken")
        }
        try assignVersions(runs.flatMap(\.versions))
    }

    private func assignVersions(_ versions: [TransferContents.Version]) throws {
        var waiting: [TransferContents.Version] = []
        var last: [String: Int] = [:]
        for version in versions {
            if let row = try store.versions.find(uuid: version.uuid) {
                restoration.versions[version.uuid] = row.number
                continue
            }
            let number = version.row.number
            let model = try store.models.find(name: version.model)
            let known = max(
                last[version.model] ?? 0,
                try model?.lastVersion ?? Models(store).lastDeletedVersion(ofModel: version.model))
            let isTaken = try model.map { try store.versions.find(model: $0.id, number: number) != nil }
            if isTaken != true, try isFree(.version(model: version.model, number: number), for: version.uuid) {
                restoration.versions[version.uuid] = number
                last[version.model] = max(known, number)
            } else {
                last[version.model] = known
                waiting.append(version)
            }
        }
        for version in waiting {
            let number = (last[version.model] ?? 0) + 1
            last[version.model] = number
            restoration.versions[version.uuid] = number
            restoration.report.notes.append(
                "\(version.name) is \(version.model):\(number) here, since number \(version.row.number) is taken")
        }
    }

    /// Whether no event has this subject, or the last deleted thing of this name is the same thing.
    private func isFree(_ subject: Subject, for uuid: UUIDv7) throws -> Bool {
        let events = try store.events.all(of: subject)
        if events.isEmpty { return true }
        let deleted = events.last { $0.kind == .deleted }
        let detail = deleted.flatMap { try? JSONValue(parsing: $0.detailJSON) }
        return detail?["uuid"]?.string.flatMap { UUIDv7($0) } == uuid
    }
}
