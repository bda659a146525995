/// The shares of the rows that are set aside; the rest is for training.
public struct SplitFractions: Sendable, Hashable {
    /// For validation, 0 ≤ f < 1.
    public let validation: Double
    /// For the test, 0 ≤ f < 1.
    public let test: Double

    /// - Throws: `DataError` unless both are finite and not negative, and their sum is below 1.
    public init(validation: Double, test: Double) throws(DataError) {
        for (name, value) in [("validation", validation), ("test", test)] where !(value >= 0 && value < 1) {
            throw DataError(
                .unusable, "the \(name) fraction is \(value); it must be at least 0 and below 1", value: "\(value)")
        }
        guard validation + test < 1 else {
            throw DataError(
                .unusable,
                "the validation fraction \(validation) and the test fraction \(test) leave nothing for training",
                value: "\(validation + test)")
        }
        self.validation = validation
        self.test = test
    }
}
