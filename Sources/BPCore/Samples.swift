/// Inputs and targets of N samples, laid out for the kernels. Immutable.
public struct Samples: Sendable {
    /// N.
    public let count: Int
    /// n_1.
    public let inputWidth: Int
    /// n_L.
    public let targetWidth: Int

    /// - Parameters:
    ///   - inputs: [count × inputWidth], row-major.
    ///   - targets: [count × targetWidth], row-major.
    /// - Throws: `CoreError` if an array has not the size that the counts say, or memory is short.
    public init(
        inputs: [Float], targets: [Float], count: Int, inputWidth: Int, targetWidth: Int
    ) throws(CoreError) {
        self.count = count
        self.inputWidth = inputWidth
        self.targetWidth = targetWidth
    }
}
