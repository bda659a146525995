/// Writes one run, for one attempt, through a connection of its own. Used by one thread, the recorder's.
public final class RunWriter: Sendable {
    public let run: Int
    public let uuid: UUIDv7
    public let segment: Int
    public let attempt: Int
    /// The last iteration and epoch that were recorded when the writer was made (0 for a new run).
    public let resumedIteration: Int
    public let resumedEpoch: Int

    init() { fatalError() }

    /// The last iteration whose commit has returned.
    public var acknowledgedIteration: Int { fatalError() }

    /// Bytes the registry's file and log have grown by since the writer was made.
    public var bytesWritten: Int { fatalError() }

    /// Writes a keyframe's tensors ahead, in transactions of at most 8 MiB, under a row that waits for `commit`.
    /// - Parameter between: called after each of these transactions but the last; it may commit what has gathered.
    public func stage(
        _ keyframe: NewKeyframe, tensors: [NewTensor], between: () throws(RegistryError) -> Void = {}
    ) throws(RegistryError) -> StagedKeyframe { fatalError() }

    /// Drops a keyframe that was staged and is not wanted.
    public func discard(_ staged: StagedKeyframe) throws(RegistryError) { fatalError() }

    /// Adds `record` to the run in one transaction (in several, the last with keyframes and end, where it
    /// exceeds 8 MiB), renews the lease, and returns the last acknowledged iteration.
    /// - Throws: `fencingLost` when another process took the run over; `conflict` when the record does not fit what
    ///   is recorded; `diskFull`, `inputOutput`.
    @discardableResult
    public func commit(_ record: Record) throws(RegistryError) -> Int { fatalError() }

    /// Closes the connection; without an end the run is then interrupted once the process is gone.
    public func close() throws(RegistryError) { fatalError() }
}
