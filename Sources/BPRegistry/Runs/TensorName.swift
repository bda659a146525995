extension TensorName {
    /// The name of all weights and biases in canonical order. The other tensors of a full keyframe are named after the
    /// optimizer's slots.
    package static let parameters = "parameters"
}
