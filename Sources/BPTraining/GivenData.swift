import BPData
package import BPRegistry

/// The file that was named as the data of a run. It is always opened, even if the registry keeps the data. Otherwise
/// another table, or a missing file, would pass for the data that the run was trained on.
enum GivenData {
    /// The file's table under the hash of its dataset, which is that of `run` or of a run that it was forked from; empty
    /// if no file is named.
    /// - Throws: `TrainingError.otherData` if the file cannot be read, or is none of these datasets; `RegistryError`.
    static func tables(
        _ file: DataFile?, ofRun number: Int, in registry: Registry
    ) throws -> [SHA256Digest: Table] {
        guard let file, let path = file.path else { return [:] }
        let run = try registry.run(number)
        let records = try datasets(ofRun: run, in: registry)
        var refusals: [String] = []
        for (owner, record) in records {
            do { return [record.hash: try RecordedRun.tableFromFile(record, run: owner, file, in: registry)] } catch {
                guard case TrainingError.dataUnavailable(_, _, let what) = error else { throw error }
                refusals.append(what)
            }
        }
        // The run's own data come first, so the first refusal is about them.
        throw TrainingError.otherData(
            run: number, path: path, what: refusals.first ?? "", isStored: records.allSatisfy { $0.data.isStored })
    }

    /// Compares the file with the data of a run of which nothing is computed again.
    /// - Throws: as `tables`.
    static func check(_ file: DataFile?, ofRun number: Int, in registry: Registry) throws {
        _ = try tables(file, ofRun: number, in: registry)
    }

    /// The file for each of several runs; nil for a run whose data it is not.
    /// - Throws: `TrainingError.otherData` if it is the data of none.
    static func files(_ file: DataFile?, ofRuns runs: [Int], in registry: Registry) throws -> [DataFile?] {
        guard let file, file.path != nil else { return runs.map { _ in file } }
        var refusal: TrainingError?
        let files = try runs.map { run -> DataFile? in
            do {
                try check(file, ofRun: run, in: registry)
                return file
            } catch let error as TrainingError {
                guard case .otherData = error else { throw error }
                refusal = refusal ?? error
                return nil
            }
        }
        if let refusal, files.allSatisfy({ $0 == nil }) { throw refusal }
        return files
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
}
