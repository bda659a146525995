package import BPJSON
package import BPRegistry
package import BPTraining

/// A run with everything that is recorded of it but the series.
package struct RunDetails: Details {
    package let run: RunRecord
    package let spec: TrainingSpec
    package let line: [LineRecord]
    package let attempts: [AttemptRecord]
    package let keyframes: [KeyframeRecord]
    package let versions: [VersionRecord]
    let evaluations: [EvaluationRecord]
    package let pins: [PinRecord]
    let annotations: AnnotationDetails
    /// The archives that hold weights of the run or of its versions.
    let archives: [ArchiveRecord]
    private let segments: SegmentDetails
    private let replay: ReplayEstimate
    private let speed: TrainingSpeed?

    /// - Parameters:
    ///   - specJSON: the spec as it is stored.
    ///   - line: the line that ends in the run's head.
    ///   - datasetRows: the number of rows of the run's dataset.
    /// - Throws: `TrainingError.badSpec` for a spec that cannot be understood.
    package init(
        run: RunRecord, specJSON: String, segments: [SegmentRecord], line: [LineRecord], attempts: [AttemptRecord],
        keyframes: [KeyframeRecord], versions: [VersionRecord], evaluations: [EvaluationRecord], pins: [PinRecord],
        annotations: AnnotationDetails, archives: [ArchiveRecord], datasetRows: Int
    ) throws {
        (self.run, self.line, self.attempts, self.keyframes) = (run, line, attempts, keyframes)
        (self.versions, self.evaluations, self.pins) = (versions, evaluations, pins)
        (self.annotations, self.archives) = (annotations, archives)
        spec = try TrainingSpec(json: JSONValue(parsing: specJSON), run: run.number, anyNumerics: true)
        self.segments = SegmentDetails(run: run, segments: segments, head: line)
        replay = ReplayEstimate(run, keyframes: keyframes)
        speed = TrainingSpeed(run, spec: spec, datasetRows: datasetRows)
    }

    /// The point that a run alone means: its best epoch if there is one, otherwise its last state.
    private var point: (name: String, iteration: Int) {
        run.best.map { ("\(run.number)@best", $0.iteration) } ?? ("\(run.number)@last", run.iterations)
    }

    /// Their hash, or nil if the state is not stored, as may be while the run is alive.
    private var weights: String? {
        keyframes.first {
            $0.iteration == point.iteration
                && line.contains(run: run.number, segment: $0.segment, iteration: $0.iteration)
        }?[TensorName.parameters]?.hex
    }

    package var members: [String: JSONValue] {
        var members = RunList.columns.members(of: run)
        members["kind"] = "run"
        members["layers"] = spec.network.json
        members["parameters"] = JSONValue(spec.network.parameterCount)
        members["weights_of"] = .string(point.name)
        members["weights_sha256"] = JSONValue(weights)
        members["spec"] = spec.json
        members["rows_per_second"] = .rate(speed?.rowsPerSecond)
        members["gflops"] = .rate(speed?.gigaflops)
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

    package func fields(hint: String) -> Fields {
        var fields = Fields()
        fields.add("run", "\(run.number) of model \(run.model)")
        fields.add("status", TrainingText.status(run.status, run.reason))
        fields.add("parent", run.parent.map { "\($0.run).\($0.segment)@iteration:\($0.iteration)" })
        fields.add("version", versions.isEmpty ? nil : versions.map(name).joined(separator: ", "))
        for archive in archives { fields.add("archived", ArchivePlaceText.sentence(archive, hint: hint)) }
        fields.add("created", TimeText.plain(run.created))
        fields.add("uuid", run.uuid.description)
        annotations.add(to: &fields)
        addTraining(&fields)
        addProgress(&fields)
        segments.add(to: &fields)
        return fields
    }

    /// `iris:3`, or `iris:3 (superseded, archived)` if a rollback left its iteration and its weights are in an archive.
    private func name(_ version: VersionRecord) -> String {
        let isOnLine = line.contains(run: run.number, segment: version.segment, iteration: version.iteration)
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
        fields.add(
            "split",
            "validation \(spec.fractions.validation), test \(spec.fractions.test)"
                + (spec.splitSeed == spec.seed ? "" : ", seed \(spec.splitSeed)"))
        fields.add("dataset", run.dataset.short)
    }

    private func addProgress(_ fields: inout Fields) {
        fields.part("Record")
        fields.add("epochs", "\(run.epochs)")
        fields.add("iterations", NumberText.grouped(run.iterations))
        fields.add("speed", speed.map(TrainingText.speed))
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
