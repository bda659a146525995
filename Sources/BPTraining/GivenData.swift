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
        for record in records {
            switch read(record, run: run, file) {
            case .success(let table): return [record.hash: table]
            case .failure(let error):
                guard case .dataUnavailable(_, _, let what) = error else { throw error }
                refusals.append(what)
            }
        }
        // The run's own data come first, so the first refusal is about them.
        throw TrainingError.otherData(
            run: number, path: path, what: refusals.first ?? "", isStored: records.allSatisfy { $0.isStored })
    }

    private static func read(
        _ record: DatasetRecord, run: RunRecord, _ file: DataFile
    ) -> Result<Table, TrainingError> {
        do throws(TrainingError) {
            return .success(try RecordedRun.tableFromFile(record, run: run, file))
        } catch {
            return .failure(error)
        }
    }

    /// Compares the file with the data of a run of which nothing is computed again.
    /// - Throws: as `tables`.
    static func check(_ file: DataFile?, ofRun number: Int, in registry: Registry) throws {
        _ = try tables(file, ofRun: number, in: registry)
    }

    /// The datasets of a run's line, its own first.
    fileprivate static func datasets(ofRun run: RunRecord, in registry: Registry) throws -> [DatasetRecord] {
        var hashes = [run.dataset]
        for part in try registry.line(ofRun: run.number, segment: nil).reversed() {
            let hash = try registry.run(part.run).dataset
            if !hashes.contains(hash) { hashes.append(hash) }
        }
        return try hashes.map { try registry.dataset($0) }
    }
}

extension Registry {
    /// Whether a command that recomputes `run` needs no file: all the data of its line are kept.
    package func keepsData(ofRun run: Int) throws -> Bool {
        try GivenData.datasets(ofRun: self.run(run), in: self).allSatisfy { $0.isStored }
    }
}
