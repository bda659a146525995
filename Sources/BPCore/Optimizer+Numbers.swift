// The numbers of a rule one by one. A number that a rule does not have is nil, and setting it changes nothing.
extension Optimizer {
    /// μ.
    public var learningRate: Double {
        get {
            switch self {
            case .sgd(let rate), .momentum(let rate, _), .adam(let rate, _, _, _), .adamw(let rate, _, _, _): rate
            }
        }
        set {
            switch self {
            case .sgd: self = .sgd(learningRate: newValue)
            case .momentum(_, let momentum): self = .momentum(learningRate: newValue, momentum: momentum)
            case .adam(_, let beta1, let beta2, let epsilon):
                self = .adam(learningRate: newValue, beta1: beta1, beta2: beta2, epsilon: epsilon)
            case .adamw(_, let beta1, let beta2, let epsilon):
                self = .adamw(learningRate: newValue, beta1: beta1, beta2: beta2, epsilon: epsilon)
            }
        }
    }

    /// β of momentum.
    public var momentum: Double? {
        get { if case .momentum(_, let momentum) = self { momentum } else { nil } }
        set {
            guard case .momentum(let rate, _) = self, let newValue else { return }
            self = .momentum(learningRate: rate, momentum: newValue)
        }
    }

    /// β₁ of Adam and AdamW.
    public var beta1: Double? {
        get { decays?.beta1 }
        set { if let newValue { decays?.beta1 = newValue } }
    }

    /// β₂ of Adam and AdamW.
    public var beta2: Double? {
        get { decays?.beta2 }
        set { if let newValue { decays?.beta2 = newValue } }
    }

    /// ε of Adam and AdamW.
    public var epsilon: Double? {
        get { decays?.epsilon }
        set { if let newValue { decays?.epsilon = newValue } }
    }

    /// The numbers that Adam and AdamW have beside the rate.
    private var decays: (beta1: Double, beta2: Double, epsilon: Double)? {
        get {
            switch self {
            case .sgd, .momentum: nil
            case .adam(_, let beta1, let beta2, let epsilon), .adamw(_, let beta1, let beta2, let epsilon):
                (beta1, beta2, epsilon)
            }
        }
        set {
            guard let (beta1, beta2, epsilon) = newValue else { return }
            switch self {
            case .sgd, .momentum: break
            case .adam(let rate, _, _, _):
                self = .adam(learningRate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon)
            case .adamw(let rate, _, _, _):
                self = .adamw(learningRate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon)
            }
        }
    }
}
