extension Backpropagation {
    /// First weights by THEORY row 23, biases and optimizer slots 0.
    ///
    /// Weight w_ji of layer l, counted from 0, is word j·n_in + i of the stream (seed, `Purpose.weights`, l): with u the
    /// word, ((u + ½) · 2⁻³¹ − 1) · r in Double, rounded to float32 once.
    public func initialize(_ initializer: Initializer, seed: UInt64) {
        var values: [Float] = []
        values.reserveCapacity(network.parameterCount)
        for (index, layer) in network.layers.enumerated() {
            let bound = initializer.bound(inputs: layer.inputs, outputs: layer.outputs)
            var stream = PhiloxStream(seed: seed, purpose: .weights, stream: UInt32(truncatingIfNeeded: index))
            for _ in 0..<layer.inputs * layer.outputs {
                values.append(Float(((Double(stream.next()) + 0.5) * 0x1p-31 - 1) * bound))
            }
            for _ in 0..<layer.outputs { values.append(0) }
        }
        workspace.layout.pack(values, into: workspace.parameters.start)
        for slot in workspace.slots { slot.start.update(repeating: 0, count: slot.count) }
    }

    /// The parameters in canonical order.
    public var parameters: [Float] { workspace.layout.unpack(workspace.parameters.start) }

    /// - Throws: `CoreError.shape` if there are not `network.parameterCount` values.
    public func setParameters(_ values: [Float]) throws(CoreError) {
        try fill(workspace.parameters, values, "the number of parameters")
    }

    /// Slot `index` of the update rule (`Optimizer.slotNames`) in canonical order.
    public func slot(_ index: Int) -> [Float] { workspace.layout.unpack(workspace.slots[index].start) }

    /// - Throws: `CoreError.shape` if there are not `network.parameterCount` values.
    public func setSlot(_ index: Int, _ values: [Float]) throws(CoreError) {
        try fill(workspace.slots[index], values, "the number of values in \(optimizer.slotNames[index])")
    }

    private func fill(_ packed: AlignedFloats, _ values: [Float], _ what: String) throws(CoreError) {
        guard values.count == network.parameterCount else {
            throw .shape(what: what, expected: network.parameterCount, found: values.count)
        }
        workspace.layout.pack(values, into: packed.start)
    }

    /// An empty snapshot of the right size.
    /// - Throws: `CoreError` if memory is short.
    package func makeSnapshot() throws(CoreError) -> StateSnapshot {
        try StateSnapshot(layout: workspace.layout, slotCount: workspace.slots.count)
    }

    /// An empty snapshot that takes the parameters alone.
    /// - Throws: `CoreError` if memory is short.
    package func makeParameterSnapshot() throws(CoreError) -> StateSnapshot {
        try StateSnapshot(layout: workspace.layout, slotCount: 0)
    }

    /// Copies parameters and the slots that `snapshot` has room for, bytes as they are.
    package func snapshot(into snapshot: StateSnapshot) {
        snapshot.copy(parameters: workspace.parameters, slots: workspace.slots)
    }
}
