import BPSystem

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Who holds locks on a file.
///
/// The kernel is asked, since opening and closing the file by hand would drop the locks that this process holds on it.
enum FileLocks {
    /// The numbers of the processes that hold a lock on the file. Empty if there are none, if they are in another
    /// container, or if the system does not report it.
    static func holders(of file: FileIdentity) -> [Int32] {
        #if canImport(Glibc)
            guard let table = contents(of: "/proc/locks") else { return [] }
            // glibc's makedev, taken apart; /proc/locks has hexadecimal numbers of two digits or more.
            let major = (file.device >> 8) & 0xFFF | (file.device >> 32) & 0xFFFF_F000
            let minor = file.device & 0xFF | (file.device >> 12) & 0xFFFF_FF00
            var holders: Set<Int32> = []
            for line in table.split(separator: "\n") {
                // 1: POSIX  ADVISORY  READ 1234 08:01:131 1073741826 1073742335
                let fields = line.split(separator: " ")
                guard fields.count >= 8, fields[1] == "POSIX", let pid = Int32(fields[4]) else { continue }
                let parts = fields[5].split(separator: ":")
                guard parts.count == 3, UInt64(parts[0], radix: 16) == major, UInt64(parts[1], radix: 16) == minor,
                    UInt64(parts[2]) == file.inode
                else { continue }
                holders.insert(pid)
            }
            return holders.sorted()
        #else
            return []
        #endif
    }

    private static func contents(of path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(file, &buffer, buffer.count)
            guard count > 0 else { break }
            bytes += buffer.prefix(count)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
