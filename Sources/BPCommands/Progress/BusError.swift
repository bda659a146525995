import BPReport

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A bus error: the index of a registry's log, which SQLite has mapped into memory, was shortened by another program in the
/// moment between a look at its length and its use. Nothing that was committed is in it alone.
enum BusError {
    /// Ends the process with a message and an exit code, instead of a backtrace.
    static func listen() {
        signal(SIGBUS) { _ in
            // Only what a signal handler may do.
            let text: StaticString = """

                error: a file that is mapped into memory was shortened by another program, probably the index of the registry's log
                  at: NAME-shm beside the registry
                  hint: what was committed is in the registry and its log; type the command again, with --resume to train

                """
            _ = write(2, text.utf8Start, text.utf8CodeUnitCount)
            _exit(15)
        }
    }
}
