// The kind of a schedule, and the numbers of its curve one by one. A number that a curve does not have is nil, and
// setting it changes nothing.
extension Schedule {
    /// The schedules by name.
    public enum Name: String, CaseIterable, Sendable { case constant, step, exponential, cosine }

    /// Which schedule it is. Setting it gives a curve whose numbers leave μ as it is, without an end or a warm-up.
    public var kind: Name {
        get {
            switch curve {
            case .constant: .constant
            case .step: .step
            case .exponential: .exponential
            case .cosine: .cosine
            }
        }
        set {
            self = .constant
            switch newValue {
            case .constant: break
            case .step: curve = .step(gamma: 1, epochs: 1)
            case .exponential: curve = .exponential(gamma: 1)
            case .cosine: curve = .cosine(minimum: 0)
            }
        }
    }

    /// γ of a step or exponential schedule.
    public var gamma: Double? {
        get {
            switch curve {
            case .constant, .cosine: nil
            case .step(let gamma, _), .exponential(let gamma): gamma
            }
        }
        set {
            guard let newValue else { return }
            switch curve {
            case .constant, .cosine: break
            case .step(_, let epochs): curve = .step(gamma: newValue, epochs: epochs)
            case .exponential: curve = .exponential(gamma: newValue)
            }
        }
    }

    /// k of a step schedule.
    public var stepEpochs: Int? {
        get { if case .step(_, let epochs) = curve { epochs } else { nil } }
        set {
            guard case .step(let gamma, _) = curve, let newValue else { return }
            curve = .step(gamma: gamma, epochs: newValue)
        }
    }

    /// μ_min of a cosine.
    public var minimumRate: Double? {
        get { if case .cosine(let minimum) = curve { minimum } else { nil } }
        set {
            guard case .cosine = curve, let newValue else { return }
            curve = .cosine(minimum: newValue)
        }
    }
}
