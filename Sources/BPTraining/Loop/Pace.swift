/// When to look up from training: every 5 to 20 ms, or after every iteration that takes longer. In between it costs a
/// subtraction, and no look at the clock.
struct Pace {
    private var countdown = 1
    private var stretch = 1
    private var lastLook = ContinuousClock.now

    /// How many iterations may pass before it is time to look up, at least one.
    var room: Int { max(1, countdown) }

    /// Notes that so many iterations passed.
    @inline(__always)
    mutating func pass(_ iterations: Int) { countdown -= iterations }

    /// Whether it is time to look up. If it is, the next stretch begins.
    @inline(__always)
    mutating func isDue() -> Bool {
        if countdown > 0 { return false }
        adapt()
        return true
    }

    private mutating func adapt() {
        let now = ContinuousClock.now
        let seconds = (now - lastLook).seconds
        lastLook = now
        if seconds < 0.005 { stretch = min(stretch * 2, 1 << 20) }
        if seconds > 0.02 { stretch = max(1, stretch / 2) }
        countdown = stretch
    }
}
