import ArgumentParser
import BPInterchange
import BPTransfer
import BPRegistry
import BPReport
import BPTraining

/// `bpreg archive REF -o FILE`
struct ArchiveCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "archive", abstract: "Writes a run, a version or a model to one file that outlives the registry.",
        usage: "bpreg archive REF -o FILE [--without-data] [--remove] [--force] [options]",
        discussion: """
            The file is a safetensors file: others read layer1.weight, layer1.bias and so on out of it, and bpreg restore \
            brings everything back, the next iteration included. What goes into it are whole runs: those that computed what \
            REF names, and the runs these were forked from. --remove frees the weights in the registry afterwards; what \
            they were stays, and names the file.
            """)

    @Argument(help: "A run, a version, or a model, with all its versions and runs.")
    var ref: String

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("The file to write.", valueName: "file"))
    var file: String

    @Flag(help: "Leave the data out; a resume will ask for the file that they came from.")
    var withoutData = false

    @Flag(help: "Free the weights in the registry when the file is written and checked.")
    var remove = false

    @OptionGroup var overwrite: OverwriteOption

    @OptionGroup var options: ObjectOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        let reference = try Reference(ref)
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
            .usage, "whole runs are archived, not points of one", at: reference.description,
            next: "bpreg archive \(run) -o \(ShellText.quoted(file))\(options.registry.hint)")
    }

    /// Refuses to free the weights of a run whose process is alive, before the file is written.
    private static func refuseLiving(_ contents: ArchiveContents, in registry: Registry) throws {
        for run in contents.runs { try registry.refuseIfAlive(run.number) }
    }
}
