import BPRegistry
import BPStore

/// The runs that are transferred together: the selected ones, those that computed the selected versions, and the
/// ancestors of both.
struct RunSelection {
    /// Their numbers, parents first.
    let runs: [Int]
    private let set: Set<Int>

    func contains(_ run: Int) -> Bool { set.contains(run) }

    /// - Throws: `RegistryError.notFound` for a run, a model or a version that does not exist.
    init(_ subject: Subject, in store: Store) throws {
        var waiting: [Int]
        switch subject {
        case .run(let number):
            _ = try RunRow(named: number, in: store)
            waiting = [number]
        case .version(let model, let number): waiting = [try Models(store).version(number, ofModel: model).run]
        case .model(let name):
            let model = try Models(store).model(name).id
            waiting = try store.runs.numbers(ofModel: model) + store.versions.all(ofModel: model).map(\.run)
        case .dataset: waiting = []
        case .all: waiting = try store.runs.numbers()
        }
        var parents: [Int: Int] = [:]
        var seen = Set<Int>()
        while let number = waiting.popLast() {
            guard seen.insert(number).inserted else { continue }
            guard let parent = try store.runs.need(number).parentRun else { continue }
            parents[number] = parent
            waiting.append(parent)
        }
        // In its first registry a run has a higher number than its parent; a restored run may have a lower one.
        var ordered: [Int] = []
        var placed = Set<Int>()
        for number in seen.sorted() {
            var line: [Int] = []
            var next: Int? = number
            while let run = next, !placed.contains(run) {
                guard line.count <= seen.count else {
                    throw store.damaged("run \(number)", "its ancestors form a cycle")
                }
                line.append(run)
                next = parents[run]
            }
            for run in line.reversed() where placed.insert(run).inserted { ordered.append(run) }
        }
        (runs, set) = (ordered, seen)
    }
}
