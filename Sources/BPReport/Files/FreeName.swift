#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Names for files that a proposed command writes: it must not overwrite what a person has.
package enum FreeName {
    /// `path` if no file has this name, else with the first free number before its extension: `data-2.csv`.
    package static func beside(_ path: String) -> String {
        var candidate = path
        var number = 2
        while isThere(candidate), number < 10_000 {
            let name = NamedFile.name(of: path)
            let stem = NamedFile.stem(of: path)
            candidate = String(path.dropLast(name.count)) + stem + "-\(number)" + name.dropFirst(stem.count)
            number += 1
        }
        return candidate
    }

    private static func isThere(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }
}
