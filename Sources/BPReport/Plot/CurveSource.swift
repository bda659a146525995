package import BPRegistry
import BPTraining

/// The series that a curve can show.
package enum PlotMetric: String, CaseIterable {
    case loss
    case validationLoss = "val_loss"
    case validationScore = "val_score"

    var isLoss: Bool { self != .validationScore }

    package func value(_ epoch: EpochRecord) -> Float? {
        switch self {
        case .loss: epoch.loss
        case .validationLoss: epoch.validationLoss
        case .validationScore: epoch.validationScore
        }
    }
}

/// The line of a run, to its end or up to a point: the source of a reference's curves.
struct CurveSource {
    let reference: String
    let run: RunRecord
    private let segment: Int?
    /// Its last iteration, and how many epochs had ended there.
    let lastIteration: Int, lastEpoch: Int
    /// The version that was named; its state is on the line.
    private let version: VersionRecord?
    private let line: [LineRecord]
    private let reading: any RegistryReading

    init(_ reference: String, in reading: any RegistryReading) throws {
        self.reference = reference
        self.reading = reading
        switch try reading.resolve(Reference(reference)) {
        case .run(let run):
            (self.run, segment, lastIteration, lastEpoch) = (run, nil, run.iterations, run.epochs)
            version = nil
        case .point(let point):
            run = try reading.run(point.run)
            (segment, lastIteration, lastEpoch) = (point.lineSegment, point.iteration, point.epoch)
            version = nil
        case .version(let version):
            run = try reading.run(version.run)
            self.version = version
            let head = try reading.line(ofRun: run.number, segment: nil)
            if head.contains(run: run.number, segment: version.segment, iteration: version.iteration) {
                (segment, lastIteration, lastEpoch) = (nil, run.iterations, run.epochs)
            } else {
                // A rollback left the version: its line ends where it ended then.
                let own = try reading.line(ofRun: run.number, segment: version.segment)
                let last = own.last
                segment = version.segment
                lastIteration = max(version.iteration, last?.last ?? 0)
                lastEpoch = max(version.epoch, last.map { $0.firstEpoch - 1 + $0.epochs } ?? 0)
            }
        }
        line = try reading.line(ofRun: run.number, segment: segment)
    }

    /// The series that the run records.
    var metrics: [PlotMetric] { run.hasValidation ? PlotMetric.allCases : [.loss] }

    /// The reference, with `run` before a number.
    var name: String { reference.first?.isNumber == true ? "run \(reference)" : reference }

    /// The name of the run's validation score.
    var scoreName: String { EvaluationText.title(run.scoreName ?? "score") }

    /// The epoch with the lowest validation loss, if it is on the part of the line that is drawn.
    var best: RunRecord.Best? {
        guard let best = run.best, segment ?? run.headSegment == run.headSegment, best.iteration <= lastIteration else {
            return nil
        }
        return best
    }

    /// `epoch 14`, or `iteration 560`.
    func bestPlace(byIteration: Bool) -> String? {
        best.map {
            byIteration ? "iteration \(NumberText.grouped($0.iteration))" : "epoch \(NumberText.grouped($0.epoch))"
        }
    }

    /// The place of the version that was named.
    func versionMark(byIteration: Bool) -> Panel.Mark? {
        version.map { version in
            let place =
                byIteration
                ? "iteration \(NumberText.grouped(version.iteration))" : "epoch \(NumberText.grouped(version.epoch))"
            return Panel.Mark(
                x: Double(byIteration ? version.iteration : version.epoch), text: "\(version.name), \(place)")
        }
    }

    /// The places at which one run's part ends and the next one's begins. Forks that begin at one place share a mark.
    static func marks(of sources: [CurveSource], byIteration: Bool) -> [Panel.Mark] {
        var places: [(x: Double, before: String, after: [String])] = []
        for fork in sources.flatMap({ $0.forks(byIteration: byIteration) }) {
            if let index = places.firstIndex(where: { $0.x == fork.x && $0.before == fork.before }) {
                if !places[index].after.contains(fork.after) { places[index].after.append(fork.after) }
            } else {
                places.append((fork.x, fork.before, [fork.after]))
            }
        }
        return places.map { Panel.Mark(x: $0.x, text: "\($0.before), then " + $0.after.joined(separator: ", ")) }
    }

    private func forks(byIteration: Bool) -> [(x: Double, before: String, after: String)] {
        zip(line, line.dropFirst()).compactMap { part, next in
            guard part.run != next.run, next.first <= lastIteration else { return nil }
            let iteration = next.first - 1
            let inEpoch = Double(iteration - next.epochStart) / Double(next.iterationsPerEpoch)
            let epoch = Double(next.firstEpoch - 1) + inEpoch
            let place =
                inEpoch == 0 && !byIteration
                ? "epoch \(NumberText.grouped(next.firstEpoch - 1))" : "iteration \(NumberText.grouped(iteration))"
            return (
                byIteration ? Double(iteration) : epoch, "run \(part.run) up to \(place)", "run \(next.run)"
            )
        }
    }

    /// Its curves by epoch, or by iteration: then the loss is each iteration's, and measures of an epoch are drawn at its
    /// last iteration. They are read in pages, and a curve in memory is as long as the picture is wide.
    func curves(
        _ metrics: [PlotMetric], byIteration: Bool, columns: Int, isLogarithmic: (PlotMetric) -> Bool,
        name: (PlotMetric) -> String
    ) throws -> [PlotMetric: Curve] {
        let range = 0...Double(max(1, byIteration ? lastIteration : lastEpoch))
        var thinnings = Dictionary(
            uniqueKeysWithValues: metrics.map {
                ($0, CurveThinning(range, columns: columns, isLogarithmic: isLogarithmic($0)))
            })
        if byIteration, metrics.contains(.loss), lastIteration > 0 {
            try Pages.each(of: 1..<lastIteration + 1, size: 65_536) { page in
                let losses = try reading.losses(
                    ofRun: run.number, segment: segment, from: page.lowerBound, to: page.upperBound)
                for (offset, loss) in losses.enumerated() {
                    thinnings[.loss]?.add(Double(page.lowerBound + offset), Double(loss))
                }
                return losses.count
            }
        }
        let ofEpochs = metrics.filter { !byIteration || $0 != .loss }
        if !ofEpochs.isEmpty, lastEpoch > 0 {
            try Pages.each(of: 1..<lastEpoch + 1, size: 4_096) { page in
                let epochs = try reading.epochs(
                    ofRun: run.number, segment: segment, from: page.lowerBound, to: page.upperBound)
                for epoch in epochs {
                    for metric in ofEpochs {
                        guard let value = metric.value(epoch) else { continue }
                        thinnings[metric]?.add(Double(byIteration ? epoch.iteration : epoch.epoch), Double(value))
                    }
                }
                return epochs.count
            }
        }
        var curves: [PlotMetric: Curve] = [:]
        for metric in metrics {
            curves[metric] = thinnings[metric]?.curve(named: name(metric))
            if let best { curves[metric]?.markBest(at: Double(byIteration ? best.iteration : best.epoch)) }
        }
        return curves
    }

    /// Refuses to draw series that the run does not have.
    /// - Parameters:
    ///   - wanted: the series asked for, or nil for those that there are.
    ///   - typed: the series as they were typed.
    ///   - hint: the option that names the registry.
    func check(_ wanted: [PlotMetric]?, typed: String?, byIteration: Bool, hint: String) throws {
        if let missing = wanted?.first(where: { !metrics.contains($0) }) {
            let metrics = metrics.map(\.rawValue).joined(separator: ", ")
            throw Failure(
                .failed,
                "run \(run.number) has no \(missing.rawValue), for it has no validation split; it has: \(metrics)",
                at: "--metric \(typed ?? "")", next: "take --metric \(metrics)",
                correction: .setting([("--metric", metrics)]))
        }
        guard lastIteration > 0 else {
            throw Failure(
                .failed, "\(reference) has no iteration yet: there is nothing to draw", at: "run \(run.number)",
                next: "bpreg show \(run.number)\(hint)")
        }
        guard byIteration || lastEpoch > 0 else {
            throw Failure(
                .failed,
                "no epoch has ended at \(reference), only \(NumberText.counted(lastIteration, "iteration")) recorded",
                at: "run \(run.number)", next: "bpreg plot \(ShellText.quoted(reference)) --iterations\(hint)")
        }
    }
}
