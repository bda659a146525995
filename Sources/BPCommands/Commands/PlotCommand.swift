import ArgumentParser
import BPRegistry
import BPTraining

/// `bpreg plot REF …`
struct PlotCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "plot", abstract: "Draws losses and scores, in the terminal or as an SVG file.",
        usage: "bpreg plot REF … [-o FILE.svg] [options]",
        discussion: """
            A run's curve is that of the line to its head, its parent's part included and marked where it ends; that of a \
            version or a point ends there. A NaN or an infinity is a gap, and told.
            """)

    @Argument(help: "Runs, points of runs, versions or models.")
    var refs: [String]

    @Option(
        help: ArgumentHelp(
            "What to draw (default: all that there is).", valueName: "loss,val_loss,val_score"))
    var metric: String?

    @Flag(help: "The loss of every iteration instead of every epoch.")
    var iterations = false

    @Flag(help: "Losses on a logarithmic axis; scores too where they are drawn alone.")
    var log = false

    @Option(name: [.customShort("o"), .long], help: ArgumentHelp("Write an SVG file.", valueName: "file.svg"))
    var output: String?

    @OptionGroup var registryOption: RegistryOption

    func execute(_ out: Output) throws -> ExitStatus {
        let file = try output.map(PlotCommand.checked)
        let wanted = try metric.map(PlotCommand.metrics)
        let registry = try Registry.open(at: registryOption.path, for: .reading)
        let sources = try refs.map { try CurveSource($0, in: registry) }
        for source in sources { try check(source, wanted) }
        let metrics =
            wanted ?? PlotMetric.allCases.filter { metric in sources.contains { $0.metrics.contains(metric) } }
        let width = out.width ?? 80
        let plot = try CurvePlot(
            sources, metrics, byIteration: iterations, isLogarithmic: log,
            columns: file == nil ? 2 * width : SVGPlot.columns
        ).plot
        if let file {
            let text = SVGPlot(plot: plot).text
            let target = try NamedFile.output(file)
            try target.write(text)
            try target.finish()
            for note in plot.notes { Notes.say(note) }
            Notes.say("wrote \(NumberText.bytes(Double(text.utf8.count))) to \(file)")
        } else {
            let drawn = TerminalPlot(
                plot: plot, width: width, isUnicode: Terminal.isUnicode, hasColour: out.hasColour)
            for line in drawn.lines { try out.line(line) }
            try out.finish()
        }
        return .done
    }

    private static func checked(_ path: String) throws -> String {
        guard path.lowercased().hasSuffix(".svg") else {
            throw Failure(
                .usage, "a plot is written as SVG, and \(path) does not end in .svg",
                at: "-o \(ShellText.quoted(path))",
                next: "-o \(ShellText.quoted(path + ".svg"))")
        }
        return path
    }

    private static func metrics(_ list: String) throws -> [PlotMetric] {
        let choice = NameChoice(option: "--metric", supported: PlotMetric.allCases.map(\.rawValue))
        let named = try list.split(separator: ",", omittingEmptySubsequences: false).map { name -> PlotMetric in
            try choice.value(String(name))
        }
        return PlotMetric.allCases.filter(named.contains)
    }

    /// Refuses a run that has not what is to be drawn.
    private func check(_ source: CurveSource, _ wanted: [PlotMetric]?) throws {
        let (reference, hint) = (source.reference, registryOption.hint)
        if let missing = wanted?.first(where: { !source.metrics.contains($0) }) {
            let metrics = source.metrics.map(\.rawValue).joined(separator: ", ")
            throw Failure(
                .failed,
                "run \(source.run.number) has no \(missing.rawValue), for it has no validation split; it has: \(metrics)",
                at: "--metric \(metric ?? "")", next: "--metric \(metrics)")
        }
        guard source.lastIteration > 0 else {
            throw Failure(
                .failed, "\(reference) has no iteration yet: there is nothing to draw", at: "run \(source.run.number)",
                next: "bpreg show \(source.run.number)\(hint)")
        }
        guard iterations || source.lastEpoch > 0 else {
            throw Failure(
                .failed,
                "no epoch has ended at \(reference), only \(NumberText.counted(source.lastIteration, "iteration")) recorded",
                at: "run \(source.run.number)", next: "bpreg plot \(ShellText.quoted(reference)) --iterations\(hint)")
        }
    }
}

/// The picture of some sources' curves.
struct CurvePlot {
    let plot: Plot

    /// One source has its losses in one panel; several have a panel for each metric, in which they are compared.
    init(
        _ sources: [CurveSource], _ metrics: [PlotMetric], byIteration: Bool, isLogarithmic: Bool, columns: Int
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
        let curves = try sources.map { source in
            try source.curves(
                metrics.filter(source.metrics.contains), byIteration: byIteration, columns: columns,
                isLogarithmic: { isLogarithmic && ($0.isLoss || !hasLoss) },
                name: { isAlone ? title($0) : source.name })
        }
        let forks = CurveSource.marks(of: sources, byIteration: byIteration)
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
                    marks: forks))
        }
        let last = sources.map { byIteration ? $0.lastIteration : $0.lastEpoch }.max() ?? 1
        plot = Plot(
            title: sources.map { $0.name == $0.reference ? $0.name : "\($0.name) of \($0.run.model)" }
                .joined(separator: ", "),
            xTitle: byIteration ? "iteration" : "epoch", panels: panels, notes: notes,
            xRange: 0...Double(max(1, last)))
    }
}
