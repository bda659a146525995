import BPSystem

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file that the system would not let be read or written.
public struct FileError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of trouble it is.
    public enum Kind: Sendable, Equatable {
        /// There is something at the path already, and it was not to be replaced.
        case exists
        /// The path cannot name such a file: a directory, a device, a folder that is not there.
        case unusable
        /// It could not be read.
        case unreadable
        /// No room is left for it: the disk, a quota or the largest size of a file.
        case full
        /// Writing failed for another reason.
        case unwritable
    }

    /// What kind of trouble it is.
    public let kind: Kind
    /// The file.
    public let path: String
    /// What is wrong, in words that follow the path.
    public let what: String

    /// An error about the file at `path`.
    public init(_ kind: Kind, _ path: String, _ what: String) {
        (self.kind, self.path, self.what) = (kind, path, what)
    }

    /// In one line.
    public var description: String { "\(path) \(what)" }

    /// The error that the system reported as `number`.
    init(_ kind: Kind, _ path: String, _ what: String, number: Int32) {
        let isFull = number == ENOSPC || number == EDQUOT || number == EFBIG
        self.init(isFull && kind == .unwritable ? .full : kind, path, "\(what): \(SystemError(number))")
    }
}
