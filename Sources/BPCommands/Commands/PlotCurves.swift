import BPRegistry
import BPTraining

/// What a curve can show.
enum PlotMetric: String, CaseIterable {
    case loss
    case validationLoss = "val_loss"
    case validationScore = "val_score"

    var isLoss: Bool { self != .validationScore }

    func value(_ epoch: EpochRecord) -> Float? {
        switch self {
        case .loss: epoch.loss
        case .validationLoss: epoch.validationLoss
        case .validationScore: epoch.validationScore
        }
    }
}

/// The line of a run up to a point: what a reference's curves are of.
struct CurveSource {
    let reference: String
    let run: RunRecord
    private let segment: Int?
    /// Its last iteration, and how many epochs had ended there.
    let lastIteration: Int, lastEpoch: Int
    private let line: [LineRecord]
    private let registry: Registry

    init(_ reference: String, in registry: Registry) throws {
        self.reference = reference
        self.registry = registry
        switch try registry.resolve(Reference(reference)) {
        case .run(let run):
            (self.run, segment, lastIteration, lastEpoch) = (run, nil, run.iterations, run.epochs)
        case .point(let point):
            run = try registry.run(point.run)
            (segment, lastIteration, lastEpoch) = (point.lineSegment, point.iteration, point.epoch)
        case .version(let version):
            run = try registry.run(version.run)
            (segment, lastIteration, lastEpoch) = (version.segment, version.iteration, version.epoch)
        }
        line = try registry.line(ofRun: run.number, segment: segment)
    }

    /// What the run records.
    var metrics: [PlotMetric] { run.hasValidation ? PlotMetric.allCases : [.loss] }

    /// The reference, a run's number as such.
    var name: String { reference.first?.isNumber == true ? "run \(reference)" : reference }

    /// What a validation score is.
    var scoreName: String { EvaluationText.title(run.scoreName ?? "score") }

    /// Where one run's part ends and the next one's begins, of all `sources`; forks that begin at one place in one mark.
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

    /// Its curves by epoch, or by iteration: then the loss is each iteration's, and what is measured at an epoch's end
    /// lies at its last iteration. Read in pages; a curve in memory is as long as the picture is wide.
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
            try registry.forEachLosses(ofRun: run.number, segment: segment, to: lastIteration) { first, losses in
                for (offset, loss) in losses.enumerated() {
                    thinnings[.loss]?.add(Double(first + offset), Double(loss))
                }
            }
        }
        let ofEpochs = metrics.filter { !byIteration || $0 != .loss }
        if !ofEpochs.isEmpty, lastEpoch > 0 {
            try registry.forEachEpochs(ofRun: run.number, segment: segment, to: lastEpoch) { page in
                for epoch in page {
                    for metric in ofEpochs {
                        guard let value = metric.value(epoch) else { continue }
                        thinnings[metric]?.add(Double(byIteration ? epoch.iteration : epoch.epoch), Double(value))
                    }
                }
            }
        }
        var curves: [PlotMetric: Curve] = [:]
        for metric in metrics { curves[metric] = thinnings[metric]?.curve(named: name(metric)) }
        return curves
    }
}
