import CBPKernels

/// The memory that training a network takes, reckoned before any of it is taken.
package struct MemoryNeed: Sendable, Equatable {
    /// Bytes in all.
    package let bytes: Int

    /// - Parameters:
    ///   - slots: how many buffers of the parameters' size the update rule has.
    ///   - batchCapacity: the most rows of a step.
    ///   - copies: how many buffers of the parameters' size the caller keeps beside the trainer's.
    /// - Throws: `CoreError.tooLarge` where it cannot be counted.
    package init(_ network: Network, slots: Int, batchCapacity: Int, copies: Int) throws(CoreError) {
        let what = "the memory of this network"
        let packed = try PackedLayout(network).count
        let scratch = try Workspace.scratchSize(network, batchCapacity: batchCapacity)
        // The parameters, their gradient, and the slots.
        let floats = try add(try multiply(packed, 2 + slots + copies, what), scratch, what)
        bytes = try multiply(floats, MemoryLayout<Float>.stride, what)
    }

    /// - Throws: `CoreError.memory` if the machine has less.
    package func check() throws(CoreError) {
        if let physical = MemoryNeed.physical, bytes > physical { throw .memory(needed: bytes, physical: physical) }
    }

    /// Bytes of physical memory; nil if the system does not report them.
    package static var physical: Int? {
        let bytes = Int(clamping: bp_physical_memory())
        return bytes > 0 ? bytes : nil
    }
}
