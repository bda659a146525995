import BPSystem
import CSQLite

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The system's facts about a database's file and its place, without opening it.
package struct StorageFacts: Sendable, Equatable {
    /// The file's size in bytes; nil if there is no file.
    package var bytes: Int?
    /// The size of the write-ahead log in bytes; 0 if there is none.
    package var logBytes = 0
    /// Its permission bits, as in 0o644.
    package var permissions = 0
    /// Whether this user owns it.
    package var isOwn = true
    /// Whether this user may write the file and create files in its folder.
    package var isWritable = false
    /// The number of its names (hard links).
    package var names = 1
    /// The file system's name, as in `ext4`, or its number in hex digits.
    package var fileSystem = "unknown"
    /// Whether the file system is reached over a network, so that SQLite's locks are not reliable.
    package var isNetwork = false
    /// Whether the file system is in memory and lost at the next start of the machine.
    package var isMemory = false
    /// Free bytes for this user; nil if the system does not report them.
    package var freeBytes: Int?

    /// The facts about the file at `path`.
    package init(path: String) {
        let folder = FilePath.folder(of: path)
        var status = stat()
        if stat(path, &status) == 0 {
            bytes = Int(status.st_size)
            permissions = Int(status.st_mode & 0o7777)
            isOwn = status.st_uid == geteuid()
            names = Int(status.st_nlink)
            isWritable =
                faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0 && faccessat(AT_FDCWD, folder, W_OK, AT_EACCESS) == 0
        }
        logBytes = FileStatus(path + "-wal")?.size ?? 0
        freeBytes = FilePath.freeBytes(in: folder)
        #if canImport(Glibc)
            let number = bp_file_system_number(folder)
            let known = StorageFacts.known[number]
            fileSystem = known?.name ?? (number == 0 ? "unknown" : "0x" + String(number, radix: 16))
            (isNetwork, isMemory) = (known?.isNetwork ?? false, known?.name == "tmpfs" || known?.name == "ramfs")
        #else
            var system = statfs()
            guard statfs(folder, &system) == 0 else { return }
            fileSystem = withUnsafeBytes(of: system.f_fstypename) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            isNetwork = system.f_flags & UInt32(MNT_LOCAL) == 0
        #endif
    }

    /// Names of file systems by the number that `statfs` returns.
    private static let known: [UInt32: (name: String, isNetwork: Bool)] = [
        0xEF53: ("ext4", false), 0x5846_5342: ("xfs", false), 0x9123_683E: ("btrfs", false),
        0x2FC1_2FC1: ("zfs", false), 0xF2F5_2010: ("f2fs", false), 0x0102_1994: ("tmpfs", false),
        0x8584_58F6: ("ramfs", false), 0x794C_7630: ("overlayfs", false), 0x4D44: ("vfat", false),
        0x2011_BAB0: ("exfat", false), 0x7366_746E: ("ntfs3", false), 0x6969: ("nfs", true),
        0xFF53_4D42: ("cifs", true), 0xFE53_4D42: ("smb2", true), 0x517B: ("smb", true), 0x6573_5546: ("fuse", true),
        0x0102_1997: ("9p", true), 0x00C3_6400: ("ceph", true), 0x0BD0_0BD0: ("lustre", true),
        0x4750_4653: ("gpfs", true), 0x5346_414F: ("afs", true), 0x0116_1970: ("gfs2", true),
    ]
}
