import BPReport

/// Numbers that parse but make no sense: refused with the option and the value.
enum Check {
    /// `value` if it is at least `least`.
    static func atLeast(_ least: Int, _ value: Int, option: String) throws -> Int {
        guard value >= least else {
            throw Failure.option(option, "\(value)", expected: "at least \(least)", example: "\(least)")
        }
        return value
    }

    /// `value` if it is at least 0 and finite.
    static func notNegative(_ value: Double, option: String) throws -> Double {
        guard value >= 0, value.isFinite else {
            throw Failure.option(
                option, NumberText.plain(value), expected: "a number of at least 0", example: "1")
        }
        return value
    }

    /// `value` if it is a share of a whole that leaves something over: at least 0 and below 1.
    static func fraction(_ value: Double, option: String) throws -> Double {
        guard value >= 0, value < 1 else {
            throw Failure.option(
                option, NumberText.plain(value), expected: "at least 0 and below 1", example: "0.15")
        }
        return value
    }
}
