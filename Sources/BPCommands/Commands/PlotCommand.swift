import ArgumentParser
import BPRegistry
import BPReport

/// `bpreg plot REF …`
struct PlotCommand: Subcommand {
    static let help = Help(
        "plot", "Plot losses and scores in the terminal or as an SVG file",
        usage: "bpreg plot REF ... [--metric METRICS] [-o FILE.svg] [options]",
        examples: [
            ("bpreg plot 1", "in the terminal"),
            ("bpreg plot 1 2 --metric val_loss --log", "compare two runs"),
            ("bpreg plot 1 2 -o runs.svg", "write an SVG file"),
        ],
        notes: """
            The curve of a run follows its line to the head. The part of its parent is included, with a mark at the fork. For a
            version or a model the run is drawn to its end, and the epoch of the version is marked. The curve of a point ends
            there. The best epoch is marked. Values that are not finite are gaps, with a note.
            """,
        exits: .registry, page: "docs/compare.md#curves")

    @Argument(help: ArgumentHelp("Runs, points of runs, versions or models", valueName: "ref"))
    var refs: [String]

    @Option(
        help: ArgumentHelp(
            "Series to draw, separated by commas (default: all)", valueName: "loss,val_loss,val_score"))
    var metric: String?

    @Flag(help: "Draw the loss of every iteration instead of every epoch")
    var iterations = false

    @Flag(help: "Use a logarithmic axis for losses, and for scores if they are drawn alone")
    var log = false

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp("SVG file to write (default: draw in the terminal)", valueName: "file.svg"))
    var output: String?

    @OptionGroup var overwrite: OverwriteOption

    @OptionGroup var registryOption: RegistryOption

    func execute(_ out: Output) throws -> ExitStatus {
        let file = try output.map(PlotCommand.checked)
        try overwrite.check(file, option: "-o")
        let wanted = try metric.map(PlotCommand.metrics)
        let registry = try Registry.open(at: registryOption.path, for: .reading)
        let target = try file.map { try overwrite.output($0, in: registry) }
        let width = out.width ?? 80
        let plot = try CurvePlot(
            of: refs, in: registry, wanted, typed: metric, byIteration: iterations, isLogarithmic: log,
            width: file == nil ? width : nil, hint: registryOption.hint)
        if let file, let target {
            let text = plot.svg
            try target.write(text)
            try target.finish()
            for note in plot.notes { Notes.say(note) }
            Notes.say("wrote \(NumberText.bytes(Double(text.utf8.count))) to \(file)")
        } else {
            try plot.write(width: width, to: out)
        }
        return .done
    }

    /// `p.svg` of `p.png`.
    private static func svgName(_ path: String) -> String {
        let stem = NamedFile.stem(of: path)
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        return folder + (stem.isEmpty ? "plot" : stem) + ".svg"
    }

    private static func checked(_ path: String) throws -> String {
        guard path.lowercased().hasSuffix(".svg") else {
            throw Failure(
                .usage, "a plot is written as SVG, and \(path) does not end in .svg",
                at: "-o \(ShellText.quoted(path))",
                next: "name a file that ends in .svg",
                correction: .replacing(path, with: PlotCommand.svgName(path), remark: "SVG is all that plot writes"))
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
}
