/// The version of the rules by which a file becomes a table.
///
/// A change of the rules can make another table of the same file, and so another dataset hash. Each such change is a
/// new version and the older versions stay, so that a run reads its file by the rules it was recorded with.
///
/// Version 1: text is kept with the spaces around it, the first line is the header, every column has a name, numbers
/// are rounded silently.
/// Version 2: a line that begins with `# ` above a table of text alone is the header.
/// Version 3: docs/data.md, as it is now.
public struct ReadingRules: Sendable, Hashable {
    /// The number that a registry stores; from 1.
    public let version: Int

    private init(_ version: Int) { self.version = version }

    /// The rules of all runs that were recorded without a version.
    public static let first = ReadingRules(1)
    /// The rules that new data are read by.
    public static let newest = ReadingRules(3)
    /// All rules, the newest first.
    public static let all = [newest, ReadingRules(2), first]

    /// The rules of this version; nil if this bpreg does not know it.
    public init?(version: Int) {
        guard let known = ReadingRules.all.first(where: { $0.version == version }) else { return nil }
        self = known
    }

    /// Spaces and tabs around text without quotes do not count, nor do those around quotes.
    var trimsText: Bool { version >= 2 }
    /// `sep=` and lines that begin with `#` may precede the header.
    var hasPreamble: Bool { version >= 2 }
    /// A line that begins with `# ` is a comment unless a line with a number follows it.
    var takesSpacedMarkForComment: Bool { version >= 3 }
    /// An unnamed first column is left out, and other unnamed columns are named by their position.
    var namesColumns: Bool { version >= 2 }
    /// A whole number that no Double equals is an error, and other roundings are counted.
    var guardsPrecision: Bool { version >= 2 }
    /// A column of nothing but inf and nan, in their spellings, is a column of numbers.
    var takesInfinityForNumber: Bool { version >= 2 }
}
