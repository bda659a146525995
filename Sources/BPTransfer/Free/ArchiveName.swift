public import BPStore

/// The identity of an archive that was written: its path and its digest.
public struct ArchiveName: Sendable, Equatable {
    /// The path as it is shown to people.
    public var path: String
    /// The digest over the whole file.
    public var digest: SHA256Digest
    /// The length of the file.
    public var bytes: Int

    /// An archive with this digest.
    public init(path: String, digest: SHA256Digest, bytes: Int) {
        (self.path, self.digest, self.bytes) = (path, digest, bytes)
    }
}
