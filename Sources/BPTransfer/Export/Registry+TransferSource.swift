package import BPRegistry
package import BPStore

extension Registry {
    /// Calls `body` with a source that holds the selected runs, all in one state of the registry. While `body` runs,
    /// that state is held on a connection of its own. This is a documented exception to the limit of 250 ms for a read
    /// transaction. The registry can be used meanwhile; the source must not be used afterwards.
    /// - Parameter withData: whether the content of datasets is included, or only their hashes.
    /// - Throws: `notFound`; `archived` if weights are in an archive and not here; `damaged`; errors of `body`.
    package func withTransferSource<Result>(
        of selection: Subject, withData: Bool = true, _ body: (any TransferSource) throws -> Result
    ) throws -> Result {
        let opening = Opening(path: path, purpose: .reading, durability: .full, environment: environment)
        let store = try opening.store()
        defer { try? store.close() }
        // An error of `body` passes unchanged.
        var foreign: (any Error)?
        do {
            return try store.read {
                let source = try RegistrySource(selection, withData: withData, store)
                do { return try body(source) } catch {
                    foreign = error
                    throw error
                }
            }
        } catch {
            throw foreign ?? error
        }
    }
}
