import CBPKernels

/// The instruction set and the threads that kernels run on. Neither changes a bit of any result.
///
/// One may be shared by several trainers, on several threads too: while one of them uses the workers, the others
/// compute on their own thread alone.
public final class Compute: @unchecked Sendable {
    /// Which instructions the kernels use.
    public let instructionSet: InstructionSet
    /// How many threads take part, the caller's included.
    public let threads: Int

    /// - Parameter threads: the caller's included; 1 starts none.
    /// - Throws: `CoreError` if `threads` is outside 1 ... 256, the machine lacks the instruction set, a thread
    ///   cannot be started, or the processor's rounding is not as it must be.
    public init(threads: Int, instructionSet: InstructionSet? = nil) throws(CoreError) {
        let set = instructionSet ?? .best
        guard (1...256).contains(threads) else { throw .threads(threads) }
        guard set.isAvailable else { throw .instructionSet(set) }
        self.instructionSet = set
        self.threads = threads
    }
}
