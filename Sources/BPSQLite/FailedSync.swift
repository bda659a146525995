import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The response to a failed sync: the process ends at once.
///
/// After a failed fsync the kernel may have dropped the dirty pages and will report success the next time. A retry, a
/// checkpoint or an orderly close could then acknowledge or destroy data that never reached the disk. If this process
/// ends at once, the next one recovers from the data on the disk.
package enum FailedSync {
    /// Exit code of a process that ended because a sync failed ("disk full or I/O").
    package static let exitCode: Int32 = 15

    private static let handler = Mutex<@Sendable (SQLiteError) -> Void>(endProcess)

    /// Reports it on standard error and ends the process by `_exit`: no close, no retry, no `atexit`.
    package static let endProcess: @Sendable (SQLiteError) -> Void = { error in
        let text = "error: a sync to disk failed, so nothing more may be written: \(error)\n"
        _ = Array(text.utf8).withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
        _exit(exitCode)
    }

    /// Replaces this response, for tests. If `handler` returns, the error is thrown as any other.
    package static func replace(with handler: @escaping @Sendable (SQLiteError) -> Void) {
        self.handler.withLock { $0 = handler }
    }

    static func happened(_ error: SQLiteError) {
        let act = handler.withLock { $0 }
        act(error)
    }
}
