extension Registry {
    /// Brings in all that a source holds: what is there already is recognised, numbers are kept where they are free.
    /// Called again it changes nothing. Everything that `verify` would look at is looked at before anything is believed.
    /// - Throws: `unsound` when the source is not what a registry gave; `conflict` when a run is there with another
    ///   history; `readOnly`, `diskFull`, `inputOutput`; what reading the source throws.
    public func restore(from source: any PortableSource) throws -> RestoreReport {
        throw RegistryError.internalFailure(path: path, message: "not written yet")
    }
}
