import ArgumentParser
import BPInterchange
import BPTransfer
import BPRegistry
import BPReport
import BPTraining

/// `bpreg archive REF -o FILE`
struct ArchiveCommand: Subcommand {
    static let help = Help(
        "archive", "Write a run, a version or a model to one archive file",
        usage: "bpreg archive REF -o FILE [--without-data] [--remove] [options]",
        examples: [
            ("bpreg archive 1 -o run1.safetensors", "run 1 with its data"),
            ("bpreg archive iris -o model.safetensors --without-data", "a model, no data"),
            ("bpreg archive 2 -o run2.safetensors --remove", "then free weights"),
        ],
        notes: """
            An archive holds whole runs: those that computed REF, and the runs that these were forked from. bpreg restore
            restores everything, the next iteration included. Other programs can read the weights, since an archive is a
            safetensors file.
            """,
        exits: .registry, [.runAlive], .signals, page: "docs/archive.md")

    @Argument(help: "A run, a version, or a model with all its versions and runs")
    var ref: String

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("File to write", valueName: "file"))
    var file: String

    @Flag(help: "Leave the data out; a resume then needs the original file")
    var withoutData = false

    @Flag(help: "Free the weights in the registry after the file is written and checked")
    var remove = false

    @OptionGroup var overwrite: OverwriteOption

    @OptionGroup var options: ObjectOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        let reference = try Reference(ref)
        if let format = ExportFormat(path: file), format != .safetensors {
            throw Failure(
                .usage, "an archive is a safetensors file, and \(file) ends in .\(format.rawValue)",
                at: "-o \(ShellText.quoted(file))",
                next: "bpreg archive \(ShellText.quoted(ref)) -o "
                    + ShellText.quoted(file.dropLast(format.rawValue.count) + "safetensors"))
        }
        let registry = try Registry.open(at: options.registry.path, for: remove ? .writing : .reading)
        let chosen = try choose(reference, in: registry)
        let (selection, candidates) = (chosen.subject, chosen.candidates)
        let replace = try overwrite.mayReplace(file, in: registry)
        let subject = selection.text
        let stop = StopSignals.listen()
        let name: ArchiveName
        let contents: ArchiveContents
        do {
            (name, contents) = try registry.withTransferSource(of: selection, withData: !withoutData) { source in
                let contents = ArchiveContents(source)
                if remove { try ArchiveCommand.refuseLiving(contents, in: registry) }
                let name = try ArchiveWriter.write(
                    source, candidates: candidates, subject: subject, to: file, replace: replace, version: bpregVersion,
                    isStopped: { stop.received != nil })
                return (name, contents)
            }
        } catch is WritingStopped {
            Notes.say("stopped, and no file was written")
            return stop.received.flatMap(ExitStatus.init(signal:)) ?? .failed
        }
        // The file will be the only copy, so it is read back first.
        let archive = remove ? try ArchiveFile(file) : nil
        try archive?.checkContents()
        let freed = try archive.map {
            try registry.freeWeights(of: selection, archivedIn: $0.absoluteName, holding: $0.contents)
        }
        try options.print(
            ArchiveText(
                reference: ref, file: file, name: name, contents: contents, subject: subject, freed: freed
            ), to: output)
        return .done
    }

    /// The selection to write.
    private func choose(_ reference: Reference, in registry: Registry) throws -> ArchiveSelection {
        if let selection = try ArchiveSelection(reference, in: registry) { return selection }
        let run = if case .run(let run, _, _) = reference { "\(run)" } else { ref }
        throw Failure(
            .usage, "an archive holds whole runs, not single points", at: reference.description,
            next: "bpreg archive \(run) -o \(ShellText.quoted(file))\(options.registry.hint)")
    }

    /// Refuses to free the weights of a run whose process is alive, before the file is written.
    private static func refuseLiving(_ contents: ArchiveContents, in registry: Registry) throws {
        for run in contents.runs { try registry.refuseIfAlive(run.number) }
    }
}
