import BPStore
import BPSQLite

/// What may be freed, by one state of the registry.
struct Garbage {
    /// A segment of which something is superseded.
    struct Segment {
        let run: Int
        let number: Int
        /// How many iterations and epochs stay.
        let kept: (iterations: Int, epochs: Int)
        let freed: (iterations: Int, epochs: Int)
    }

    let lines: KeptLines
    var segments: [Segment] = []
    /// Keyframes, complete and never completed, with their runs.
    var keyframes: [(id: Int, run: Int)] = []
    var datasets: [SHA256Digest] = []
    var specs: [SHA256Digest] = []

    var isEmpty: Bool { segments.isEmpty && keyframes.isEmpty && datasets.isEmpty && specs.isEmpty }

    /// Microseconds for which a dataset that no run uses, or a pin that is not complete, may be about to be used.
    static let grace: Int64 = 3_600_000_000

    init(_ store: Store, surplus: KeyframeSurplus) throws {
        lines = try KeptLines(store)
        for row in try store.rows(.segment) {
            let kept = try lines.kept(of: row)
            let freed = (
                iterations: try row.int("kept_iterations") - kept.iterations,
                epochs: try row.int("kept_epochs") - kept.epochs
            )
            guard freed.iterations > 0 || freed.epochs > 0 else { continue }
            segments.append(
                Segment(run: try row.int("run"), number: try row.int("number"), kept: kept, freed: freed))
        }
        for run in try store.rows(.run, "ORDER BY id") { try addKeyframes(of: run, store, surplus) }
        let before = store.environment.now() - Garbage.grace
        datasets = try store.rows(
            .dataset,
            "WHERE created < ? AND NOT EXISTS (SELECT 1 FROM run WHERE run.dataset = dataset.hash) ORDER BY hash",
            [before]
        ).map { try $0.digest("hash") }
        specs = try store.rows(
            .spec, "WHERE NOT EXISTS (SELECT 1 FROM run WHERE run.spec = spec.hash) ORDER BY hash"
        ).map { try $0.digest("hash") }
    }

    /// Adds the keyframes of a run that are superseded, that nobody will complete, or that are above its budget.
    private mutating func addKeyframes(of run: TableRow, _ store: Store, _ surplus: KeyframeSurplus) throws {
        let number = try run.int("id")
        let isAlive = try store.livingOwner(of: run, store.environment) != nil
        let before = store.environment.now() - Garbage.grace
        for row in try store.rows(.keyframe, "WHERE run = ? ORDER BY id", [number]) {
            let isFree: Bool
            if try row.text("state") == "complete" {
                isFree = try !lines.isKept(row)
            } else if try row.text("role") == KeyframeRole.pinned.rawValue {
                // Somebody may be writing it.
                isFree = try row.int64("created") < before
            } else {
                isFree = try !isAlive || row.int("attempt") != run.int("attempts")
            }
            if isFree { keyframes.append((try row.int("id"), number)) }
        }
        if isAlive { return }
        let spaced = try store.line(run: number, segment: run.int("head_segment")).filter { $0.run == number }
            .flatMap { try store.keyframes(of: $0, "AND role = 'spaced' ORDER BY iteration, id") }
            .map { SpacedKeyframe(id: $0.id, iteration: $0.iteration, bytes: $0.bytes) }
        guard !spaced.isEmpty else { return }
        let policy = try store.need(.attempt, [run["id"], run["attempts"]]).text("keyframe_policy")
        let known = Set(spaced.map(\.id))
        keyframes += Set(surplus(policy, spaced)).intersection(known).sorted().map { ($0, number) }
    }

    /// What it comes to: the rows, and the content that nothing will refer to then.
    func report(_ store: Store) throws -> GarbageReport {
        var report = GarbageReport()
        for segment in segments {
            report.add(run: segment.run, iterations: segment.freed.iterations, epochs: segment.freed.epochs)
            report.add("iterations", segment.freed.iterations, bytes: 4 * segment.freed.iterations)
            report.add("epochs", segment.freed.epochs)
        }
        for keyframe in keyframes { report.add(run: keyframe.run, keyframes: 1) }
        report.add("keyframes", keyframes.count)
        report.add("datasets", datasets.count)
        report.add("specs", specs.count)
        try addContent(to: &report, store)
        return report
    }

    private func addContent(to report: inout GarbageReport, _ store: Store) throws {
        let freed = try freedTensors(store)
        report.add("tensors", freed.count)
        var seen: Set<[UInt8]> = []
        for tensor in freed {
            let chunks = try store.connection.all(
                "SELECT DISTINCT chunk FROM tensor_chunk WHERE tensor = ?", [tensor], as: [UInt8].self)
            for chunk in chunks where seen.insert(chunk).inserted {
                let users = try store.connection.all(
                    "SELECT DISTINCT tensor FROM tensor_chunk WHERE chunk = ?", [chunk], as: [UInt8].self)
                guard users.allSatisfy({ freed.contains($0) }) else { continue }
                let size: Int = try store.connection.value(
                    "SELECT length(data) FROM chunk WHERE sha256 = ?", [chunk])
                report.add("chunks", 1, bytes: size)
            }
        }
        let orphans = try store.connection.all(Store.orphanChunks, as: [UInt8].self)
        for chunk in orphans {
            let size: Int = try store.connection.value("SELECT length(data) FROM chunk WHERE sha256 = ?", [chunk])
            report.add("chunks", 1, bytes: size)
        }
    }

    /// The tensors to which nothing refers that stays.
    private func freedTensors(_ store: Store) throws -> Set<[UInt8]> {
        let gone = Set(keyframes.map(\.id))
        let goneData = Set(datasets.map(\.bytes))
        var freed = Set(
            try store.connection.all(
                "SELECT sha256 FROM tensor WHERE \(Store.isUnreferenced("tensor.sha256"))", as: [UInt8].self))
        func consider(_ tensor: [UInt8]) throws {
            if freed.contains(tensor) { return }
            let isThere: Bool = try store.connection.value(
                """
                SELECT EXISTS (SELECT 1 FROM tensor WHERE sha256 = ?1)
                    AND NOT EXISTS (SELECT 1 FROM version_tensor WHERE tensor = ?1)
                """, [tensor])
            guard isThere else { return }
            let keyframes = try store.connection.all(
                "SELECT keyframe FROM keyframe_tensor WHERE tensor = ?", [tensor], as: Int.self)
            let data = try store.connection.all(
                "SELECT dataset FROM dataset_column WHERE sha256 = ?", [tensor], as: [UInt8].self)
            if keyframes.allSatisfy(gone.contains), data.allSatisfy(goneData.contains) { freed.insert(tensor) }
        }
        for id in gone {
            let tensors = try store.connection.all(
                "SELECT tensor FROM keyframe_tensor WHERE keyframe = ?", [id], as: [UInt8].self)
            for tensor in tensors { try consider(tensor) }
        }
        for dataset in goneData {
            let columns = try store.connection.all(
                "SELECT sha256 FROM dataset_column WHERE dataset = ?", [dataset], as: [UInt8].self)
            for tensor in columns { try consider(tensor) }
        }
        return freed
    }
}

extension Store {
    /// SQL: whether nothing refers to the tensor that `hash` names.
    static func isUnreferenced(_ hash: String) -> String {
        """
        NOT EXISTS (SELECT 1 FROM keyframe_tensor AS k WHERE k.tensor = \(hash))
            AND NOT EXISTS (SELECT 1 FROM version_tensor AS v WHERE v.tensor = \(hash))
            AND NOT EXISTS (SELECT 1 FROM dataset_column AS d WHERE d.sha256 = \(hash))
        """
    }

    /// SQL: the chunks of no tensor.
    static let orphanChunks =
        "SELECT sha256 FROM chunk WHERE NOT EXISTS (SELECT 1 FROM tensor_chunk AS t WHERE t.chunk = chunk.sha256)"
}
