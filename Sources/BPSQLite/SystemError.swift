#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// An `errno` in words.
struct SystemError: Error, CustomStringConvertible {
    let number: Int32

    init(_ number: Int32 = errno) { self.number = number }

    var description: String { strerror(number).map { String(cString: $0) } ?? "error \(number)" }
}

/// `close(2)`, which a type with a `close` of its own cannot call by that name.
func closeDescriptor(_ descriptor: Int32) { close(descriptor) }
