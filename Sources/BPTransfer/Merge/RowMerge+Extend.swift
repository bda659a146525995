import BPJSON
import BPRegistry
import BPStore

// A run that is here and that the source continues. What is here stays: attempts, versions, segments that only it has.
extension RowMerge {
    /// - Returns: the run's number.
    func extend(_ gain: RunExtension) throws -> Int {
        let (run, number) = (gain.run, gain.row.id)
        var row = try store.runs.need(number)
        let before = (row.headSegment, row.iterations, row.epochs)
        // A process that was thought dead must write no more.
        try row.raiseFence(in: store)
        try extendSegments(gain)
        row.segments = max(gain.segments, run.segments.count)
        for attempt in gain.attempts.later {
            try store.update(gain.attempts.row(attempt, ofRun: number, updated: run.row.updated))
        }
        for attempt in gain.attempts.new {
            try store.insert(gain.attempts.row(attempt, ofRun: number, updated: run.row.updated))
        }
        row.attempts += gain.attempts.new.count
        for var pin in gain.pins {
            pin.run = number
            try store.insert(pin)
        }
        if !gain.pins.isEmpty { try store.registry.update { $0.pins += gain.pins.count } }
        try addKeyframes(gain.keyframes, number, attempts: gain.attempts.numbers)
        try releaseFormerBests(gain)
        row.headSegment = run.row.headSegment
        if gain.takesEnd { StoredEnd(run.row).write(to: &row) }
        row.updated = max(row.updated, run.row.updated)
        // Versions and measures are counted in the row that is stored.
        try store.update(row)
        var versions: [TransferContents.Version] = []
        for version in run.versions where try merge(version, ofRun: number, attempts: gain.attempts.numbers) {
            versions.append(version)
        }
        row.versions += versions.count
        row.evaluations += try addMeasures(of: run, number)
        try annotate(gain, versions)
        try row.renewSummary(in: store)
        try store.update(row)
        func place(_ end: (segment: Int, iteration: Int, epoch: Int)) -> JSONValue {
            ["segment": JSONValue(end.segment), "iteration": JSONValue(end.iteration), "epoch": JSONValue(end.epoch)]
        }
        try store.events.add(
            .extended, of: .run(number), at: now,
            [
                "uuid": .string(run.uuid.description), "number": JSONValue(run.number),
                "registry": .string(contents.registry.description), "from": place(before),
                "to": place((row.headSegment, row.iterations, row.epochs)),
            ])
        report(run, number, try store.models.need(row.model).name, .extended, row.iterations, from: before.1)
        return number
    }

    // MARK: Segments

    private func extendSegments(_ gain: RunExtension) throws {
        for number in gain.longer.sorted() {
            let (theirs, _) = gain.run.segments[number - 1]
            var segment = try store.segments.need(run: gain.row.id, number: number)
            let kept = segment.keptIterations
            if theirs.keptIterations > kept {
                try extendBlocks(of: segment, to: theirs, gain.run)
                segment.keptIterations = theirs.keptIterations
            }
            if theirs.iterations > segment.iterations {
                (segment.iterations, segment.chainEnd) = (theirs.iterations, theirs.chainEnd)
            }
            if theirs.keptEpochs > segment.keptEpochs {
                try addEpochs(of: theirs, gain.run, to: gain.row.id, after: segment.firstEpoch - 1 + segment.keptEpochs)
                segment.keptEpochs = theirs.keptEpochs
            }
            segment.epochs = max(segment.epochs, theirs.epochs)
            try store.update(segment)
        }
        for (theirs, parent) in gain.run.segments.dropFirst(gain.segments) {
            try addSegment(theirs, parent, of: gain.run, gain.row.id)
        }
    }

    /// Replaces the last block, which may be short, and appends those that follow. The losses that are here must be those
    /// of the source.
    private func extendBlocks(
        of segment: SegmentRecord, to theirs: SegmentRecord, _ run: TransferContents.Run
    ) throws {
        let part = try part(.losses(run: run.uuid, segment: segment.number))
        let first = segment.keptIterations / BlockRow.capacity
        var blocks = LossBlocks(run: run.uuid, segment)
        try store.blocks.delete(run: segment.run, segment: segment.number, from: first)
        func write(_ block: BlockRow) throws {
            if block.block >= first { return try store.insert(block) }
            let known = try store.blocks.need(run: segment.run, segment: segment.number, block: block.block)
            guard known.chain == block.chain else {
                throw RegistryError.conflict(
                    place: "run \(segment.run), segment \(segment.number)", what: "it has changed meanwhile")
            }
        }
        var count = 0
        try restoration.read(part) { bytes in
            count += bytes.count
            guard count <= part.count * 4 else { throw unsound(part) }
            try blocks.append(bytes, write)
        }
        guard count == part.count * 4 else { throw unsound(part) }
        try blocks.finish(write)
    }

    /// Only the newest best state of a segment is kept, as when a run records a better epoch.
    private func releaseFormerBests(_ gain: RunExtension) throws {
        for (best, _) in gain.keyframes where best.role == .best {
            let former = try store.keyframes.complete(
                run: gain.row.id, segment: best.segment, upTo: best.iteration - 1, role: .best)
            for old in former { try store.keyframes.release(old) }
            try store.segments.addKeyframes(-former.count, run: gain.row.id, number: best.segment)
        }
    }

    // MARK: Measures and annotations

    /// Adds the measures that are not here.
    /// - Returns: how many.
    private func addMeasures(of run: TransferContents.Run, _ number: Int) throws -> Int {
        var known = try store.evaluations.all(ofRun: number)
        var count = 0
        for (evaluation, uuid) in run.evaluations {
            let version = try uuid.flatMap { try store.versions.find(uuid: $0)?.id }
            let place = known.firstIndex { row in
                row.isMeasure(evaluation) && (row.version == nil || row.version == version)
            }
            if let place {
                var row = known.remove(at: place)
                if row.version == nil, version != nil {
                    row.version = version
                    try store.update(row)
                }
            } else {
                try add(evaluation, uuid, number)
                count += 1
            }
        }
        return count
    }

    /// Adds the events of the run that are not here, and the tags and notes that are new. What was said here stays.
    private func annotate(_ gain: RunExtension, _ versions: [TransferContents.Version]) throws {
        let subject = Subject.run(gain.row.id)
        let theirs = gain.run.annotations
        var known: [EventKind: Set<Int64>] = [:]
        for event in try store.events.all(of: subject) { known[event.kind, default: []].insert(event.at) }
        func isNew(_ kind: EventKind, _ at: Int64) -> Bool { known[kind]?.contains(at) != true }
        let tags = try theirs.tags.filter {
            try isNew(.tag, $0.created) && store.tags.find(subject: subject, name: $0.name) == nil
        }
        let notes = theirs.notes.filter { isNew(.note, $0.created) }
        let names = Set(tags.map(\.name))
        let ids = Set(notes.map(\.id))
        let pins = Set(gain.pins.map(\.created))
        let events = theirs.events.filter { event in
            switch event.kind {
            case .resumed, .ended, .givenBack, .imported, .rolledBack, .rollbackUndone: true
            case .tag: event.detail["name"]?.string.map(names.contains) ?? false
            case .note: event.detail["id"]?.int.map(ids.contains) ?? false
            case .pinned: pins.contains(event.at)
            default: false
            }
        }
        try annotate(
            subject, TransferContents.Annotations(tags: tags, notes: notes, events: events), versions: versions,
            attempts: gain.attempts.numbers)
    }
}

extension EvaluationRow {
    /// Whether it is the same measure, whatever version it refers to.
    func isMeasure(_ other: EvaluationRow) -> Bool {
        segment == other.segment && iteration == other.iteration && split == other.split
            && loss.bitPattern == other.loss.bitPattern && scoresJSON == other.scoresJSON && created == other.created
    }
}
