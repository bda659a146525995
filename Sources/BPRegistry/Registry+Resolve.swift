public import BPStore

/// The run, the point or the version that a reference names.
public enum Resolved: Sendable, Equatable {
    /// A run without a point.
    case run(RunRecord)
    /// A point of a run.
    case point(Point)
    /// A version.
    case version(VersionRecord)
}

/// The point or the version with the weights that a reference names: as `Resolved`, but a run alone means a point of
/// it.
public enum ResolvedWeights: Sendable, Equatable {
    /// A point of a run.
    case point(Point)
    /// A version.
    case version(VersionRecord)
}

/// The state of a run after `iteration` updates, on the line that ends in `lineSegment`.
public struct Point: Sendable, Equatable {
    /// The run.
    public let run: Int
    /// The segment in which the line ends: the head, or the one that the reference names.
    public let lineSegment: Int
    /// The number of updates before the state: 0 is the first weights.
    public let iteration: Int
    /// The number of epochs that had ended.
    public let epoch: Int
}

extension SnapshotReading {
    /// Finds the run, the point or the version that a reference names.
    /// - Throws: `notFound` with what exists instead.
    public func resolve(_ reference: Reference) throws(RegistryError) -> Resolved {
        try reading { store in
            let models = Models(store)
            switch reference {
            case .run(let number, nil, nil): return .run(try RunRecord(RunRow(named: number, in: store), in: store))
            case .run(let number, let segment, let name):
                return .point(try Point(name ?? .last, ofRun: number, segment: segment, reference, in: store))
            case .model(let name): return .version(try models.currentVersion(ofModel: name))
            case .version(let model, let number): return .version(try models.version(number, ofModel: model))
            case .alias(let model, let alias): return .version(try models.version(alias: alias, ofModel: model))
            case .uuid(let uuid): return try resolve(uuid, store)
            }
        }
    }

    /// As `resolve`, but a run that is named without a point is `@best` if it has a validation split, otherwise `@last`.
    public func resolveWeights(_ reference: Reference) throws(RegistryError) -> ResolvedWeights {
        switch try resolve(reference) {
        case .point(let point): return .point(point)
        case .version(let version): return .version(version)
        case .run(let run):
            return .point(try point(run.hasValidation ? .best : .last, ofRun: run.number))
        }
    }

    /// A point of the line that ends in the head of a run, or in `segment`.
    /// - Throws: `notFound` with what exists instead.
    public func point(
        _ name: Reference.PointName, ofRun number: Int, segment: Int? = nil
    ) throws(RegistryError) -> Point {
        try reading { store in
            try Point(
                name, ofRun: number, segment: segment, .run(number, segment: segment, point: name), in: store)
        }
    }

    private func resolve(_ uuid: UUIDv7, _ store: Store) throws -> Resolved {
        if let run = try store.runs.find(uuid: uuid) { return .run(try RunRecord(run, in: store)) }
        if let version = try store.versions.find(uuid: uuid) { return .version(try Models(store).record(version)) }
        throw RegistryError.notFound(
            reference: uuid.description, what: "no run and no version has this UUID",
            exists: "there are \(try store.runs.count()) runs", near: [])
    }
}

extension Point {
    /// The point that a reference names, on the line that ends in `segment` or in the head of the run.
    fileprivate init(
        _ name: Reference.PointName, ofRun number: Int, segment: Int?, _ reference: Reference, in store: Store
    ) throws {
        let line = try Line(ofRun: number, segment: segment, in: store)
        let iteration: Int
        switch name {
        case .last: iteration = line.lastIteration
        case .iteration(let wanted):
            guard wanted <= line.lastIteration else {
                throw RegistryError.notFound(
                    reference: reference.description, what: "no such iteration",
                    exists: "iterations 0 to \(line.lastIteration) are recorded", near: ["\(number)@last"])
            }
            iteration = wanted
        case .epoch(0): iteration = 0
        case .epoch(let epoch):
            guard let end = try line.end(ofEpoch: epoch, store) else {
                for part in line where part.lastKeptEpoch < epoch && epoch <= part.epochsEnded(at: part.last) {
                    throw part.freed
                }
                throw RegistryError.notFound(
                    reference: reference.description, what: "no such epoch",
                    exists: "epochs 0 to \(line.epochsEnded(at: line.lastIteration)) have ended",
                    near: ["\(number)@last"])
            }
            iteration = end
        case .best:
            let run = try RunRow(named: number, in: store)
            if segment != nil { try line.checkKept(upTo: line.lastIteration) }
            let best = try segment == nil ? run.bestIteration : line.bestIteration(ofRun: number, store)
            guard let best else {
                throw RegistryError.notFound(
                    reference: reference.description,
                    what: run.hasValidation
                        ? "no epoch has a validation loss yet" : "the run has no validation split",
                    exists: "\(number)@last is iteration \(line.lastIteration)", near: ["\(number)@last"])
            }
            iteration = best
        }
        try line.checkKept(upTo: iteration)
        self.init(
            run: number, lineSegment: line.last?.segment ?? 1, iteration: iteration,
            epoch: line.epochsEnded(at: iteration))
    }
}

extension [LinePart] {
    /// The iteration with which an epoch ended; nil if it is not on the line.
    fileprivate func end(ofEpoch epoch: Int, _ store: Store) throws -> Int? {
        for part in reversed() where epoch <= part.lastEpoch {
            let row = try store.epochs.find(run: part.run, segment: part.segment, epoch: epoch)
            if let row, row.iteration <= part.last { return row.iteration }
        }
        return nil
    }

    /// The end of the epoch with the lowest validation loss of run `own`, the earliest on ties, never NaN. The epochs
    /// of a fork's parent do not count.
    fileprivate func bestIteration(ofRun own: Int, _ store: Store) throws -> Int? {
        var best: (loss: Float, iteration: Int)?
        for part in self where part.run == own {
            let epoch = try store.epochs.best(
                run: part.run, segment: part.segment, upTo: part.last, epoch: part.lastEpoch)
            guard let epoch, let loss = epoch.validationLoss else { continue }
            if best.map({ loss < $0.loss }) ?? true { best = (loss, epoch.iteration) }
        }
        return best?.iteration
    }
}
