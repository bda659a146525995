import BPStore
import BPJSON

/// Frees rows in short transactions, and counts what it has freed.
struct Collector {
    let registry: Registry
    var report = GarbageReport()

    /// The maximum that one transaction frees, so that no other process waits long.
    private enum Most {
        static let blocks = 256
        static let epochs = 4_096
        static let keyframes = 64
    }

    /// Ends the time in which deletions can be undone, of those that were kept when this began.
    mutating func endDeletions() throws(RegistryError) {
        for deletion in try registry.reading({ try $0.deletions.all() }) {
            let before = report
            report = try registry.writing { store in
                var report = before
                // It may have been undone meanwhile.
                guard let deletion = try store.deletions.find(deletion.id) else { return report }
                try report.add(deletion, in: store)
                try deletion.end(at: store.environment.now(), in: store)
                return report
            }
        }
    }

    /// Frees rows.
    /// - Returns: whether everything is freed; false if the registry has recorded another event since, so that more may
    ///   be needed now.
    mutating func free(_ garbage: Garbage) throws(RegistryError) -> Bool {
        var events = garbage.lines.events
        for segment in garbage.segments {
            while true {
                let step = try transaction(&events) { try Collector.free(segment, $0) }
                guard let step else { return false }
                if step.iterations == 0 && step.epochs == 0 { break }
                if !segment.isOrphan {
                    report.add(run: segment.run, iterations: step.iterations, epochs: step.epochs)
                }
                report.add("iterations", step.iterations, bytes: 4 * step.iterations)
                report.add("epochs", step.epochs)
            }
        }
        for run in garbage.orphans {
            guard try transaction(&events, { try $0.segments.vacate(run) }) != nil else { return false }
        }
        var rest = garbage.keyframes[...]
        while !rest.isEmpty {
            let batch = rest.prefix(Most.keyframes)
            let freed = try transaction(&events) { store in
                try batch.filter { try Collector.free(keyframe: $0.id, store) }
            }
            guard let freed else { return false }
            for keyframe in freed { report.add(run: keyframe.run, keyframes: 1) }
            report.add("keyframes", freed.count)
            rest = rest.dropFirst(batch.count)
        }
        for hash in garbage.datasets {
            guard let isFreed = try transaction(&events, { try Collector.free(dataset: hash, $0) }) else {
                return false
            }
            report.add("datasets", isFreed ? 1 : 0)
        }
        for hash in garbage.specs {
            guard let isFreed = try transaction(&events, { try Collector.free(spec: hash, $0) }) else { return false }
            report.add("specs", isFreed ? 1 : 0)
        }
        return true
    }

    /// One write transaction, if no event was recorded since `events` were counted; its own events are added to the
    /// count.
    private func transaction<Result>(
        _ events: inout Int, _ body: (Store) throws -> Result
    ) throws(RegistryError) -> Result? {
        let seen = events
        let done: (result: Result, events: Int)? = try registry.writing { store in
            guard try store.registry.need().events == seen else { return nil }
            return (try body(store), try store.registry.need().events)
        }
        events = done?.events ?? seen
        return done?.result
    }

    /// Frees tensors to which nothing refers, chunk by chunk, and chunks of no tensor.
    mutating func freeContent() throws(RegistryError) {
        while true {
            let batch = try registry.reading { try $0.unreferenced.tensors() }
            if batch.isEmpty { break }
            var rest = batch[...]
            while !rest.isEmpty {
                let freed = try registry.writing { try $0.unreferenced.free(rest) }
                report.add(freed)
                rest = rest.dropFirst(freed.done)
            }
        }
        while true {
            let freed = try registry.writing { try $0.unreferenced.freeOrphanChunks() }
            report.add(freed)
            if freed.chunks == 0 { break }
        }
    }

    /// Records in an event of each run what was freed of it.
    func addEvents() throws(RegistryError) {
        for run in report.runs {
            try registry.writing { store in
                _ = try store.events.add(
                    .freed, of: .run(run.run), at: registry.environment.now(),
                    [
                        "iterations": JSONValue(run.iterations), "epochs": JSONValue(run.epochs),
                        "keyframes": JSONValue(run.keyframes),
                    ])
            }
        }
    }
}

// The rows of each kind, within a transaction.
extension Collector {
    /// Frees the last blocks and epochs of a segment that are not needed, as many as one transaction may.
    /// - Returns: the number of iterations and epochs; 0 if all are freed.
    private static func free(_ garbage: Garbage.Segment, _ store: Store) throws -> (iterations: Int, epochs: Int) {
        var segment = try store.segments.need(run: garbage.run, number: garbage.number)
        let (held, epochs) = (segment.keptIterations, segment.keptEpochs)
        // Epochs first: a segment never stores more epochs than its iterations cover.
        let epochsLeft = max(garbage.kept.epochs, epochs - Most.epochs)
        let blocks = (held + BlockRow.capacity - 1) / BlockRow.capacity
        let blocksKept = (garbage.kept.iterations + BlockRow.capacity - 1) / BlockRow.capacity
        let blocksLeft = epochsLeft > garbage.kept.epochs ? blocks : max(blocksKept, blocks - Most.blocks)
        let left = min(held, blocksLeft * BlockRow.capacity)
        guard left < held || epochsLeft < epochs else { return (0, 0) }
        try store.blocks.delete(
            run: garbage.run, segment: garbage.number, from: left < held ? blocksLeft : blocks)
        try store.epochs.delete(
            run: garbage.run, segment: garbage.number, after: segment.firstEpoch - 1 + epochsLeft)
        segment.keptIterations = left
        segment.keptEpochs = epochsLeft
        try store.update(segment)
        return (held - left, epochs - epochsLeft)
    }

    /// Deletes a keyframe; its tensors are freed one by one afterwards.
    /// - Returns: whether it existed.
    private static func free(keyframe id: Int, _ store: Store) throws -> Bool {
        guard let keyframe = try store.keyframes.find(id) else { return false }
        try store.keyframes.delete(keyframe)
        guard keyframe.state == .complete else { return true }
        var segment = try store.segments.need(run: keyframe.run, number: keyframe.segment)
        segment.keyframes -= 1
        try store.update(segment)
        return true
    }

    private static func free(dataset hash: SHA256Digest, _ store: Store) throws -> Bool {
        guard let dataset = try store.datasets.find(hash) else { return false }
        try store.datasets.delete(dataset)
        if dataset.isComplete {
            try store.events.add(
                .deleted, of: .dataset(hash), at: store.environment.now(), ["name": .string(dataset.name)])
        }
        return true
    }

    private static func free(spec hash: SHA256Digest, _ store: Store) throws -> Bool {
        guard let spec = try store.specs.find(hash) else { return false }
        try store.specs.delete(spec)
        return true
    }
}
