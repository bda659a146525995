/// Names that somebody may have meant.
enum NearNames {
    /// At most three of `names` that differ from `name` in case alone, or by few insertions, deletions,
    /// replacements and swaps of neighbours; the nearest first.
    static func of(_ name: String, among names: [String]) -> [String] {
        let wanted = Array(name.lowercased().unicodeScalars)
        guard !wanted.isEmpty, wanted.count <= 64 else { return [] }
        let allowed = max(1, wanted.count / 4)
        let near = names.enumerated().compactMap { position, candidate -> (distance: Int, position: Int)? in
            let letters = Array(candidate.lowercased().unicodeScalars)
            guard abs(letters.count - wanted.count) <= allowed else { return nil }
            let distance = edits(wanted, letters)
            return distance <= allowed ? (distance, position) : nil
        }
        return near.sorted { ($0.distance, $0.position) < ($1.distance, $1.position) }.prefix(3).map {
            names[$0.position]
        }
    }

    /// The optimal string alignment distance.
    private static func edits(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
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
