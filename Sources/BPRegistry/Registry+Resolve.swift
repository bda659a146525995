public import BPStore
import BPSQLite

/// What a reference names.
public enum Resolved: Sendable, Equatable {
    /// A run, no point of it being named.
    case run(RunRecord)
    /// A point of a run.
    case point(Point)
    /// A version.
    case version(VersionRecord)
}

/// Whose weights a reference names: what `Resolved` is where a run alone stands for a point of it.
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
    /// The segment whose line is meant: the head, or the one that the reference names.
    public let lineSegment: Int
    /// How many updates the line has had: 0 is the first weights.
    public let iteration: Int
    /// How many epochs had ended.
    public let epoch: Int
}

extension Registry {
    /// Finds what a reference names.
    /// - Throws: `notFound` telling what there is instead.
    public func resolve(_ reference: Reference) throws(RegistryError) -> Resolved {
        try reading { store in
            switch reference {
            case .run(let number, nil, nil): return .run(try record(number, store))
            case .run(let number, let segment, let name):
                return .point(try store.point(number, segment, name ?? .last, reference))
            case .model(let name): return .version(try store.currentVersion(ofModel: name))
            case .version(let model, let number): return .version(try store.version(number, ofModel: model))
            case .alias(let model, let alias): return .version(try store.version(ofModel: model, alias: alias))
            case .uuid(let uuid): return try resolve(uuid, store)
            }
        }
    }

    /// As `resolve`, but where a run is named without a point it is `@best` if it has a validation split, else `@last`.
    public func resolveWeights(_ reference: Reference) throws(RegistryError) -> ResolvedWeights {
        switch try resolve(reference) {
        case .point(let point): return .point(point)
        case .version(let version): return .version(version)
        case .run(let run):
            return .point(try point(run.hasValidation ? .best : .last, ofRun: run.number))
        }
    }

    /// A point of the line that ends in the head of a run, or in `segment`.
    /// - Throws: `notFound` telling what there is instead.
    public func point(
        _ name: Reference.PointName, ofRun number: Int, segment: Int? = nil
    ) throws(RegistryError) -> Point {
        try reading { store in
            try store.point(number, segment, name, .run(number, segment: segment, point: name))
        }
    }

    private func record(_ number: Int, _ store: Store) throws -> RunRecord {
        try store.runRecord(store.runRow(number), environment)
    }

    private func resolve(_ uuid: UUIDv7, _ store: Store) throws -> Resolved {
        if let run = try store.rows(.run, "WHERE uuid = ?", [uuid.bytes]).first {
            return .run(try record(run.int("id"), store))
        }
        if let version = try store.rows(.version, "WHERE uuid = ?", [uuid.bytes]).first {
            return .version(try store.version(version, of: store.need(.model, [version["model"]])))
        }
        throw RegistryError.notFound(
            reference: uuid.description, what: "no run and no version has this UUID",
            exists: "there are \(try store.connection.value("SELECT count(*) FROM run", as: Int.self)) runs", near: [])
    }
}

extension Store {
    fileprivate func currentVersion(ofModel name: String) throws -> VersionRecord {
        let model = try modelRow(name)
        guard let number = try model.optionalInt("current_version") else {
            let runs = try connection.all(
                "SELECT id FROM run WHERE model = ? ORDER BY id DESC", [model["id"]], as: Int.self)
            throw RegistryError.notFound(
                reference: name, what: "the model has no version yet",
                exists: runs.isEmpty
                    ? "it has no run"
                    : (runs.count == 1 ? "its only run is " : "its runs are ") + list(runs.map(String.init)),
                near: runs.prefix(1).map(String.init))
        }
        return try version(number, ofModel: name)
    }

    fileprivate func version(ofModel name: String, alias: String) throws -> VersionRecord {
        let model = try modelRow(name)
        return try version(aliasRow(alias, of: model).int("version"), ofModel: name)
    }

    fileprivate func point(
        _ number: Int, _ segment: Int?, _ name: Reference.PointName, _ reference: Reference
    ) throws -> Point {
        let line = try line(ofRun: number, segment: segment)
        let lineSegment = line.last?.segment ?? 1
        func point(_ iteration: Int) throws -> Point {
            try line.checkKept(upTo: iteration)
            return Point(
                run: number, lineSegment: lineSegment, iteration: iteration, epoch: try epochsEnded(line, at: iteration)
            )
        }
        switch name {
        case .last: return try point(line.lastIteration)
        case .iteration(let iteration):
            guard iteration <= line.lastIteration else {
                throw RegistryError.notFound(
                    reference: reference.description, what: "no such iteration",
                    exists: "recorded are iterations 0 to \(line.lastIteration)", near: ["\(number)@last"])
            }
            return try point(iteration)
        case .epoch(let epoch):
            if epoch == 0 { return try point(0) }
            if let iteration = try endOfEpoch(epoch, line) { return try point(iteration) }
            for part in line where part.lastKeptEpoch < epoch && epoch <= part.epochsEnded(at: part.last) {
                throw part.freed
            }
            throw RegistryError.notFound(
                reference: reference.description, what: "no such epoch",
                exists: "epochs 0 to \(try epochsEnded(line, at: line.lastIteration)) have ended",
                near: ["\(number)@last"])
        case .best:
            let run = try runRow(number)
            if segment != nil { try line.checkKept(upTo: line.lastIteration) }
            let best = try segment == nil ? run.optionalInt("best_iteration") : bestIteration(line, ofRun: number)
            if let best { return try point(best) }
            let hasValidation = try run.bool("has_validation")
            throw RegistryError.notFound(
                reference: reference.description,
                what: hasValidation ? "no epoch has a validation loss yet" : "the run has no validation split",
                exists: "\(number)@last is iteration \(line.lastIteration)", near: ["\(number)@last"])
        }
    }

    private func endOfEpoch(_ epoch: Int, _ line: [LinePart]) throws -> Int? {
        for part in line.reversed() where epoch <= part.lastEpoch {
            let row = try rows(
                .epoch, "WHERE run = ? AND segment = ? AND epoch = ? AND iteration <= ?",
                [part.run, part.segment, epoch, part.last]
            ).first
            if let row { return try row.int("iteration") }
        }
        return nil
    }

    /// The end of the epoch with the lowest validation loss of run `own`, the earliest on ties, never NaN: of a fork,
    /// its parent's epochs do not count.
    private func bestIteration(_ line: [LinePart], ofRun own: Int) throws -> Int? {
        var best: (loss: Float, iteration: Int)?
        for part in line where part.run == own {
            // A NaN is NULL in val_loss.
            let row = try rows(
                .epoch,
                """
                WHERE run = ? AND segment = ? AND iteration <= ? AND epoch <= ? AND val_loss IS NOT NULL
                ORDER BY val_loss, epoch LIMIT 1
                """, [part.run, part.segment, part.last, part.lastEpoch]
            ).first
            guard let row else { continue }
            let loss = try row.float("val_loss")
            if best.map({ loss < $0.loss }) ?? true { best = (loss, try row.int("iteration")) }
        }
        return best?.iteration
    }
}
