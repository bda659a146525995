import BPCore
import BPData

/// The reason why a network's output and its loss cannot learn a target, with settings that can.
///
/// An output activation and a loss may suit each other and still not the target: the task, the number of outputs and the
/// range of the targets decide.
struct OutputFault {
    /// The settings at fault, and those to take instead.
    let settings: [TrainingError.Choice], instead: [TrainingError.Choice]
    /// One sentence.
    let what: String
    /// Whether training is defined and only falls short of some targets.
    let isDefined: Bool

    /// The error that refuses the settings.
    var error: TrainingError { .unsuitable(settings, what: what, instead: instead) }

    /// The fault of a network for the training rows of a table; nil if there is none.
    init?(_ output: Activation, _ loss: Loss, _ encoding: Encoding, _ table: Table, _ split: Split) throws(DataError) {
        self.init(
            output, loss, task: encoding.task, target: encoding.target.name, outputs: encoding.outputWidth,
            targets: try encoding.targetRange(table, rows: split.training))
    }

    /// - Parameters:
    ///   - target: the column, for messages.
    ///   - outputs: how many the network has.
    ///   - targets: the least and the greatest encoded target of the training rows; nil for classes.
    /// - Returns: nil if output and loss suit the target.
    init?(
        _ output: Activation, _ loss: Loss, task: LearningTask, target: String, outputs: Int,
        targets: ClosedRange<Float>?
    ) {
        let (outputName, lossName) = ("output activation", "loss")
        let chosen = TrainingError.Choice(outputName, output.rawValue)
        let isNumber = task == .regression
        let reaches = targets.map(output.reaches) ?? true
        let suitable = TrainingError.Choice(
            outputName, (isNumber ? Activation.identity : outputs == 1 ? .sigmoid : .softmax).rawValue)
        let isWrongOutput = isNumber ? output == .softmax || !reaches : output == .softmax && outputs == 1
        if isNumber, loss == .crossEntropy {
            settings = [TrainingError.Choice(lossName, loss.rawValue)] + (isWrongOutput ? [chosen] : [])
            instead =
                [TrainingError.Choice(lossName, Loss.halfSquaredError.rawValue)] + (isWrongOutput ? [suitable] : [])
            what = "cross-entropy is a loss of classes, and \(target) is a number"
            isDefined = false
        } else if output == .softmax, outputs == 1 {
            (settings, instead) = ([chosen], [suitable])
            what = "softmax divides 1 among at least 2 outputs, and \(target) has one"
            isDefined = false
        } else if !loss.accepts(output: output) {
            (settings, instead) = ([TrainingError.Choice(lossName, loss.rawValue), chosen], [suitable])
            what = "\(loss.rawValue) needs \(outputs == 1 ? "" : "softmax or ")sigmoid outputs, not \(output.rawValue)"
            isDefined = false
        } else if let targets, !reaches {
            (settings, instead) = ([chosen], [suitable])
            what =
                "\(output.rawValue) outputs are \(output.rangeText), and the scaled values of \(target) reach from "
                + "\(targets.lowerBound) to \(targets.upperBound)"
            isDefined = true
        } else {
            return nil
        }
    }
}

extension TrainingSession {
    /// A sentence about an output or a loss that does not suit the target, which earlier versions of bpreg accepted.
    package func outputWarning() throws -> String? {
        try OutputFault(spec.network.outputActivation, spec.loss, spec.encoding, table, loop.data.split)?.what
    }
}

extension Encoding {
    /// The least and the greatest encoded target of some rows; nil for classes.
    func targetRange(_ table: Table, rows: [Int]) throws(DataError) -> ClosedRange<Float>? {
        guard task == .regression else { return nil }
        let targets = try encodeTargets(table, rows: rows)
        guard let least = targets.min(), let most = targets.max(), least <= most else { return nil }
        return least...most
    }
}

extension Activation {
    /// Whether outputs come as near as one likes to all targets of a range, up to rounding.
    fileprivate func reaches(_ targets: ClosedRange<Float>) -> Bool {
        let rounding: Float = 1e-6
        return switch self {
        case .identity: true
        case .relu: targets.lowerBound >= -rounding
        case .sigmoid, .softmax: targets.lowerBound >= -rounding && targets.upperBound <= 1 + rounding
        case .tanh: targets.lowerBound >= -1 - rounding && targets.upperBound <= 1 + rounding
        }
    }

    fileprivate var rangeText: String {
        switch self {
        case .identity: "of any size"
        case .relu: "at least 0"
        case .sigmoid, .softmax: "between 0 and 1"
        case .tanh: "between -1 and 1"
        }
    }
}
