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

    private let pool: OpaquePointer?

    /// - Parameter threads: the caller's included; 1 starts none.
    /// - Throws: `CoreError` if `threads` is outside 1 ... 256, the machine lacks the instruction set, a thread
    ///   cannot be started, or the processor's rounding is not as it must be.
    public init(threads: Int, instructionSet: InstructionSet? = nil) throws(CoreError) {
        let set = instructionSet ?? .best
        guard (1...256).contains(threads) else {
            throw .outOfRange(what: "the number of threads", value: threads, least: 1, greatest: 256)
        }
        guard set.isAvailable else { throw .instructionSet(set) }
        guard bp_float_environment_is_exact() else { throw .floatEnvironment }
        self.instructionSet = set
        self.threads = threads
        if threads == 1 {
            pool = nil
            return
        }
        var code: Int32 = 0
        pool = bp_pool_create(threads, &code)
        if pool == nil { throw code == -1 ? .floatEnvironment : .threadStart(code: code) }
    }

    /// The kernels of a version of the numbers.
    /// - Throws: `CoreError.instructionSet` if the instruction set has none.
    func kernels(_ numerics: Numerics) throws(CoreError) -> UnsafePointer<bp_kernels> {
        guard let kernels = bp_kernels_for(instructionSet.level, Int32(numerics.rawValue)) else {
            throw .instructionSet(instructionSet)
        }
        return kernels
    }

    deinit { if let pool { bp_pool_destroy(pool) } }

    /// body(0 ..< count), each once, in any order and on any thread, and all done on return.
    func forEach(_ count: Int, _ body: (Int) -> Void) {
        guard let pool, count > 1 else {
            for index in 0..<count { body(index) }
            return
        }
        // The pool counts pieces in 16 bits.
        let most = Int(UInt16.max)
        guard count <= most else {
            for first in stride(from: 0, to: count, by: most) {
                forEach(min(most, count - first)) { body(first + $0) }
            }
            return
        }
        withoutActuallyEscaping(body) { body in
            withUnsafePointer(to: body) { pointer in
                let run: bp_task = { context, index in
                    context.assumingMemoryBound(to: ((Int) -> Void).self).pointee(index)
                }
                bp_pool_run(pool, run, UnsafeMutableRawPointer(mutating: pointer), count)
            }
        }
    }
}
