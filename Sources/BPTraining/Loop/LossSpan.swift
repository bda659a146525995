/// Memory for the losses of a few iterations, for a listener that keeps none.
final class LossSpan {
    private let losses: UnsafeMutableBufferPointer<Float>

    /// - Parameter capacity: the most iterations that pass before the listener is asked again; 1 for one that looks at
    ///   every state.
    init(capacity: Int = 4096) { losses = .allocate(capacity: capacity) }

    deinit { losses.deallocate() }

    /// Room for at most `most` losses, and for at least one.
    func room(_ most: Int) -> UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(rebasing: losses.prefix(max(1, most)))
    }
}
