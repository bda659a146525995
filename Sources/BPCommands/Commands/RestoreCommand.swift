import ArgumentParser
import BPInterchange
import BPJSON
import BPRegistry
import BPTransfer

/// `bpreg restore FILE`
struct RestoreCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Brings back what an archive holds, or the runs of another registry.",
        usage: "bpreg restore FILE|OTHER.sqlite [options]",
        discussion: """
            What is there already is recognised, so restoring twice changes nothing. Numbers of runs and versions are kept \
            where they are free. The registry is made if there is none. A file is told by what is in it, not by its name; \
            another registry must be one of your own: verify looks at all of it first.
            """)

    @Argument(help: "An archive, or a registry.")
    var file: String

    @OptionGroup var options: ObjectOptions

    var registryOption: RegistryOption { options.registry }

    func execute(_ output: Output) throws -> ExitStatus {
        if try RestoreCommand.isRegistry(file) {
            let other = try RestoreCommand.openOther(file)
            let registry = try Registry.open(at: options.registry.path, for: .creating)
            let report: RestoreReport
            do {
                report = try other.withTransferSource(of: .all) { try registry.restore(from: $0) }
            } catch let error as RegistryError {
                guard case .archived = error else { throw error }
                // They must be back in the other registry before it can give them.
                throw Failure(error, registry: RestoreCommand.option(file))
            }
            try print(report, digest: nil, bytes: nil, output)
        } else {
            let archive = try ArchiveFile(file)
            let registry = try Registry.open(at: options.registry.path, for: .creating)
            let report = try registry.restore(from: archive)
            try print(report, digest: archive.name.digest, bytes: archive.name.bytes, output)
        }
        return .done
    }

    /// Whether the file begins as every SQLite file does.
    static func isRegistry(_ path: String) throws -> Bool {
        let file = try InputFile(path)
        return try file.size >= 16 && file.bytes(at: 0, count: 16) == NamedFile.magic
    }

    private static func option(_ path: String) -> RegistryOption {
        var option = RegistryOption()
        option.given = path
        return option
    }

    /// Opens another registry, and takes nothing from it that is not sound.
    private static func openOther(_ path: String) throws -> Registry {
        let option = option(path)
        do {
            let other = try Registry.open(at: path, for: .reading)
            let report = try other.verify()
            guard report.isSound else {
                throw Failure(
                    .damaged, "the other registry is damaged: \(NumberText.counted(report.findings.count, "finding"))",
                    at: ShellText.quoted(path), next: "bpreg verify\(option.hint)   # tells all that is damaged")
            }
            return other
        } catch {
            throw Failure(error, registry: option)
        }
    }

    private func print(_ report: RestoreReport, digest: SHA256Digest?, bytes: Int?, _ output: Output) throws {
        if options.json {
            return try output.object([
                "file": .string(file), "kind": .string(digest == nil ? "registry" : "archive"),
                "digest": JSONValue(digest?.hex), "registry": .string(options.registry.path),
                "changed": .bool(!report.changedNothing), "runs": .array(report.runs.map(RestoreCommand.object)),
                "versions": .array(report.versions.map(RestoreCommand.object)),
                "datasets": .array(report.datasets.map(RestoreCommand.object)), "tensors": JSONValue(report.tensors),
                "tensors_brought_back": JSONValue(report.tensorsReturned),
                "notes": .array(report.notes.map { .string($0) }),
            ])
        }
        for note in report.notes { Notes.say(note) }
        var fields = Fields()
        fields.add("restored", file + (bytes.map { ", \(NumberText.grouped($0)) bytes" } ?? ", a registry"))
        for run in report.runs {
            let renamed = run.number == run.archivedNumber ? "" : " (there \(run.archivedNumber))"
            fields.add(
                "run \(run.number)",
                "\(run.outcome.rawValue)\(renamed): model \(run.model), \(NumberText.counted(run.iterations, "iteration"))"
            )
        }
        for version in report.versions {
            let renamed = version.number == version.archivedNumber ? "" : " (there \(version.archivedNumber))"
            fields.add("\(version.model):\(version.number)", version.outcome.rawValue + renamed)
        }
        for dataset in report.datasets {
            fields.add(
                "data", "\(dataset.name): \(dataset.outcome.rawValue)" + (dataset.isStored ? "" : ", as hash alone"))
        }
        if report.tensorsReturned > 0 {
            fields.add("back", NumberText.counted(report.tensorsReturned, "tensor") + " that had gone to an archive")
        }
        if report.changedNothing { fields.add("", "nothing was missing, and nothing was changed") }
        try fields.write(to: output)
        try output.finish()
    }

    private static func object(_ run: RestoreReport.Run) -> JSONValue {
        [
            "run": JSONValue(run.number), "archived_run": JSONValue(run.archivedNumber),
            "uuid": .string(run.uuid.description), "model": .string(run.model),
            "outcome": .string(run.outcome.rawValue), "iteration": JSONValue(run.iterations),
        ]
    }

    private static func object(_ version: RestoreReport.Version) -> JSONValue {
        [
            "version": .string("\(version.model):\(version.number)"),
            "archived_version": .string("\(version.model):\(version.archivedNumber)"),
            "uuid": .string(version.uuid.description), "outcome": .string(version.outcome.rawValue),
        ]
    }

    private static func object(_ dataset: RestoreReport.Dataset) -> JSONValue {
        [
            "dataset_sha256": .string(dataset.hash.hex), "name": .string(dataset.name),
            "outcome": .string(dataset.outcome.rawValue), "stored": .bool(dataset.isStored),
        ]
    }
}
