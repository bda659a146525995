import BPStore
import BPJSON
import BPSQLite

/// Frees rows in short transactions, and counts what it has freed.
struct Collector {
    let registry: Registry
    var report = GarbageReport()

    /// What one transaction frees at most, so that nobody waits long for it.
    enum Most {
        static let blocks = 256
        static let epochs = 4_096
        static let keyframes = 64
        static let tensors = 256
        static let chunks = 256
        static let bytes = 7 << 20
    }

    /// Frees rows.
    /// - Returns: whether all is freed; false when somebody has made a move since, so that what is needed may be more.
    mutating func free(_ garbage: Garbage) throws(RegistryError) -> Bool {
        var events = garbage.lines.events
        for segment in garbage.segments {
            while true {
                let step = try transaction(&events) { try $0.free(segment) }
                guard let step else { return false }
                if step.iterations == 0 && step.epochs == 0 { break }
                report.add(run: segment.run, iterations: step.iterations, epochs: step.epochs)
                report.add("iterations", step.iterations, bytes: 4 * step.iterations)
                report.add("epochs", step.epochs)
            }
        }
        var rest = garbage.keyframes[...]
        while !rest.isEmpty {
            let batch = rest.prefix(Most.keyframes)
            let freed = try transaction(&events) { store in try batch.filter { try store.free(keyframe: $0.id) } }
            guard let freed else { return false }
            for keyframe in freed { report.add(run: keyframe.run, keyframes: 1) }
            report.add("keyframes", freed.count)
            rest = rest.dropFirst(batch.count)
        }
        for hash in garbage.datasets {
            guard let isFreed = try transaction(&events, { try $0.free(dataset: hash) }) else { return false }
            report.add("datasets", isFreed ? 1 : 0)
        }
        for hash in garbage.specs {
            guard let isFreed = try transaction(&events, { try $0.free(spec: hash) }) else { return false }
            report.add("specs", isFreed ? 1 : 0)
        }
        return true
    }

    /// One write transaction, if no event came since `events` of them were counted; its own are counted.
    private func transaction<Result>(
        _ events: inout Int, _ body: (Store) throws -> Result
    ) throws(RegistryError) -> Result? {
        let seen = events
        let done: (result: Result, events: Int)? = try registry.writing { store in
            guard try store.eventCount() == seen else { return nil }
            return (try body(store), try store.eventCount())
        }
        events = done?.events ?? seen
        return done?.result
    }

    /// Tells each run what was freed of it.
    func addEvents() throws(RegistryError) {
        for run in report.runs {
            try registry.writing { store in
                try store.addEvent(
                    .freed, of: Subject.run(run.run), at: registry.environment.now(),
                    [
                        "iterations": JSONValue(run.iterations), "epochs": JSONValue(run.epochs),
                        "keyframes": JSONValue(run.keyframes),
                    ])
            }
        }
    }
}

extension Store {
    fileprivate func eventCount() throws -> Int { try need(.registry, [.integer(1)]).int("events") }

    /// Frees the last blocks and epochs of a segment that do not stay, as many as one transaction may.
    /// - Returns: how many iterations and epochs; none where all are freed.
    fileprivate func free(_ segment: Garbage.Segment) throws -> (iterations: Int, epochs: Int) {
        var row = try need(.segment, [.int(segment.run), .int(segment.number)])
        let (held, epochs) = (try row.int("kept_iterations"), try row.int("kept_epochs"))
        // Epochs go first: what is held of them is never more than what is held of the iterations.
        let epochsLeft = max(segment.kept.epochs, epochs - Collector.Most.epochs)
        let blocks = (held + Store.blockLength - 1) / Store.blockLength
        let blocksKept = (segment.kept.iterations + Store.blockLength - 1) / Store.blockLength
        let blocksLeft = epochsLeft > segment.kept.epochs ? blocks : max(blocksKept, blocks - Collector.Most.blocks)
        let left = min(held, blocksLeft * Store.blockLength)
        guard left < held || epochsLeft < epochs else { return (0, 0) }
        try connection.execute(
            "DELETE FROM iteration_block WHERE run = ? AND segment = ? AND block >= ?",
            [segment.run, segment.number, left < held ? blocksLeft : blocks])
        let lastEpoch = try row.int("first_epoch") - 1 + epochsLeft
        try connection.execute(
            "DELETE FROM epoch WHERE run = ? AND segment = ? AND epoch > ?", [segment.run, segment.number, lastEpoch])
        row["kept_iterations"] = .int(left)
        row["kept_epochs"] = .int(epochsLeft)
        try update(row)
        return (held - left, epochs - epochsLeft)
    }

    /// Deletes a keyframe; its tensors are left to be freed one by one.
    /// - Returns: whether it was there.
    fileprivate func free(keyframe id: Int) throws -> Bool {
        guard let row = try row(.keyframe, [.int(id)]) else { return false }
        try connection.execute("DELETE FROM keyframe_tensor WHERE keyframe = ?", [id])
        try delete(row)
        guard try row.text("state") == "complete" else { return true }
        var segment = try need(.segment, [row["run"], row["segment"]])
        try segment.add(-1, to: "keyframes")
        try update(segment)
        return true
    }

    fileprivate func free(dataset hash: SHA256Digest) throws -> Bool {
        guard let row = try row(.dataset, [.digest(hash)]) else { return false }
        try connection.execute("DELETE FROM dataset_column WHERE dataset = ?", [hash.bytes])
        try delete(row)
        try updateRegistry { try $0.add(-1, to: "datasets") }
        if try row.bool("complete") {
            try addEvent(
                .deleted, of: Subject.dataset(hash), at: environment.now(),
                ["name": .string(try row.text("name"))])
        }
        return true
    }

    fileprivate func free(spec hash: SHA256Digest) throws -> Bool {
        guard let row = try row(.spec, [.digest(hash)]) else { return false }
        try delete(row)
        try updateRegistry { try $0.add(-1, to: "specs") }
        return true
    }
}
