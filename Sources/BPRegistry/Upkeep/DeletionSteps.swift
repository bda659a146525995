import BPJSON
import BPStore

/// What a deletion changed in rows that stayed, so that it can be reverted. Together with the names of everything deleted
/// it is the detail of the deletion's row.
struct DeletionSteps {
    /// The keys of the measures of each deleted version, by the text of its subject.
    var measures: [String: [Int]] = [:]
    /// The moves of models' current versions, from before the deletion to after it.
    private(set) var moves: [(model: String, from: Int?, to: Int?)] = []

    init() {}

    /// Adds a move of a model's current version.
    mutating func addMove(of model: String, from: Int?, to: Int?) {
        if let index = moves.firstIndex(where: { $0.model == model }) {
            moves[index].to = to
        } else {
            moves.append((model, from, to))
        }
    }

    /// The detail of the deletion's row.
    func json(of deletion: Deletion) -> JSONValue {
        [
            "runs": .array(
                deletion.runs.map {
                    [
                        "run": JSONValue($0.number), "uuid": .string($0.uuid.description), "model": .string($0.model),
                        "iterations": JSONValue($0.iterations), "pins": JSONValue($0.pins),
                    ]
                }),
            "versions": .array(
                deletion.versions.map {
                    [
                        "version": .string($0.text),
                        "measures": .array((measures[$0.text] ?? []).map { JSONValue($0) }),
                    ]
                }),
            "models": .array(deletion.models.map { .string($0) }),
            "aliases": .array(
                deletion.aliases.map {
                    [
                        "model": .string($0.model), "name": .string($0.name), "version": JSONValue($0.version),
                        "moved": .integer($0.moved),
                    ]
                }),
            "current": .array(
                moves.map { ["model": .string($0.model), "from": JSONValue($0.from), "to": JSONValue($0.to)] }),
        ]
    }

    /// Reads the detail of a row.
    init(_ row: DeletionRow, in store: Store) throws {
        let detail = try DeletionSteps.detail(row, store)
        for version in detail["versions"]?.array ?? [] {
            guard let text = version["version"]?.string else { throw DeletionSteps.bad(row, store) }
            measures[text] = version["measures"]?.array?.compactMap(\.int) ?? []
        }
        for move in detail["current"]?.array ?? [] {
            guard let model = move["model"]?.string else { throw DeletionSteps.bad(row, store) }
            moves.append((model, move["from"]?.int, move["to"]?.int))
        }
    }

    fileprivate static func detail(_ row: DeletionRow, _ store: Store) throws -> JSONValue {
        guard let detail = try? JSONValue(parsing: row.detailJSON) else { throw bad(row, store) }
        return detail
    }

    fileprivate static func bad(_ row: DeletionRow, _ store: Store) -> RegistryError {
        store.damaged("deletion id=\(row.id)", "column detail holds an invalid value")
    }
}

extension Deletion {
    /// The deletion of a row.
    init(_ row: DeletionRow, in store: Store) throws {
        self.init(subject: row.subject)
        let detail = try DeletionSteps.detail(row, store)
        let bad = DeletionSteps.bad(row, store)
        for run in detail["runs"]?.array ?? [] {
            guard let number = run["run"]?.int, let uuid = run["uuid"]?.string.flatMap({ UUIDv7($0) }),
                let model = run["model"]?.string, let iterations = run["iterations"]?.int, let pins = run["pins"]?.int
            else { throw bad }
            runs.append(Run(number: number, uuid: uuid, model: model, iterations: iterations, pins: pins))
        }
        for version in detail["versions"]?.array ?? [] {
            guard let subject = version["version"]?.string.flatMap({ Subject(text: $0) }) else { throw bad }
            versions.append(subject)
        }
        models = detail["models"]?.array?.compactMap(\.string) ?? []
        for alias in detail["aliases"]?.array ?? [] {
            guard let model = alias["model"]?.string, let name = alias["name"]?.string,
                let version = alias["version"]?.int, let moved = alias["moved"]?.int
            else { throw bad }
            aliases.append(AliasRecord(model: model, name: name, version: version, moved: Int64(moved)))
        }
        undoableUntil = row.until
    }
}
