import BPStore
import BPSQLite

// Works out what a deletion takes along.
extension Store {
    /// All that goes with `subject`, and all that depends on it, by the state of this transaction.
    /// - Throws: `RegistryError.notFound` when there is no such subject; `alive` when a run that would go is at work.
    func deletion(of subject: Subject) throws -> Deletion {
        var deletion = Deletion(subject: subject)
        switch subject {
        case .run(let number):
            _ = try runRow(number)
            try add(runs: [number], to: &deletion)
        case .version(let model, let number):
            let version = Deletion.Version(model: try self.version(number, ofModel: model).model, number: number)
            deletion.versions = [version]
            if try modelRow(model).optionalInt("current_version") == number {
                deletion.dependents.append(.current(version))
            }
        case .model(let name):
            let model = try modelRow(name)
            deletion.models = [name]
            let own = try connection.all(
                "SELECT id FROM run WHERE model = ? ORDER BY id", [model["id"]], as: Int.self)
            deletion.versions = try rows(.version, "WHERE model = ? ORDER BY number", [model["id"]])
                .map { Deletion.Version(model: name, number: try $0.int("number")) }
            try add(runs: own, to: &deletion)
        case .dataset, .all: break
        }
        try addAliases(to: &deletion)
        for run in deletion.runs {
            if let owner = try livingOwner(of: need(.run, [.int(run.number)]), environment) {
                throw RegistryError.alive(run: run.number, owner: owner)
            }
        }
        return deletion
    }

    /// Adds runs, the runs that were forked from them, and the versions that any of them computed.
    private func add(runs own: [Int], to deletion: inout Deletion) throws {
        var numbers = own
        var next = 0
        while next < numbers.count {
            let number = numbers[next]
            next += 1
            let forks = try connection.all(
                "SELECT id FROM run WHERE parent_run = ? ORDER BY id", [number], as: Int.self)
            for fork in forks where !numbers.contains(fork) {
                numbers.append(fork)
                deletion.dependents.append(.fork(run: fork, of: number))
            }
        }
        for number in numbers.sorted() {
            let run = try need(.run, [.int(number)])
            let pins = try rows(.pin, "WHERE run = ?", [number]).count
            deletion.runs.append(
                Deletion.Run(
                    number: number, uuid: try run.uuid("uuid"), model: try need(.model, [run["model"]]).text("name"),
                    iterations: try run.int("iterations"), pins: pins))
            for row in try rows(.version, "WHERE run = ? ORDER BY id", [number]) {
                let model = try need(.model, [row["model"]])
                let version = Deletion.Version(model: try model.text("name"), number: try row.int("number"))
                if deletion.versions.contains(version) { continue }
                deletion.versions.append(version)
                let isCurrent = try model.optionalInt("current_version") == version.number
                deletion.dependents.append(isCurrent ? .current(version) : .version(version, ofRun: number))
            }
        }
    }

    private func addAliases(to deletion: inout Deletion) throws {
        deletion.versions.sort { ($0.model, $0.number) < ($1.model, $1.number) }
        for version in deletion.versions {
            let model = try modelRow(version.model)
            let names = try rows(
                .alias, "WHERE model = ? AND version = ? ORDER BY name", [model["id"], version.number])
            for row in names {
                let alias = Deletion.Alias(
                    model: version.model, name: try row.text("name"), version: version.number)
                deletion.aliases.append(alias)
                deletion.dependents.append(.alias(alias))
            }
        }
    }
}
