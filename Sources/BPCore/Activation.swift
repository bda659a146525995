/// f_l, the function that makes a layer's output from its preactivation (THEORY row 16).
///
/// All act on each neuron alone but `softmax`, which acts on the whole layer and stands only at the output.
public enum Activation: String, CaseIterable, Sendable {
    /// f(z) = z, f′ = 1.
    case identity
    /// f(z) = 1 / (1 + e^−z), f′ = a (1 − a).
    case sigmoid
    /// f(z) = tanh z, f′ = 1 − a².
    case tanh
    /// f(z) = z where z > 0, else 0; f′ = 1 where z > 0, else 0 (0 at 0).
    case relu
    /// a_j = e^z_j / Σ_k e^z_k; ∂J/∂z = a ⊙ (g − Σ_k g_k a_k).
    case softmax
}
