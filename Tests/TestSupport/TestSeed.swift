import Foundation

/// The seed of a random test: `BPREG_TEST_SEED`, or a new one. It is printed, so that a failure can be repeated:
///
///     BPREG_TEST_SEED=42 swift test --filter QueryFuzzTests
/// - Parameter test: the name to print.
public func testSeed(_ test: String = #function) -> UInt64 {
    let seed = ProcessInfo.processInfo.environment["BPREG_TEST_SEED"].flatMap(UInt64.init) ?? .random(in: 0 ... .max)
    print("\(test): BPREG_TEST_SEED=\(seed)")
    return seed
}
