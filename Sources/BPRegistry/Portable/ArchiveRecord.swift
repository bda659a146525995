public import BPStore

/// An archive that is written: where, and how it is known.
public struct ArchiveName: Sendable, Equatable {
    /// Its path, as people are shown it.
    public var path: String
    /// The digest over the whole file.
    public var digest: SHA256Digest
    /// How long the file is.
    public var bytes: Int

    /// An archive of this digest.
    public init(path: String, digest: SHA256Digest, bytes: Int) {
        (self.path, self.digest, self.bytes) = (path, digest, bytes)
    }
}

/// What `putAway` freed.
package struct PutAway: Sendable, Equatable {
    /// The archive that is named in their place; nil where nothing was freed.
    package let archive: ArchiveRecord?
    /// How many tensors were freed.
    package let tensors: Int
    /// Bytes of these tensors.
    package let bytes: Int
    /// How many tensors stay, since something outside of the archive needs them, or since it does not hold them.
    package let kept: Int
}
