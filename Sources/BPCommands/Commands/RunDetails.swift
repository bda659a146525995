import BPJSON
import BPRegistry
import BPTraining

/// A run with everything that is recorded of it but the series.
struct RunDetails: Details {
    private let run: RunRecord
    private let spec: TrainingSpec
    private let replay: ReplayEstimate
    private let segments: SegmentDetails
    private let attempts: [AttemptRecord]
    private let keyframes: [KeyframeRecord]
    private let versions: [VersionRecord]
    private let evaluations: [EvaluationRecord]
    private let pins: [PinRecord]
    private let annotations: AnnotationDetails
    /// Where weights of the run or of its versions have gone.
    private let archives: [ArchiveRecord]
    /// Which registry a command to type next must name.
    private let hint: String

    init(_ run: RunRecord, in registry: Registry, hint: String) throws {
        (self.run, self.hint) = (run, hint)
        let text = try registry.spec(ofRun: run.number)
        spec = try TrainingSpec(json: JSONValue(parsing: text), run: run.number, anyNumerics: true)
        replay = try ReplayEstimate(run, in: registry)
        segments = try SegmentDetails(run, in: registry)
        attempts = try registry.attempts(ofRun: run.number)
        keyframes = try registry.keyframes(ofRun: run.number)
        versions = try registry.versions(ofRun: run.number)
        evaluations = try registry.evaluations(ofRun: run.number)
        pins = try registry.pins(ofRun: run.number)
        annotations = try AnnotationDetails(.run(run.number), in: registry)
        let ofVersions = Set(versions.compactMap(\.archive?.id))
        archives = try registry.archives().filter { $0.subject == "run:\(run.number)" || ofVersions.contains($0.id) }
    }

    /// The point whose weights a run stands for: its best epoch where there is one, else its last state.
    private var point: (name: String, iteration: Int) {
        run.best.map { ("\(run.number)@best", $0.iteration) } ?? ("\(run.number)@last", run.iterations)
    }

    /// Their hash; nil where the state is not stored, as may be while the run is alive.
    private var weights: String? {
        keyframes.first {
            $0.iteration == point.iteration && segments.isOnLine(segment: $0.segment, iteration: $0.iteration)
        }?["parameters"]?.hex
    }

    var members: [String: JSONValue] {
        var members = Dictionary(
            uniqueKeysWithValues: zip(RunsCommand.columns.map(\.key), RunsCommand.row(run)))
        members["kind"] = "run"
        members["layers"] = spec.network.json
        members["parameters"] = JSONValue(spec.network.parameterCount)
        members["weights_of"] = .string(point.name)
        members["weights_sha256"] = JSONValue(weights)
        members["spec"] = spec.json
        members["replay_iterations"] = JSONValue(replay.iterations)
        members["replay_seconds"] = .seconds(replay.seconds)
        members["segments"] = .array(segments.members)
        members["parent_segment"] = JSONValue(run.parent?.segment)
        members["pins"] = .array(pins.map(RecordJSON.pin))
        members["attempts"] = .array(attempts.map(RecordJSON.attempt))
        members["keyframes"] = .array(keyframes.map(RecordJSON.keyframe))
        members["versions"] = .array(versions.map { .string($0.name) })
        members["archives"] = .array(archives.map { .string($0.path) })
        members["evaluations"] = .array(evaluations.map(RecordJSON.evaluation))
        return members.merging(annotations.members) { $1 }
    }

    var fields: Fields {
        var fields = Fields()
        fields.add("run", "\(run.number) of model \(run.model)")
        fields.add("status", TrainingText.status(run.status, run.reason))
        fields.add("parent", run.parent.map { "\($0.run).\($0.segment)@iteration:\($0.iteration)" })
        fields.add("version", versions.isEmpty ? nil : versions.map(name).joined(separator: ", "))
        for archive in archives { fields.add("archived", ArchiveText.place(archive, hint: hint)) }
        fields.add("created", TimeText.plain(run.created))
        fields.add("uuid", run.uuid.description)
        annotations.add(to: &fields)
        addTraining(&fields)
        addProgress(&fields)
        segments.add(to: &fields)
        return fields
    }

    /// `iris:3`, or `iris:3 (superseded, archived)` where a rollback left its iteration and its weights have gone.
    private func name(_ version: VersionRecord) -> String {
        let isOnLine = segments.isOnLine(segment: version.segment, iteration: version.iteration)
        let marks = [isOnLine ? nil : "superseded", version.archive == nil ? nil : "archived"].compactMap { $0 }
        return version.name + (marks.isEmpty ? "" : " (" + marks.joined(separator: ", ") + ")")
    }

    private func addTraining(_ fields: inout Fields) {
        fields.part("Training")
        fields.add(
            "network",
            TrainingText.layers(spec.network) + ", \(NumberText.grouped(spec.network.parameterCount)) parameters")
        fields.add("initializer", spec.firstWeights.name + ", seed \(spec.seed)")
        fields.add("loss", spec.loss.rawValue)
        fields.add("rule", spec.ruleText())
        fields.add("schedule", TrainingText.schedule(spec.schedule))
        fields.add("batch", "\(spec.batchSize) rows, " + (spec.shuffle ? "shuffled each epoch" : "in order"))
        fields.add("tolerance", spec.tolerance.map { "\($0)" })
        fields.add("target", "\(spec.encoding.target.name), \(spec.task.rawValue)")
        fields.add("split", "validation \(spec.fractions.validation), test \(spec.fractions.test)")
        fields.add("dataset", run.dataset.short)
    }

    private func addProgress(_ fields: inout Fields) {
        fields.part("Record")
        fields.add("epochs", "\(run.epochs)")
        fields.add("iterations", NumberText.grouped(run.iterations))
        fields.add("loss", run.epochLoss.map { NumberText.measure(Double($0)) })
        fields.add("val loss", run.validationLoss.map { NumberText.measure(Double($0)) })
        fields.add("best", run.best.map { "\(NumberText.measure(Double($0.loss))) at epoch \($0.epoch)" })
        for evaluation in evaluations {
            let version = evaluation.version.map { " (\(run.model):\($0))" } ?? ""
            fields.add(evaluation.split, RecordJSON.line(evaluation) + version)
        }
        fields.add("weights of", point.name + (weights == nil ? ", which is not stored" : ""))
        fields.add("SHA-256", weights)
        fields.add("attempts", "\(attempts.count)")
        fields.add(
            "keyframes", "\(keyframes.count), " + NumberText.bytes(Double(keyframes.reduce(0) { $0 + $1.bytes })))
        fields.add(
            "replay",
            "at most \(NumberText.grouped(replay.iterations)) iterations, "
                + NumberText.duration(seconds: replay.seconds) + ", to any iteration")
        for pin in pins {
            fields.add(
                "pinned", "\(run.number).\(pin.segment)@iteration:\(pin.iteration)" + (pin.name.map { ", \($0)" } ?? "")
            )
        }
    }
}
