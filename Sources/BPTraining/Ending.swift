import BPCore
import BPJSON
import BPRegistry

/// The end of an attempt: its last keyframe, how it is recorded, and what the caller is told.
struct Ending {
    let keyframe: NewKeyframe
    let end: RunEnd
    private let stop: StopRequest?
    private let test: Evaluation?
    private let validationFault: NonFinite?
    private let weights: SHA256Digest?

    /// Takes stock of `session`, whose loop has returned.
    init(
        of session: TrainingSession, end: LoopEnd, request: StopRequest?, best: BestState?
    ) throws {
        let loop = session.loop
        stop = request
        // The last iteration of a run that diverged changed nothing: the state is that of the iteration before.
        var last = loop.keyframe(.end)
        if end == .diverged { (last.iteration, last.optimizerStep) = (last.iteration - 1, last.optimizerStep - 1) }
        keyframe = last
        validationFault = try Ending.validationFault(session)
        guard end == .epochLimit || end == .tolerance else {
            test = nil
            // A stop during a replay leaves a state before the last iteration, which has no hash to tell.
            weights =
                loop.state.iteration < session.writer.resumedIteration ? nil : weightsHash(loop.trainer.parameters)
            // A finished run stays finished if it is stopped before anything is added to it.
            let adds = loop.state.iteration > session.writer.resumedIteration
            self.end = RunEnd(
                status: end == .diverged ? .diverged : .stopped,
                reason: end == .diverged ? Ending.divergence(loop) : request?.reason ?? "stopped",
                keepsFormerEnd: end == .halted && session.resumption?.run.status == .finished && !adds)
            return
        }
        let (kept, parameters) = try Ending.kept(session, best)
        // The update is not checked by the iteration that makes it but by the next one, which there is none of.
        guard parameters.allSatisfy(\.isFinite) else {
            throw TrainingError.weightsNotFinite(of: "run \(session.run) after epoch \(kept.epoch)")
        }
        let hash = weightsHash(parameters)
        weights = hash
        let model = try TrainedModel(session.spec, parameters: parameters)
        test =
            loop.data.test == nil
            ? nil
            : try model.evaluate(
                session.table, rows: loop.data.split.test, unknown: .zero, threads: session.settings.threads)
        let made = NewVersion(
            iteration: kept.iteration, epoch: kept.epoch,
            descriptionJSON: TrainedModel.description(session.spec).serialized,
            metricsJSON: VersionMetrics.json(kept, test, runEpochs: loop.state.epochs).serialized)
        // A run that was taken over after it had finished, and then killed, ends again as it had ended.
        let isMade = try session.versions(of: hash).contains { Ending.runEpochs($0) == loop.state.epochs }
        let evaluations = test.map {
            NewEvaluation(
                split: StoredSplit.test.rawValue, iteration: kept.iteration, loss: $0.loss,
                scoresJSON: $0.scoresJSON.serialized,
                ofVersion: true)
        }
        self.end = RunEnd(
            status: .finished, reason: Ending.reason(end, session),
            evaluations: isMade ? [] : evaluations.map { [$0] } ?? [], version: isMade ? nil : made)
    }

    /// The state that becomes the version: the best epoch's, or the last.
    private static func kept(
        _ session: TrainingSession, _ best: BestState?
    ) throws -> (epoch: EpochRecord, parameters: [Float]) {
        let state = session.loop.state
        let keepsBest = session.settings.keep == AttemptOptions.Keep.best.rawValue
        guard keepsBest, let epoch = state.best else {
            // A run that finishes has ended an epoch.
            guard let last = state.last else {
                throw TrainingError.notResumable(run: session.run, status: .interrupted, reason: "no epoch has ended")
            }
            return (last, session.loop.trainer.parameters)
        }
        if let kept = best?.kept(), kept.iteration == epoch.iteration { return (epoch, kept.parameters) }
        // No epoch of this attempt was better: the best is in the registry.
        let found = try session.registry.keyframeState(ofRun: session.run, at: epoch.iteration)
        guard let parameters = found?[TensorName.parameters] else {
            let place = "run \(session.run), iteration \(epoch.iteration)"
            throw RegistryError.damaged(
                path: session.registry.path, place: place, what: "the best epoch's weights are not there")
        }
        return (epoch, parameters)
    }

    /// A validation row whose loss is not finite, if the validation loss of the epoch that has just ended is not.
    private static func validationFault(_ session: TrainingSession) throws -> NonFinite? {
        let loop = session.loop
        guard let last = loop.state.last, last.iteration == loop.state.iteration,
            last.validationLoss?.isFinite == false
        else { return nil }
        return try NonFinite(
            lossOf: loop.data.split.validation, of: session.table, encoding: session.spec.encoding, by: loop.trainer)
    }

    /// How many epochs the run had when it became `version`.
    private static func runEpochs(_ version: VersionRecord) -> Int? {
        (try? JSONValue(parsing: version.metricsJSON))?["run_epochs"]?.int
    }

    private static func reason(_ end: LoopEnd, _ session: TrainingSession) -> String {
        end == .tolerance
            ? "the loss changed by less than \(session.spec.tolerance ?? 0) between two epochs"
            : allEpochs(session.epochs)
    }

    /// The reason of a run that reached its limit of epochs. Earlier versions of bpreg recorded "all 1 epochs are done".
    static func allEpochs(_ count: Int) -> String { "finished after \(count) epoch\(count == 1 ? "" : "s")" }

    private static func divergence(_ loop: TrainingLoop) -> String {
        "the loss or gradient of iteration \(loop.state.iteration) is not finite"
    }

    /// What the caller is told.
    func outcome(of session: TrainingSession, seconds: Double, replayed: Int) throws(RegistryError) -> TrainingOutcome {
        let run = try session.registry.run(session.run)
        let made = try end.status == .finished ? session.versions(of: weights).last : nil
        return TrainingOutcome(
            run: run.number, model: run.model, status: end.keepsFormerEnd ? run.status : end.status,
            reason: end.keepsFormerEnd ? run.reason ?? end.reason : end.reason, stop: stop,
            epochs: run.epochs, iterations: run.iterations, loss: run.epochLoss, validationLoss: run.validationLoss,
            best: run.best, version: made?.name, versionEpoch: made?.epoch, weightsSHA256: weights, test: test,
            validationFault: validationFault, seconds: seconds,
            speed: TrainingSpeed(run, spec: session.spec, datasetRows: session.table.rowCount), replayed: replayed)
    }
}

extension Evaluation {
    /// The measures as JSON, under the name of what was measured.
    func json(split: String) -> JSONValue {
        var members = scoresJSON.object ?? [:]
        members["loss"] = .float(loss)
        members["rows"] = JSONValue(rows)
        return .object([split: .object(members)])
    }
}
