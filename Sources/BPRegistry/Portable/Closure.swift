import BPStore
import BPSQLite

/// The runs that leave together: what is selected, with the runs that computed it and their ancestors.
struct Closure {
    /// Their numbers, parents first.
    let runs: [Int]
    private let set: Set<Int>

    func contains(_ run: Int) -> Bool { set.contains(run) }

    /// - Throws: `RegistryError.notFound` for a run, a model or a version that is not there.
    init(_ selection: Subject, in store: Store) throws {
        var waiting: [Int]
        switch selection {
        case .run(let number): waiting = [try store.runRow(number).int("id")]
        case .version(let model, let number): waiting = [try store.version(number, ofModel: model).run]
        case .model(let name):
            let model = try store.modelRow(name)["id"]
            waiting = try store.connection.all(
                "SELECT id FROM run WHERE model = ?1 UNION SELECT run FROM version WHERE model = ?1", [model],
                as: Int.self)
        case .dataset: waiting = []
        case .all: waiting = try store.connection.all("SELECT id FROM run", as: Int.self)
        }
        var parents: [Int: Int] = [:]
        var seen = Set<Int>()
        while let number = waiting.popLast() {
            guard seen.insert(number).inserted else { continue }
            guard let parent = try store.need(.run, [.int(number)]).optionalInt("parent_run") else { continue }
            parents[number] = parent
            waiting.append(parent)
        }
        // Numbers grow with time at home; a run that came from elsewhere may have a lower one than its parent.
        var ordered: [Int] = []
        var placed = Set<Int>()
        for number in seen.sorted() {
            var line: [Int] = []
            var next: Int? = number
            while let run = next, !placed.contains(run) {
                guard line.count <= seen.count else { throw store.damaged("run \(number)", "its parents go round") }
                line.append(run)
                next = parents[run]
            }
            for run in line.reversed() where placed.insert(run).inserted { ordered.append(run) }
        }
        (runs, set) = (ordered, seen)
    }
}
