#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The space that is left where the registry lies.
enum FreeSpace {
    /// Under this many bytes free, and what a keyframe takes, a run is not begun and a running one stops.
    static let reserve = 64 << 20

    /// Bytes free to this user beside `path`; nil where the system does not tell.
    static func bytes(beside path: String) -> Int? {
        var status = statvfs()
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        guard statvfs(folder, &status) == 0 else { return nil }
        let (bytes, overflow) = Int(clamping: status.f_bavail).multipliedReportingOverflow(
            by: Int(clamping: status.f_frsize))
        return overflow ? .max : bytes
    }
}
