/// A copy of parameters and optimizer slots as they stood at one moment, in the kernels' layout.
///
/// `Backpropagation.snapshot(into:)` fills it with plain copies, so that training goes on at once; another thread
/// unpacks it. Who passes it between threads takes care that one writes while nobody reads.
package final class StateSnapshot: @unchecked Sendable {
    private let layout: PackedLayout
    private let parameters: AlignedFloats
    private let slots: [AlignedFloats]

    init(layout: PackedLayout, slotCount: Int) throws(CoreError) {
        self.layout = layout
        parameters = try AlignedFloats(count: layout.count)
        var slots: [AlignedFloats] = []
        for _ in 0..<slotCount { slots.append(try AlignedFloats(count: layout.count)) }
        self.slots = slots
    }

    func copy(parameters: AlignedFloats, slots: [AlignedFloats]) {
        self.parameters.copy(from: parameters)
        for (mine, other) in zip(self.slots, slots) { mine.copy(from: other) }
    }

    /// The parameters in canonical order.
    package var canonicalParameters: [Float] { layout.unpack(parameters.start) }

    /// Slot `index` of the update rule (`Optimizer.slotNames`) in canonical order.
    package func canonicalSlot(_ index: Int) -> [Float] { layout.unpack(slots[index].start) }
}
