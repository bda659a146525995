import Synchronization

/// A value that one thread at a time may use.
///
/// `Mutex` alone would ask every closure that meets the value to be provably apart from its caller's state, which the
/// closures of a transaction, returning rows and filling arrays, are not. The lock is held for each whole call, which
/// is what makes `@unchecked` true here.
final class Guarded<Value>: @unchecked Sendable {
    private let lock = Mutex(())
    private var value: Value

    init(_ value: Value) { self.value = value }

    /// Calls `body` while nobody else can use the value. Not to be called again from within `body`.
    func withLock<Result, Failure: Error>(_ body: (inout Value) throws(Failure) -> Result) throws(Failure) -> Result {
        lock._unsafeLock()
        defer { lock._unsafeUnlock() }
        return try body(&value)
    }
}
