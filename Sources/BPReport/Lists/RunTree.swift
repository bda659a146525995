import BPJSON
import BPRegistry
import BPTraining

/// Runs with their forks under them.
struct RunTree {
    private let roots: [RunRecord]
    private let forks: [Int: [RunRecord]]
    private let marks: Marks

    static let columns: [TableColumn] = [
        .mark("run"), .words("model"), .mark("status"), .mark("after"), .count("epoch"),
        .measure("val_loss", "val loss"), .essential("changed", least: 28).own(),
    ]

    /// How branches are drawn.
    private struct Marks {
        let fork, last, beside, below, arrow: String

        static let box = Marks(fork: "├─ ", last: "└─ ", beside: "│  ", below: "   ", arrow: "→")
        static let plain = Marks(fork: "|- ", last: "`- ", beside: "|  ", below: "   ", arrow: "->")
    }

    /// A tree of these runs. Siblings keep their order, and a fork whose parent is not among them is a root.
    init(_ runs: [RunRecord], isUnicode: Bool) {
        marks = isUnicode ? Marks.box : Marks.plain
        let shown = Set(runs.map(\.number))
        roots = runs.filter { run in run.parent.map { !shown.contains($0.run) } ?? true }
        forks = Dictionary(grouping: runs.filter { $0.parent != nil }) { $0.parent?.run ?? 0 }
    }

    func write(to table: TableWriter, _ reading: any RegistryReading) throws {
        // A stack, since a chain of forks may be longer than calls can be nested. Its last element comes next.
        var waiting = roots.reversed().map { (run: $0, mark: "", indent: "") }
        while let (run, mark, indent) = waiting.popLast() {
            try table.add(row(run, indent: mark, reading))
            let children = forks[run.number] ?? []
            for (index, child) in children.enumerated().reversed() {
                let isLast = index == children.count - 1
                waiting.append(
                    (child, indent + (isLast ? marks.last : marks.fork), indent + (isLast ? marks.below : marks.beside))
                )
            }
        }
    }

    private func row(_ run: RunRecord, indent: String, _ reading: any RegistryReading) throws -> [JSONValue] {
        var (after, changed) = ("", "")
        if let place = run.parent {
            let parent = try reading.run(place.run)
            // Under its parent the iteration alone is clear, unless a rollback gave the parent several lines.
            let isClear = !indent.isEmpty && parent.segmentCount == 1
            let line = "\(place.run)" + (parent.segmentCount > 1 ? ".\(place.segment)" : "")
            after = "\(place.iteration)" + (isClear ? "" : " of \(line)")
            changed = try changes(from: parent, to: run, reading)
        }
        return [
            .string(indent + "\(run.number)"), .string(run.model), .string(run.status.rawValue), .string(after),
            JSONValue(run.epochs), JSONValue(run.validationLoss), .string(changed),
        ]
    }

    /// `learning_rate 0.005 → 0.01, optimizer adam → sgd`
    private func changes(from parent: RunRecord, to run: RunRecord, _ reading: any RegistryReading) throws -> String {
        let pairs = try Divergence.settings(
            reading.settings(ofRun: parent.number), reading.settings(ofRun: run.number))
        // Settings that only one of the two has come last, because a narrow terminal cuts the end.
        let (both, one) = (pairs.filter { $0.isOfBoth }, pairs.filter { !$0.isOfBoth })
        var changes = (both + one).map {
            "\($0.name) \(SettingText.of($0.first)) \(marks.arrow) \(SettingText.of($0.second))"
        }
        if parent.dataset != run.dataset { changes.append("other data") }
        return changes.isEmpty ? "nothing" : changes.joined(separator: ", ")
    }
}

extension Divergence.SettingPair {
    fileprivate var isOfBoth: Bool { first != nil && second != nil }
}
