/// J_i, the loss of one sample: always the **sum** over the outputs (THEORY rows 2, 13, 14).
///
/// The loss of a batch is the mean of its samples' losses (row 3).
public enum Loss: String, CaseIterable, Sendable {
    /// J_i = ½ Σ_j (y_j − o_j)², with any output activation.
    case halfSquaredError = "half-squared-error"
    /// With softmax outputs J_i = logsumexp(z) − Σ_j y_j z_j where Σy = 1; with sigmoid outputs
    /// J_i = Σ_j [max(z_j, 0) − z_j y_j + log1p(e^−|z_j|)]. Other output activations are refused.
    case crossEntropy = "cross-entropy"

    /// Whether a network that ends in `activation` can be trained with this loss.
    public func accepts(output activation: Activation) -> Bool {
        self == .halfSquaredError || activation == .softmax || activation == .sigmoid
    }
}
