/// How first weights are drawn (THEORY row 23); biases are 0.
public enum Initializer: String, CaseIterable, Sendable {
    /// U(±√(6 / (n_in + n_out))).
    case glorotUniform = "glorot-uniform"
    /// U(±√(6 / n_in)).
    case heUniform = "he-uniform"

    /// The bound r of U(−r, r) for a layer, in Double.
    public func bound(inputs: Int, outputs: Int) -> Double {
        switch self {
        case .glorotUniform: (6 / (Double(inputs) + Double(outputs))).squareRoot()
        case .heUniform: (6 / Double(inputs)).squareRoot()
        }
    }
}
