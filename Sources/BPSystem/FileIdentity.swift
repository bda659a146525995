#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Which file a path leads to: the device and the number of the file on it. Two paths with one identity are one file.
package struct FileIdentity: Sendable, Equatable {
    /// The number of the device.
    package let device: UInt64
    /// The number of the file on the device.
    package let inode: UInt64

    /// The identity of the file at `path`; nil if nothing is there. A symbolic link is not followed.
    package init?(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        self.init(
            device: UInt64(truncatingIfNeeded: status.st_dev), inode: UInt64(truncatingIfNeeded: status.st_ino))
    }

    /// The identity with these numbers.
    package init(device: UInt64, inode: UInt64) { (self.device, self.inode) = (device, inode) }
}
