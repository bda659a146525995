import BPCore

/// What the machine has.
package enum Memory {
    /// Bytes of physical memory; a terabyte if the system does not report them.
    package static let physical = MemoryNeed.physical ?? 1 << 40

    /// The most bytes that compressed data may become. More copies of the inflated bytes follow.
    static let inflationLimit = physical / 2

    /// `rows × width` values of `bytes` each, or nil if their product is beyond this machine's memory.
    static func count(rows: Int, width: Int, bytes: Int) -> Int? {
        let (values, overflow) = rows.multipliedReportingOverflow(by: width)
        return overflow || values > physical / bytes ? nil : values
    }
}
