import BPRegistry

extension TrainingLoop {
    /// The tensors that a keyframe of this kind has of the state: the parameters, and in a full one each optimizer slot.
    func tensors(of kind: KeyframeKind = .full) -> [(name: String, floats: [Float])] {
        let parameters = [(name: TensorName.parameters, floats: trainer.parameters)]
        if kind == .weights { return parameters }
        return parameters + spec.optimizer.slotNames.enumerated().map { (name: $1, floats: trainer.slot($0)) }
    }
}
