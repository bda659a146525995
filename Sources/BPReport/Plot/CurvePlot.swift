/// The picture of some sources' curves.
package struct CurvePlot {
    private let plot: Plot

    /// Sentences about the curves, such as gaps.
    package var notes: [String] { plot.notes }

    /// The picture as an SVG file.
    package var svg: String { SVGPlot(plot: plot).text }

    /// The picture of the series of what `references` name.
    /// - Parameters:
    ///   - wanted: the series to draw, or nil for those that there are.
    ///   - typed: the series as they were typed, for errors.
    ///   - width: the columns of the terminal, or nil for an SVG file.
    ///   - hint: the option that names the registry, for errors.
    package init(
        of references: [String], in reading: any RegistryReading, _ wanted: [PlotMetric]?, typed: String?,
        byIteration: Bool, isLogarithmic: Bool, width: Int?, hint: String
    ) throws {
        let sources = try references.map { try CurveSource($0, in: reading) }
        for source in sources { try source.check(wanted, typed: typed, byIteration: byIteration, hint: hint) }
        let metrics =
            wanted ?? PlotMetric.allCases.filter { metric in sources.contains { $0.metrics.contains(metric) } }
        let labels = try CurveLabels(sources, in: reading)
        try self.init(
            sources, labels, metrics, byIteration: byIteration, isLogarithmic: isLogarithmic,
            columns: width.map { 2 * $0 } ?? SVGPlot.columns)
    }

    /// Prints the picture as text.
    package func write(width: Int, to output: Output) throws {
        let drawn = TerminalPlot(
            plot: plot, width: width, isUnicode: output.isUnicode, hasColour: output.hasColour)
        for line in drawn.lines { try output.line(line) }
        try output.finish()
    }

    /// One source has its losses in one panel. Several have a panel for each metric, in which they are compared.
    private init(
        _ sources: [CurveSource], _ labels: CurveLabels, _ metrics: [PlotMetric], byIteration: Bool,
        isLogarithmic: Bool, columns: Int
    ) throws {
        let isAlone = sources.count == 1
        let hasLoss = metrics.contains { $0.isLoss }
        let groups: [[PlotMetric]] =
            isAlone ? [metrics.filter(\.isLoss), metrics.filter { !$0.isLoss }] : metrics.map { [$0] }
        let scoreNames = Set(sources.map(\.scoreName))
        func title(_ metric: PlotMetric) -> String {
            switch metric {
            case .loss: byIteration ? "batch loss" : "loss"
            case .validationLoss: "val loss"
            case .validationScore: "val " + (scoreNames.count == 1 ? scoreNames.first ?? "score" : "score")
            }
        }
        let curves = try zip(sources, labels.texts).map { source, label in
            let place = source.bestPlace(byIteration: byIteration).map { "best: \($0)" }
            let name = [source.name, label, place ?? ""].filter { !$0.isEmpty }.joined(separator: " · ")
            return try source.curves(
                metrics.filter(source.metrics.contains), byIteration: byIteration, columns: columns,
                isLogarithmic: { isLogarithmic && ($0.isLoss || !hasLoss) },
                name: { isAlone ? title($0) : name })
        }
        let marks =
            CurveSource.marks(of: sources, byIteration: byIteration)
            + sources.compactMap { $0.versionMark(byIteration: byIteration) }
        let place = sources[0].bestPlace(byIteration: byIteration)
        var panels: [Panel] = []
        var notes: [String] = []
        for group in groups where !group.isEmpty {
            let isLogarithmic = isLogarithmic && (group[0].isLoss || !hasLoss)
            var shown: [Curve] = []
            for (source, curves) in zip(sources, curves) {
                for metric in group {
                    guard let curve = curves[metric] else { continue }
                    shown.append(curve)
                    if let undrawn = curve.undrawn {
                        let unit = byIteration ? "iteration" : "epoch"
                        notes.append(
                            "\(title(metric)) of \(source.name): "
                                + "\(NumberText.counted(undrawn.count, "value is", "values are")) not finite"
                                + (isLogarithmic ? " or not above 0" : "")
                                + ", a gap; the first at \(unit) \(NumberText.grouped(Int(undrawn.first)))")
                    }
                }
            }
            panels.append(
                Panel(
                    title: group.map(title).joined(separator: ", "), curves: shown, isLogarithmic: isLogarithmic,
                    marks: marks, isShare: group == [.validationScore] && scoreNames == ["accuracy"],
                    bestText: !shown.contains { $0.best != nil }
                        ? nil : isAlone ? place.map { "best: \($0)" } : "the best epoch of a run"))
        }
        let last = sources.map { byIteration ? $0.lastIteration : $0.lastEpoch }.max() ?? 1
        plot = Plot(
            title: CurvePlot.title(of: sources),
            xTitle: byIteration ? "iteration" : "epoch", panels: panels, notes: notes,
            xRange: 0...Double(max(1, last)))
    }

    /// `run 1, run 2 of digits`
    private static func title(of sources: [CurveSource]) -> String {
        let models = Set(sources.map(\.run.model))
        guard models.count == 1, let model = models.first else {
            return sources.map { $0.name == $0.reference ? $0.name : "\($0.name) of \($0.run.model)" }
                .joined(separator: ", ")
        }
        let names = sources.map(\.name).joined(separator: ", ")
        return sources.allSatisfy { $0.name == $0.reference } ? names : "\(names) of \(model)"
    }
}
