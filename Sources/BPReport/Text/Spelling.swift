/// How far apart two spellings are.
package enum Spelling {
    /// Insertions, deletions, replacements and exchanges of neighbours that turn `first` into `second` (optimal string
    /// alignment), on the first 64 characters.
    package static func distance(_ first: String, _ second: String) -> Int {
        let left = Array(first.lowercased().prefix(64))
        let right = Array(second.lowercased().prefix(64))
        var rows = [Array(0...right.count)]
        for i in left.indices {
            var row = [i + 1]
            for j in right.indices {
                var least = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (left[i] == right[j] ? 0 : 1))
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    least = min(least, rows[i - 1][j - 1] + 1)
                }
                row.append(least)
            }
            rows.append(row)
        }
        return rows[left.count][right.count]
    }

    /// The one of `candidates` that `text` may have meant: at most a third of its letters away.
    package static func nearest(to text: String, among candidates: [String]) -> String? {
        let best = candidates.min { distance($0, text) < distance($1, text) }
        return best.flatMap { distance($0, text) <= max(1, text.count / 3) ? $0 : nil }
    }
}
