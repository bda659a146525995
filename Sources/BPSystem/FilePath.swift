#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Paths of files, as the system sees them.
package enum FilePath {
    /// `path` from the root, without symbolic links; nil if it leads to nothing.
    package static func resolved(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// The path to which a symbolic link leads; `path` as it is if it is none, or leads to nothing.
    package static func followed(_ path: String) -> String {
        linkTarget(path) == nil ? path : resolved(path) ?? path
    }

    /// Whether symbolic links lead from `path` in a circle.
    package static func isLoop(_ path: String) -> Bool {
        guard let resolved = realpath(path, nil) else { return errno == ELOOP }
        free(resolved)
        return false
    }

    /// The text of a symbolic link; nil if `path` is none.
    package static func linkTarget(_ path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 4_097)
        guard readlink(path, &buffer, 4_096) > 0 else { return nil }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The folder of `path`; `.` if it is a name alone.
    package static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The names of the files in `folder`; none if it cannot be read.
    package static func names(in folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            // The name is longer than its declared array on some file systems, and ends with a 0.
            names.append(withUnsafePointer(to: &entry.pointee.d_name.0) { String(cString: $0) })
        }
        return names
    }

    /// Bytes free for this user in `folder`; nil if the system does not report them.
    package static func freeBytes(in folder: String) -> Int? {
        var status = statvfs()
        guard statvfs(folder, &status) == 0 else { return nil }
        let (bytes, overflow) = Int(clamping: status.f_bavail).multipliedReportingOverflow(
            by: Int(clamping: status.f_frsize))
        return overflow ? .max : bytes
    }
}
