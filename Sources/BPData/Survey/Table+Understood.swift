extension Table {
    /// The table as it was understood, in one line: `1,797 rows; features: 64 columns of numbers; target: digit`.
    package func understood(target: String, features: [String]) -> String {
        let wanted = Set(features)
        let used = columns.filter { wanted.contains($0.name) }
        let numbers = used.count { $0.type.isNumeric }
        let kinds = [(numbers, "numbers"), (used.count - numbers, "text")].filter { $0.0 > 0 }.enumerated().map {
            index, kind in
            index == 0 ? "\(Visible.count(kind.0, "column")) of \(kind.1)" : "\(Visible.grouped(kind.0)) of \(kind.1)"
        }
        let ignored = columns.count - used.count - 1
        return "\(Visible.count(rowCount, "row")); features: \(kinds.joined(separator: ", "))"
            + (ignored > 0 ? "; ignored: \(Visible.count(ignored, "column"))" : "")
            + "; target: \(Visible.text(target))"
    }
}
