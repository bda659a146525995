/// A copy of parameters and optimizer slots as they stood at one moment, in the kernels' layout.
///
/// `Backpropagation.snapshot(into:)` fills it with plain copies, so that training goes on at once; another thread
/// unpacks it. Who passes it between threads takes care that one writes while nobody reads.
public final class StateSnapshot: @unchecked Sendable {
    let network: Network

    init(network: Network) { self.network = network }

    /// The parameters in canonical order.
    public var canonicalParameters: [Float] { fatalError("not filled") }

    /// Slot `index` of the update rule (`Optimizer.slotNames`) in canonical order.
    public func canonicalSlot(_ index: Int) -> [Float] { fatalError("not filled") }
}
