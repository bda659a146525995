extension Registry {
    /// Gives what is selected, all of one state of the registry, which is held on a connection of its own while `body`
    /// runs: the documented exception to the 250 ms that a reading transaction may last. The registry may be used
    /// meanwhile; the source is not to be used afterwards.
    /// - Parameter withData: whether the content of datasets goes along, or only their hashes.
    /// - Throws: `notFound`; `archived` where weights have gone to an archive and are not here; `damaged`; what `body`
    ///   throws.
    public func give<Result>(
        _ selection: PortableSelection, withData: Bool = true, _ body: (any PortableSource) throws -> Result
    ) throws -> Result {
        throw RegistryError.internalFailure(path: path, message: "not written yet")
    }
}
