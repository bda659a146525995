import BPData
package import BPRegistry

/// The file that was named as the data of a run, read once: a command that computes with several runs of one line, or
/// again on their rows, takes the table from here.
///
/// The file is always opened, even if the registry keeps the data. Otherwise another table, or a missing file, would pass
/// for the data that the run was trained on.
struct GivenData: Sendable {
    /// The data that were named; nil if none were.
    let file: DataFile?
    /// The file's table under the hash of its dataset; empty if no file is named.
    private let tables: [SHA256Digest: Table]

    /// No file: data come from the registry, or from where they were.
    static let none = GivenData(file: nil, tables: [:])

    private init(file: DataFile?, tables: [SHA256Digest: Table]) { (self.file, self.tables) = (file, tables) }

    /// Reads the file, which must be the data of one of the runs, or of a run that one was forked from.
    /// - Throws: `TrainingError.otherData` if the file cannot be read, or is none of these datasets; `RegistryError`.
    init(_ file: DataFile?, ofRuns numbers: [Int], in registry: Registry) throws {
        guard let file, let path = file.path, let first = numbers.first else {
            self.init(file: file, tables: [:])
            return
        }
        var candidates: [(run: RunRecord, data: DatasetRecord)] = []
        for number in numbers {
            for owned in try GivenData.datasets(ofRun: registry.run(number), in: registry)
            where !candidates.contains(where: { $0.data.hash == owned.data.hash }) {
                candidates.append(owned)
            }
        }
        let wanted = Set(candidates.map(\.data.hash))
        var refusals: [String] = []
        for (owner, record) in candidates {
            do {
                let read = try RecordedRun.read(file, as: record, orAnyOf: wanted, run: owner, in: registry)
                self.init(file: file, tables: [read.hash: read.table])
                return
            } catch {
                guard case TrainingError.dataUnavailable(_, let place, let what, _) = error else { throw error }
                refusals.append(place == path ? what : "\(place): \(what)")
            }
        }
        // The first run's own data come first, so the first refusal is about them.
        throw TrainingError.otherData(
            run: first, path: path, what: refusals.first ?? "", isStored: candidates.allSatisfy { $0.data.isStored })
    }

    /// The same for one run.
    init(_ file: DataFile?, ofRun number: Int, in registry: Registry) throws {
        try self.init(file, ofRuns: [number], in: registry)
    }

    /// Whether the file holds the data of a run, or of one that it was forked from.
    func holdsData(ofRun run: RunRecord, in registry: Registry) throws -> Bool {
        try !tables.isEmpty && GivenData.datasets(ofRun: run, in: registry).contains { tables[$0.data.hash] != nil }
    }

    /// The data of a run: the table of the file if it has this hash; else out of the registry, or from where they were.
    /// - Throws: `TrainingError.dataUnavailable`; `RegistryError`.
    func table(of run: RunRecord, in registry: Registry) throws -> Table {
        if let table = tables[run.dataset] { return table }
        // An error about a file that was named is not about the data of the run that was forked.
        let choices = file.flatMap { $0.path == nil ? $0.choices : nil } ?? TableChoices()
        return try RecordedRun.recordedTable(run, choices, in: registry)
    }

    /// The datasets of a run's line, its own first, each with a run that was trained on it.
    fileprivate static func datasets(
        ofRun run: RunRecord, in registry: Registry
    ) throws -> [(run: RunRecord, data: DatasetRecord)] {
        var owners = [run]
        for part in try registry.line(ofRun: run.number, segment: nil).reversed() {
            let other = try registry.run(part.run)
            if !owners.contains(where: { $0.dataset == other.dataset }) { owners.append(other) }
        }
        return try owners.map { ($0, try registry.dataset($0.dataset)) }
    }
}

extension Registry {
    /// Whether a command that recomputes `run` needs no file: all the data of its line are kept.
    package func keepsData(ofRun run: Int) throws -> Bool {
        try GivenData.datasets(ofRun: self.run(run), in: self).allSatisfy { $0.data.isStored }
    }

    /// The run whose data, or whose labels, the file at `path` holds by the record, if the registry keeps only their hash.
    /// - Parameter isSame: whether a recorded path and `path` lead to one file.
    package func run(needing path: String, isSame: (String) -> Bool) throws(RegistryError) -> Int? {
        let hashed = try datasets().filter { !$0.isStored }
        guard !hashed.isEmpty else { return nil }
        for run in try runs() {
            guard let record = hashed.first(where: { $0.hash == run.dataset }) else { continue }
            let reading = try RunReading(of: run, in: self)
            let files = [reading.path ?? record.sourcePath, reading.choices.labels].compactMap { $0 }
            if files.contains(where: isSame) { return run.number }
        }
        return nil
    }
}
