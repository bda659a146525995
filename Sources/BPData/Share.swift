/// A fraction of rows, shared out among strata by largest remainders.
struct Share {
    private let name: String
    private let fraction: Double

    init(_ name: String, _ fraction: Double) {
        self.name = name
        self.fraction = fraction
    }

    /// How many rows each stratum gives; taken off `free`, the rows it can still give.
    func take(from sizes: [Int], _ free: inout [Int], _ notes: inout [String]) -> [Int] {
        guard fraction > 0 else { return sizes.map { _ in 0 } }
        let rows = sizes.reduce(0, +)
        let wanted = max(1, Int((fraction * Double(rows)).rounded()))
        let quotas = sizes.map { fraction * Double($0) }
        var given = sizes.indices.map { min(Int(quotas[$0]), free[$0]) }
        var missing = wanted - given.reduce(0, +)
        while missing > 0 {
            let able = sizes.indices.filter { given[$0] < free[$0] }
            if able.isEmpty { break }
            let ranked = able.sorted { one, other in
                let (first, second) = (quotas[one] - Double(given[one]), quotas[other] - Double(given[other]))
                return first != second ? first > second : one < other
            }
            for stratum in ranked.prefix(missing) { given[stratum] += 1 }
            missing -= min(missing, ranked.count)
        }
        for stratum in sizes.indices { free[stratum] -= given[stratum] }
        let total = given.reduce(0, +)
        if total < wanted {
            notes.append(
                "\(name): \(Visible.count(total, "row")) instead of \(Visible.grouped(wanted)), because each class keeps one for training"
            )
        }
        return given
    }
}
