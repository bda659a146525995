import BPJSON
import BPRegistry
import BPTraining

/// The series of a run as a table: the epochs or iterations of `range`, stretch after stretch.
package struct History {
    private let run: Int
    private let stretches: [HistoryStretch]
    private let range: Range<Int>
    private let reading: any RegistryReading
    private let format: OutputFormat
    private let output: Output

    /// - Parameters:
    ///   - all: whether to print every segment of the run and not the line alone.
    ///   - own: whether to leave out the part that a fork has from its parent.
    package init(
        _ line: RunLine, range: Range<Int>, all: Bool = false, own: Bool = false, in reading: any RegistryReading,
        format: OutputFormat, output: Output
    ) throws {
        let stretches =
            try all
            ? HistoryStretch.all(ofRun: line.run, in: reading)
            : HistoryStretch.line(ofRun: line.run, segment: line.segment, in: reading)
        self.stretches = stretches.filter { !own || $0.run == line.run }
        (run, self.range, self.reading) = (line.run, range, reading)
        (self.format, self.output) = (format, output)
    }

    package func printEpochs() throws {
        let score = try scoreColumn()
        let table = TableWriter(
            [
                .count("epoch"), .count("iteration"), .measure("loss"), .measure("val_loss", "val loss"),
                score, .seconds("seconds"), .hidden("loss_bits"), .hidden("run"),
            ] + originColumns, format: format, output: output)
        for stretch in stretches {
            try Pages.each(of: stretch.epochs.clamped(to: range), size: 4096) { page in
                let epochs = try reading.epochs(
                    ofRun: stretch.run, segment: stretch.segment, from: page.lowerBound, to: page.upperBound)
                for epoch in epochs { try table.add(row(epoch) + origin(stretch)) }
                return epochs.count
            }
        }
        let least = stretches.map(\.epochs.lowerBound).min() ?? 1
        try table.finish(
            empty: least > 1
                ? "no epoch has ended in this range; what is asked for begins with epoch \(least)"
                : "no epoch has ended in this range; --iterations lists iterations")
    }

    package func printIterations() throws {
        let table = TableWriter(
            [.count("iteration"), .measure("loss"), .mark("loss_bits", "bits")] + originColumns, format: format,
            output: output)
        for stretch in stretches {
            let origin = origin(stretch)
            try Pages.each(of: stretch.iterations.clamped(to: range), size: 65_536) { page in
                let losses = try reading.losses(
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

    /// The score of an epoch: an accuracy reads as a percentage.
    private func scoreColumn() throws -> TableColumn {
        let name = try reading.run(run).scoreName
        let title = "val " + ScoreTitle.of(Set([name].compactMap { $0 }))
        return TableColumn(key: "val_score", title: title, alignment: .right, shrinks: false) { value in
            value.number.map { name == "accuracy" ? NumberText.percent($0) : NumberText.measure($0) } ?? "–"
        }
    }

    /// The run and segment that recorded a row. Text has a column only if its values differ.
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
            RecordJSON.score(epoch.validationScore), .seconds(epoch.seconds), .string(Bits.hex(epoch.loss)),
            JSONValue(run),
        ]
    }
}
