/// What the numeric core refuses, and with which value.
public enum CoreError: Error, Equatable, Sendable {
    /// A network without a layer.
    case noLayers
    /// A size below 1. Layer 0 is the input.
    case layerSize(layer: Int, units: Int)
    /// A product of sizes that no memory could hold or no integer count.
    case tooLarge(String)
    /// Softmax on a layer that is not the last.
    case softmaxInside(layer: Int)
    /// Softmax over fewer than two units.
    case softmaxUnits(Int)
    /// A loss that is not defined for the output activation.
    case lossNeedsOutput(loss: Loss, activation: Activation)
    /// A number of the update rule outside its range.
    case optimizerSetting(rule: String, setting: String, value: Double, allowed: String)
    /// A number of the learning-rate schedule that cannot be.
    case scheduleSetting(_ setting: String, value: String, allowed: String)
    /// A number outside its range.
    case outOfRange(what: String, value: Int, least: Int, greatest: Int)
    /// More bytes than the machine has.
    case memory(needed: Int, physical: Int)
    /// The system gave no memory for an allocation that should have fitted.
    case allocation(bytes: Int)
    /// An array or data set of another size than it must have.
    case shape(what: String, expected: Int, found: Int)
    /// The system could not start a thread (errno).
    case threadStart(code: Int32)
    /// An instruction set that this machine lacks.
    case instructionSet(InstructionSet)
    /// A version of the numbers' definitions that this bpreg does not have.
    case numericsVersion(Int)
    /// The processor rounds another way than to nearest, or flushes denormals to zero.
    case floatEnvironment
}

extension CoreError: CustomStringConvertible {
    /// What happened, with the value.
    public var description: String {
        switch self {
        case .noLayers: "a network needs at least one layer"
        case .layerSize(0, let units): "a network needs at least 1 input, not \(units)"
        case .layerSize(let layer, let units): "layer \(layer) needs at least 1 unit, not \(units)"
        case .tooLarge(let what): "\(what) is too large to count"
        case .softmaxInside(let layer): "layer \(layer) is softmax, which only the last layer can be"
        case .softmaxUnits(let units): "softmax needs at least 2 outputs, not \(units)"
        case .lossNeedsOutput(let loss, let activation):
            "\(loss.rawValue) needs softmax or sigmoid outputs, not \(activation.rawValue)"
        case .optimizerSetting(let rule, let setting, let value, let allowed):
            "\(setting) of \(rule) must be \(allowed), not \(value)"
        case .scheduleSetting(let setting, let value, let allowed):
            allowed.hasPrefix("left out, since ")
                ? "\(setting) is \(value), but \(allowed.dropFirst("left out, since ".count))"
                : "\(setting) is \(value); it must be \(allowed)"
        case .outOfRange(let what, let value, let least, let greatest):
            "\(what) must be \(least) to \(greatest), not \(value)"
        case .memory(let needed, let physical):
            "this network and batch need \(needed) bytes of memory, and the machine has \(physical)"
        case .allocation(let bytes): "the system refused \(bytes) bytes of memory"
        case .shape(let what, let expected, let found): "\(what) must be \(expected), not \(found)"
        case .threadStart(let code): "the system refused to start a thread (errno \(code))"
        case .instructionSet(let set): "this machine has no \(set.rawValue) instructions"
        case .numericsVersion(let version):
            "this bpreg computes with numerics versions \(Numerics.known), not with version \(version)"
        case .floatEnvironment:
            "the processor is set to flush denormals or not to round to nearest; results would not be reproducible"
        }
    }
}
