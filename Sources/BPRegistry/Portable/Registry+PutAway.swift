extension Registry {
    /// Frees the weights of what is selected, which an archive holds, and leaves the archive's name in their place: of a
    /// version its own, of a run those of its keyframes and versions, of a model those of all its versions and runs. What
    /// something outside of the archived runs needs stays, and so does what the archive does not hold.
    /// - Parameter contents: the tensors that the archive holds.
    /// - Throws: `notFound`; `alive` when the process of one of the runs lives; `readOnly`, `diskFull`, `inputOutput`.
    public func putAway(
        _ selection: PortableSelection, into archive: ArchiveName, holding contents: Set<SHA256Digest>
    ) throws(RegistryError) -> PutAway {
        throw .internalFailure(path: path, message: "not written yet")
    }

    /// The archives that hold weights which are not here any more, oldest first.
    public func archives() throws(RegistryError) -> [ArchiveRecord] {
        throw .internalFailure(path: path, message: "not written yet")
    }
}
