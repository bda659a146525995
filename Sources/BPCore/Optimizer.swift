/// The rule by which an update changes the parameters, with all its numbers (THEORY rows 8, 17, 18, 20).
///
/// g is the gradient averaged over the batch, plus λW for weights that decay, t the number of the update, counted from 1.
/// λ is not the rule's: `Backpropagation` is given it beside the rule.
public enum Optimizer: Sendable, Equatable {
    /// W ← W − μ g.
    case sgd(learningRate: Double)
    /// v ← β v + g,  W ← W − μ v.
    case momentum(learningRate: Double, momentum: Double)
    /// m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²,  W ← W − μ m̂ / (√v̂ + ε)
    /// with m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ).
    case adam(learningRate: Double, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8)
    /// Adam with decay decoupled from the gradient: W ← W − μλW first, then Adam with g without λW.
    case adamw(learningRate: Double, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8)

    /// The rules by name.
    public enum Name: String, CaseIterable, Sendable { case sgd, momentum, adam, adamw }

    /// The rule of this name with its usual numbers; the learning rate is 1.
    public init(_ name: Name) {
        switch name {
        case .sgd: self = .sgd(learningRate: 1)
        case .momentum: self = .momentum(learningRate: 1, momentum: 0.9)
        case .adam: self = .adam(learningRate: 1)
        case .adamw: self = .adamw(learningRate: 1)
        }
    }

    /// Which rule it is. Setting it gives the rule its usual numbers.
    public var rule: Name {
        get {
            switch self {
            case .sgd: .sgd
            case .momentum: .momentum
            case .adam: .adam
            case .adamw: .adamw
            }
        }
        set { self = Optimizer(newValue) }
    }

    /// The name as people type and records keep it.
    public var name: String { rule.rawValue }

    /// The names of what the rule remembers from update to update, one tensor of the parameters' shape each.
    public var slotNames: [String] {
        switch self {
        case .sgd: []
        case .momentum: ["velocity"]
        case .adam, .adamw: ["first_moment", "second_moment"]
        }
    }

    /// Refuses numbers with which the rule means nothing: rates that are not positive and finite as a float32,
    /// decays outside [0, 1), an ε that is 0 as a float32, and a weight decay λ that is negative or with which a
    /// single update would take the whole weight or more, μλ ≥ 1; and a decay above 0 that would be 0 as a float32.
    public func validate(weightDecay: Double = 0) throws(CoreError) {
        try check("learning rate", learningRate, Self.positiveFloat, Self.isPositiveFloat)
        switch self {
        case .sgd: break
        case .momentum(_, let momentum):
            try check("momentum", momentum, Self.decay, Self.isDecay)
        case .adam(_, let beta1, let beta2, let epsilon), .adamw(_, let beta1, let beta2, let epsilon):
            try check("beta1", beta1, Self.decay, Self.isDecay)
            try check("beta2", beta2, Self.decay, Self.isDecay)
            try check("epsilon", epsilon, Self.positiveFloat, Self.isPositiveFloat)
        }
        let decay = "0, or at least 1.4e-45 (the least float32) and, times the learning rate, below 1"
        try check("weight decay", weightDecay, decay) {
            let product = $0 * learningRate
            return $0 == 0 || (Self.isPositiveFloat($0) && product >= 0 && Float(product) < 1)
        }
    }

    private func check(
        _ setting: String, _ value: Double, _ rule: String, _ holds: (Double) -> Bool
    ) throws(CoreError) {
        if !holds(value) { throw .optimizerSetting(rule: name, setting: setting, value: value, allowed: rule) }
    }

    private static let positiveFloat = "positive and finite as a float32 (1.4e-45 to 3.4e38)"
    private static let decay = "0, or a float32 above 0 (at least 1.4e-45) and below 1"

    private static func isPositiveFloat(_ value: Double) -> Bool { Float(value) > 0 && Float(value).isFinite }

    // The float32 is what the kernels use: one that rounds to 1 would divide by 0, and one that rounds to 0 is another
    // number than was asked for.
    private static func isDecay(_ value: Double) -> Bool { value == 0 || (Float(value) > 0 && Float(value) < 1) }
}
