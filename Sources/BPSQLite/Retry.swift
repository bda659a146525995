#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Repeats `body` while it fails with SQLITE_BUSY, with pauses from 1 to 32 ms, until `limit` has passed.
func retryingBusy<Result>(
    for limit: Duration, _ body: () throws(SQLiteError) -> Result
) throws(SQLiteError) -> Result {
    let deadline = ContinuousClock.now + limit
    var pause: UInt32 = 1000
    while true {
        do {
            return try body()
        } catch {
            guard error.isBusy, ContinuousClock.now < deadline else { throw error }
        }
        // Random pauses, so that processes that collided once do not collide again.
        usleep(UInt32.random(in: pause / 2...pause))
        pause = min(pause * 2, 32000)
    }
}
