import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// SIGINT, SIGTERM and SIGHUP as a flag that the training loop polls.
///
/// A thread waits for them with `sigwait`, so nothing runs in a signal handler. The first asks for a clean
/// stop; a second leaves at once with 128 + its number: what was not committed is recomputed by the next resume.
final class StopSignals: Sendable {
    private let first = Atomic<Int32>(0)

    /// The signal that asked for the stop, or nil.
    var received: Int32? {
        let number = first.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }

    /// Blocks the signals in this thread, and in every thread it will start, and waits for them in another.
    /// Call it before worker threads are made. A SIGHUP that is ignored, as `nohup` does, stays ignored.
    static func listen() -> StopSignals {
        let signals = StopSignals()
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, SIGINT)
        sigaddset(&set, SIGTERM)
        if !isIgnored(SIGHUP) { sigaddset(&set, SIGHUP) }
        pthread_sigmask(SIG_BLOCK, &set, nil)

        let context = Unmanaged.passRetained(Waiter(signals: signals, set: set)).toOpaque()
        #if canImport(Glibc)
            var thread = pthread_t()
        #else
            var thread: pthread_t?
        #endif
        pthread_create(&thread, nil, StopSignals.body, context)
        return signals
    }

    private static let body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { context in
        guard let context else { return nil }
        let waiter = Unmanaged<Waiter>.fromOpaque(context).takeRetainedValue()
        waiter.wait()
    }

    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        sigaction(number, nil, &action)
        #if canImport(Glibc)
            let handler = action.__sigaction_handler.sa_handler
        #else
            let handler = action.__sigaction_u.__sa_handler
        #endif
        return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    /// What the waiting thread owns.
    private final class Waiter {
        let signals: StopSignals
        var set: sigset_t

        init(signals: StopSignals, set: sigset_t) {
            self.signals = signals
            self.set = set
        }

        func wait() -> Never {
            var since = 0.0
            while true {
                var number: Int32 = 0
                guard sigwait(&set, &number) == 0 else { continue }
                let now = Clock.seconds()
                if signals.first.compareExchange(expected: 0, desired: number, ordering: .relaxed).exchanged {
                    since = now
                } else if now - since > 0.2 {
                    _exit(128 + number)
                }
                // timeout(1) signals a process and then its group: what follows at once is the same request.
            }
        }
    }
}
