/// Numbers that parse but make no sense: refused with the option and the value.
enum Check {
    /// `value` if it is at least `least`.
    static func atLeast(_ least: Int, _ value: Int, option: String) throws -> Int {
        guard value >= least else {
            throw Failure.option(option, "\(value)", expected: "at least \(least)", next: "\(option) \(least) or more")
        }
        return value
    }

    /// `value` if it is at least 0 and finite.
    static func notNegative(_ value: Double, option: String) throws -> Double {
        guard value >= 0, value.isFinite else {
            throw Failure.option(
                option, NumberText.plain(value), expected: "a number of at least 0", next: "\(option) 1")
        }
        return value
    }

    /// `value` if it is a share of a whole that leaves something over: at least 0 and below 1.
    static func fraction(_ value: Double, option: String) throws -> Double {
        guard value >= 0, value < 1 else {
            throw Failure.option(
                option, NumberText.plain(value), expected: "at least 0 and below 1", next: "\(option) 0.15")
        }
        return value
    }
}

/// A long range in stretches, so that reading it holds no transaction for long and no more than a stretch in memory.
enum Pages {
    /// Calls `read` for one stretch of at most `size` after the other, until one gives fewer than it could.
    static func each(of range: Range<Int>, size: Int, _ read: (ClosedRange<Int>) throws -> Int) throws {
        var next = range.lowerBound
        while next < range.upperBound {
            let last = range.upperBound - next <= size ? range.upperBound - 1 : next + size - 1
            let count = try read(next...last)
            if count < size { return }
            next = last + 1
        }
    }
}
