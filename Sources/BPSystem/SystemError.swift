#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// An `errno` in words.
package struct SystemError: Error, CustomStringConvertible {
    private let number: Int32

    /// The error `number`.
    package init(_ number: Int32) { self.number = number }

    /// The last error of this thread.
    package init() { self.init(errno) }

    /// The system's words for it.
    package var description: String { strerror(number).map { String(cString: $0) } ?? "error \(number)" }
}
