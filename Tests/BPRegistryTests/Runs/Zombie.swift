#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Calls `body` with the number of a child process that has ended and was not waited for.
func withZombie(_ body: (Int32) throws -> Void) throws {
    var child = pid_t()
    var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("true"), nil]
    defer { free(arguments[0]) }
    guard posix_spawnp(&child, "true", nil, nil, &arguments, environ) == 0 else { return }
    defer { waitpid(child, nil, 0) }
    var info = siginfo_t()
    waitid(P_PID, UInt32(child), &info, WEXITED | WNOWAIT)
    try body(child)
}
