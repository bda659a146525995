#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A thread's rest while it waits for another.
enum Pause {
    static func milliseconds(_ count: UInt32) { usleep(count * 1000) }
}
