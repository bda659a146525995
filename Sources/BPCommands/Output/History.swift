import BPJSON
import BPRegistry
import BPTraining

/// The series of a run as a table: its stretches one after the other, `range` being the epochs or iterations wanted.
struct History {
    let run: Int
    let stretches: [HistoryStretch]
    let range: Range<Int>
    let registry: Registry
    let format: OutputFormat
    let output: Output

    func printEpochs() throws {
        let table = TableWriter(
            [
                .count("epoch"), .count("iteration"), .measure("loss"), .measure("val_loss", "val loss"),
                .measure("val_score", "val score"), .seconds("seconds"), .hidden("loss_bits"), .hidden("run"),
            ] + originColumns, format: format, output: output)
        for stretch in stretches {
            try Pages.each(of: stretch.epochs.clamped(to: range), size: 4096) { page in
                let epochs = try registry.epochs(
                    ofRun: stretch.run, segment: stretch.segment, from: page.lowerBound, to: page.upperBound)
                for epoch in epochs { try table.add(row(epoch) + origin(stretch)) }
                return epochs.count
            }
        }
        try table.finish(empty: "no epoch has ended in this range; --iterations lists iterations")
    }

    func printIterations() throws {
        let table = TableWriter(
            [.count("iteration"), .measure("loss"), .mark("loss_bits", "bits")] + originColumns, format: format,
            output: output)
        for stretch in stretches {
            let origin = origin(stretch)
            try Pages.each(of: stretch.iterations.clamped(to: range), size: 65_536) { page in
                let losses = try registry.losses(
                    ofRun: stretch.run, segment: stretch.segment, from: page.lowerBound, to: page.upperBound)
                for (offset, loss) in losses.enumerated() {
                    try table.add(
                        [JSONValue(page.lowerBound + offset), .float(loss), .string(Bits.hex(loss))] + origin)
                }
                return losses.count
            }
        }
        try table.finish(empty: "no iteration is recorded in this range")
    }

    /// Who recorded a row. Text has a column only where its values differ.
    private var originColumns: [TableColumn] {
        let superseded = TableColumn(
            key: "superseded", title: stretches.contains(where: \.isSuperseded) ? "" : nil, alignment: .left,
            shrinks: false, text: { $0 == true ? "superseded" : "" })
        return [
            Set(stretches.map(\.run)).count > 1 ? .count("part_run", "run") : .hidden("part_run"),
            stretches.contains { $0.segment > 1 } ? .count("segment") : .hidden("segment"), superseded,
        ]
    }

    private func origin(_ stretch: HistoryStretch) -> [JSONValue] {
        [JSONValue(stretch.run), JSONValue(stretch.segment), .bool(stretch.isSuperseded)]
    }

    private func row(_ epoch: EpochRecord) -> [JSONValue] {
        [
            JSONValue(epoch.epoch), JSONValue(epoch.iteration), .float(epoch.loss), JSONValue(epoch.validationLoss),
            JSONValue(epoch.validationScore), .seconds(epoch.seconds), .string(Bits.hex(epoch.loss)), JSONValue(run),
        ]
    }
}
