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
