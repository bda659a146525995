/// Suggestions for mistyped names.
package enum NearNames {
    /// The at most three of `names` that differ least from `name`, the nearest first, in their own order if equally near.
    ///
    /// A name is near if few insertions, deletions, replacements and swaps of neighbours make one of the other: one for
    /// every three letters of `name`, rounded up. Capital and small letters count as equal.
    /// - Parameter most: the most changes, however long the name is.
    package static func of(_ name: String, among names: [String], within most: Int = 2) -> [String] {
        let wanted = Array(name.lowercased().unicodeScalars)
        // The work grows with the square of the length, and nothing bounds the length of a text from outside.
        guard !wanted.isEmpty, wanted.count <= longest else { return [] }
        let allowed = min(most, (wanted.count + 2) / 3)
        let near = names.enumerated().compactMap { position, candidate -> (distance: Int, position: Int)? in
            let letters = Array(candidate.lowercased().unicodeScalars)
            guard abs(letters.count - wanted.count) <= allowed else { return nil }
            let distance = distance(wanted, letters)
            return distance <= allowed ? (distance, position) : nil
        }
        return near.sorted { ($0.distance, $0.position) < ($1.distance, $1.position) }.prefix(3).map {
            names[$0.position]
        }
    }

    /// Unicode scalars of the longest name that gets suggestions: as many as a name in a registry may have.
    private static let longest = 128

    /// The optimal string alignment distance.
    static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
        var before = [Int](repeating: 0, count: b.count + 1)
        var last = Array(0...b.count)
        for i in 0..<a.count {
            var row = [i + 1]
            for j in 0..<b.count {
                var best = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, before[j - 1] + 1) }
                row.append(best)
            }
            (before, last) = (last, row)
        }
        return last[b.count]
    }
}
