import BPCore
public import BPData
public import BPRegistry

/// What training, resuming, replaying or predicting refuses, with the values a person needs to see. Errors of the
/// libraries below pass through as they are.
public enum TrainingError: Error, Sendable {
    /// A number or name that cannot be: an option, its value, what is allowed.
    case setting(name: String, value: String, allowed: String)
    /// Settings that do not suit the target or each other: the reason, and settings that do.
    case unsuitable([Choice], what: String, instead: [Choice])
    /// A number that another setting asks for: its name, the setting and its value.
    case missingSetting(name: String, of: String, value: String)
    /// A file of weights does not tell what must be known of them: `activation` or `scaling`.
    case notInFile(name: String)
    /// The target was not named; what the columns are and which one is likely.
    case noTarget(Overview)
    /// A resume that would change what the run is.
    case specChanged(run: Int, changes: [SettingChange])
    /// A fork that would be another network or another task.
    case cannotFork(run: Int, changes: [SettingChange])
    /// A fork onto data of other columns.
    case otherColumns(run: Int, missing: [String], other: [String])
    /// A fork inside an epoch that changes what an epoch is made of; `before` is the last epoch that had ended.
    case notAtEpochEnd(Point, changes: [String], before: Int)
    /// There is no run that could be resumed.
    case nothingResumable
    /// The run's state cannot be gone on from: why.
    case notResumable(run: Int, status: RunStatus, reason: String)
    /// A recomputed loss is not the recorded one.
    case notReproducible(run: Int, iteration: Int, recorded: Float, recomputed: Float)
    /// The run was computed by a version of the numbers' definitions that this bpreg does not have.
    case numericsVersion(run: Int, needed: Int)
    /// The run's spec cannot be understood.
    case badSpec(run: Int?, what: String)
    /// The data are not in the registry, and the file is gone or another.
    case dataUnavailable(run: Int, path: String, what: String, areLabels: Bool = false)
    /// The file that was named as the data of the run cannot be read, or is another table. `isStored` is whether the
    /// registry keeps the data, so that no file is needed.
    case otherData(run: Int, path: String, what: String, isStored: Bool)
    /// The name of the model comes from a file's name, and the model of this name has other columns, another target or
    /// another task: what differs from `run`, and a name that is free.
    case otherModel(model: String, run: Int, what: String, free: String)
    /// A split that the run does not have.
    case noSplit(run: Int, split: String)
    /// Weights that are not all finite, and the run or file that has them.
    case weightsNotFinite(of: String)
    /// The free space under which a run is not begun.
    case lowSpace(path: String, free: Int, reserve: Int)
}

extension TrainingError {
    /// A setting and its value.
    public struct Choice: Sendable, Equatable {
        /// The setting's name: `output activation`.
        public let name: String
        /// The value as it is typed.
        public let value: String

        package init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }
    }
}

/// A setting that a resume would change.
public struct SettingChange: Sendable, Equatable {
    /// The setting's name as in the run's settings.
    public let name: String
    /// What the run was made with.
    public let recorded: String
    /// What was asked for.
    public let asked: String
}

extension TrainingError: CustomStringConvertible {
    /// How the allowed values of a setting begin if it has none here; the reason follows.
    private static let leftOut = "left out, since "

    /// What happened, in one line, with the values.
    public var description: String {
        switch self {
        case .setting(let name, let value, let allowed):
            allowed.hasPrefix(TrainingError.leftOut)
                ? "\(name) is \(value), but \(allowed.dropFirst(TrainingError.leftOut.count))"
                : "\(name) is \(value); it must be \(allowed)"
        case .unsuitable(_, let what, _): what
        case .missingSetting(let name, let setting, let value): "the \(setting) \(value) needs \(name)"
        case .notInFile(name: "activation"): "the file does not contain the activation function of its hidden layers"
        case .notInFile(name: "scaling"): "the file does not contain the scaling of numbers for its weights"
        case .notInFile(let name): "the file does not contain \(name)"
        case .noTarget: "no target column was named"
        case .specChanged(let run, let changes):
            "run \(run) was made with other settings: "
                + changes.map { "\($0.name) is \($0.recorded.isEmpty ? "none" : $0.recorded), not \($0.asked)" }
                .joined(separator: "; ")
        case .cannotFork(let run, let changes):
            "a fork continues with the weights of run \(run), so these cannot change: "
                + changes.map { "\($0.name) is \($0.recorded.isEmpty ? "none" : $0.recorded), not \($0.asked)" }
                .joined(separator: "; ")
        case .otherColumns(let run, let missing, let other):
            "the data have other columns than run \(run)'s: "
                + [(missing, "missing: "), (other, "not in the run's: ")].filter { !$0.0.isEmpty }
                .map { $1 + $0.map { "\"\($0)\"" }.joined(separator: ", ") }.joined(separator: "; ")
        case .notAtEpochEnd(let point, let changes, _):
            "\(changes.joined(separator: ", ")) can change only at the end of an epoch, and iteration \(point.iteration) "
                + "of run \(point.run) is inside epoch \(point.epoch + 1)"
        case .nothingResumable: "no run in this registry is interrupted, stopped or failed"
        case .notResumable(let run, let status, let reason): "run \(run) is \(status.rawValue): \(reason)"
        case .notReproducible(let run, let iteration, let recorded, let recomputed):
            "run \(run) cannot be reproduced: the loss of iteration \(iteration) was recorded as \(recorded) "
                + "(\(Bits.hex(recorded))) and recomputed as \(recomputed) (\(Bits.hex(recomputed)))"
        case .numericsVersion(let run, let needed):
            "run \(run) was computed with numerics version \(needed); this bpreg computes with versions \(Numerics.known)"
        case .badSpec(let run, let what): "the spec\(run.map { " of run \($0)" } ?? "") cannot be read: \(what)"
        case .dataUnavailable(let run, let path, let what, let areLabels):
            "the \(areLabels ? "labels" : "data") of run \(run) are not available: \(path): \(what)"
        case .otherData(let run, let path, let what, _): "\(path) is not used as the data of run \(run): \(what)"
        case .otherModel(let model, let run, let what, _):
            "the name of the file gives the model \(model), but this differs from its run \(run): \(what)"
        case .noSplit(let run, let split): "run \(run) has no \(split) split"
        case .weightsNotFinite(let what): "the weights of \(what) are not all finite numbers"
        case .lowSpace(let path, let free, let reserve):
            "\(free) bytes are free for \(path), under the reserve of \(reserve)"
        }
    }
}
