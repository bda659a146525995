import BPStore

// Finds everything that a deletion includes.
extension Deletion {
    /// Everything that belongs to `subject`, and everything that depends on it, in the state of this transaction.
    /// - Throws: `RegistryError.notFound` if there is no such subject; `alive` if the process of a run to delete is
    ///   alive.
    init(of subject: Subject, in store: Store) throws {
        self.init(subject: subject)
        let models = Models(store)
        var versions: [(model: ModelRow, number: Int)] = []
        switch subject {
        case .run(let number):
            _ = try RunRow(named: number, in: store)
            try add(runs: [number], &versions, store)
        case .version(let name, let number):
            _ = try models.version(number, ofModel: name)
            let model = try models.model(name)
            versions = [(model, number)]
            if model.currentVersion == number { dependents.append(.current(subject, ofModel: name)) }
        case .model(let name):
            let model = try models.model(name)
            self.models = [name]
            let own = try store.runs.numbers(ofModel: model.id)
            versions = try store.versions.all(ofModel: model.id).map { (model, $0.number) }
            try add(runs: own, &versions, store)
        case .dataset, .all: break
        }
        versions.sort { ($0.model.name, $0.number) < ($1.model.name, $1.number) }
        self.versions = versions.map { .version(model: $0.model.name, number: $0.number) }
        for version in versions {
            for row in try store.aliases.all(ofModel: version.model.id) where row.version == version.number {
                let alias = AliasRecord(row, of: version.model)
                aliases.append(alias)
                dependents.append(.alias(alias))
            }
        }
        for run in runs { try store.runs.need(run.number).refuseIfAlive(in: store) }
    }

    /// Adds runs, the runs that were forked from them, and the versions that any of them computed.
    private mutating func add(
        runs own: [Int], _ versions: inout [(model: ModelRow, number: Int)], _ store: Store
    ) throws {
        var numbers = own
        var next = 0
        while next < numbers.count {
            let number = numbers[next]
            next += 1
            for fork in try store.runs.forks(of: number) where !numbers.contains(fork) {
                numbers.append(fork)
                dependents.append(.fork(run: fork, of: number))
            }
        }
        for number in numbers.sorted() {
            let run = try store.runs.need(number)
            let pins = try store.pins.all(ofRun: number).count
            runs.append(
                Run(
                    number: number, uuid: run.uuid, model: try store.models.need(run.model).name,
                    iterations: run.iterations, pins: pins))
            for row in try store.versions.all(ofRun: number) {
                let model = try store.models.need(row.model)
                if versions.contains(where: { $0.model.id == model.id && $0.number == row.number }) { continue }
                versions.append((model, row.number))
                let version = Subject.version(model: model.name, number: row.number)
                dependents.append(
                    model.currentVersion == row.number
                        ? .current(version, ofModel: model.name) : .version(version, ofRun: number))
            }
        }
    }
}
