/// A version of every definition that decides a bit: orders of summation, polynomials, draws of the generator.
///
/// The same (specification, data, seed) gives the same bits under the same version, for ever. `docs/numerics.md` states
/// what each version computes.
public enum Numerics: Int, CaseIterable, Sendable {
    /// Each sum over a batch is one chain.
    case first = 1
    /// Sums over a batch are chains of 128 rows, added by a tree; sigmoid and tanh with fewer operations.
    case second = 2

    /// The version of new runs.
    public static let newest = Numerics.second

    /// The versions there are: `1 and 2`.
    public static var known: String { allCases.map { "\($0.rawValue)" }.joined(separator: " and ") }

    /// The definitions of a version.
    /// - Throws: `CoreError.numericsVersion` if this bpreg does not have them.
    public init(version: Int) throws(CoreError) {
        guard let known = Numerics(rawValue: version) else { throw .numericsVersion(version) }
        self = known
    }

    /// How many rows of a batch make one chain of a gradient's sums; the chains are added by a tree. Nil if all rows are
    /// one chain.
    public var rowBlock: Int? {
        switch self {
        case .first: nil
        case .second: 128
        }
    }
}

/// The version of the numbers' definitions that new runs get (`Numerics.newest`).
public let numericsVersion = Numerics.newest.rawValue
