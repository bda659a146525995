#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What the machine has.
public enum Memory {
    /// Bytes of physical memory; a terabyte where the system does not tell.
    public static let physical: Int = {
        let (pages, size) = (sysconf(Int32(_SC_PHYS_PAGES)), sysconf(Int32(_SC_PAGESIZE)))
        let (bytes, overflow) = Int(pages).multipliedReportingOverflow(by: Int(size))
        return pages > 0 && size > 0 && !overflow ? bytes : 1 << 40
    }()

    /// The most bytes that compressed data may become: what is inflated is not the last copy that is made of it.
    static let inflationLimit = physical / 2

    /// `rows × width` values of `bytes` each, or nil if their product is beyond this machine's memory.
    static func count(rows: Int, width: Int, bytes: Int) -> Int? {
        let (values, overflow) = rows.multipliedReportingOverflow(by: width)
        return overflow || values > physical / bytes ? nil : values
    }
}
