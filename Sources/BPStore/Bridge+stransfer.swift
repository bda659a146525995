// The old names of tombstones, until their callers are converted.
extension Store {
    package func tombstone(of digest: SHA256Digest) throws -> TableRow? {
        try archives.tombstone(of: digest).map { TableRow($0) }
    }
    package func archive(of digest: SHA256Digest) throws -> ArchiveRecord? { try archives.holder(of: digest) }
    package func archived(_ digest: SHA256Digest) throws -> RegistryError? { try archives.error(for: digest) }
    package func removeTombstoneIfWhole(_ digest: SHA256Digest) throws { try archives.removeTombstoneIfWhole(digest) }
    @discardableResult
    package func removeTombstone(of digest: SHA256Digest) throws -> ArchiveRecord? {
        try archives.removeTombstone(of: digest)
    }
}
