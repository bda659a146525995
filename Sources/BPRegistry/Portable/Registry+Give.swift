package import BPStore
import BPJSON

extension Registry {
    /// Gives what is selected, all of one state of the registry, which is held on a connection of its own while `body`
    /// runs: the documented exception to the 250 ms that a reading transaction may last. The registry may be used
    /// meanwhile; the source is not to be used afterwards.
    /// - Parameter withData: whether the content of datasets goes along, or only their hashes.
    /// - Throws: `notFound`; `archived` where weights have gone to an archive and are not here; `damaged`; what `body`
    ///   throws.
    package func give<Result>(
        _ selection: Subject, withData: Bool = true, _ body: (any PortableSource) throws -> Result
    ) throws -> Result {
        let opening = Opening(path: path, purpose: .reading, durability: .full, environment: environment)
        let store = try opening.store()
        defer { try? store.connection.close() }
        // What `body` throws goes through as it is.
        var foreign: (any Error)?
        do {
            return try store.read {
                let giver = try Giver(selection, withData: withData, store)
                let source = try RegistrySource(giver.record(), store, giver.closure)
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
