public import BPStore

extension SnapshotReading {
    /// The archives that hold weights which are no longer in this registry, oldest first.
    public func archives() throws(RegistryError) -> [ArchiveRecord] {
        try reading { store in try store.archives.all() }
    }
}
