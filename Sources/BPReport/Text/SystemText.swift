#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The system's own words for its error numbers.
enum SystemText {
    /// The meaning of error `number`.
    static func message(_ number: Int32) -> String {
        String(cString: strerror(number))
    }
}
