/// Everything that decides how an update changes the parameters: a rule with its numbers, and λ beside it.
public struct UpdateRule: Sendable, Equatable {
    /// The rule.
    public var optimizer: Optimizer
    /// λ: g has λW added, for weights and never for biases (THEORY row 17); for `Optimizer.adamw` W ← W − μλW instead.
    public var weightDecay: Double

    /// A rule, and λ beside it.
    public init(_ optimizer: Optimizer, weightDecay: Double = 0) {
        (self.optimizer, self.weightDecay) = (optimizer, weightDecay)
    }

    /// Refuses numbers that an update cannot use (`Optimizer.validate`).
    public func validate() throws(CoreError) { try optimizer.validate(weightDecay: weightDecay) }
}
