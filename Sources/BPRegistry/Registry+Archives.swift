public import BPStore

extension SnapshotReading {
    /// The archives that hold weights which are not in the registry any more, oldest first.
    public func archives() throws(RegistryError) -> [ArchiveRecord] {
        try reading { store in try store.archives.all() }
    }
}
