package import BPJSON
package import BPTransfer
import BPRegistry

/// The result of a restoration, as JSON and in words.
package struct RestoreText: Details {
    private let report: RestoreReport
    /// The path as it was typed.
    private let file: String
    /// The archive, or nil if the file is a registry.
    private let archive: ArchiveName?
    /// The path of the registry that was restored into.
    private let registry: String

    package init(_ report: RestoreReport, file: String, archive: ArchiveName?, registry: String) {
        (self.report, self.file, self.archive, self.registry) = (report, file, archive, registry)
    }

    /// Sentences beside the result.
    package var notes: [String] { report.notes }

    package var members: [String: JSONValue] {
        [
            "file": .string(file), "kind": .string(archive == nil ? "registry" : "archive"),
            "digest": JSONValue(archive?.digest.hex), "registry": .string(registry),
            "changed": .bool(!report.changedNothing), "runs": .array(report.runs.map(RestoreText.object)),
            "versions": .array(report.versions.map(RestoreText.object)),
            "datasets": .array(report.datasets.map(RestoreText.object)), "tensors": JSONValue(report.tensors),
            "tensors_brought_back": JSONValue(report.tensorsReturned),
            "notes": .array(report.notes.map { .string($0) }),
        ]
    }

    package func fields(hint: String) -> Fields {
        var fields = Fields()
        fields.add("restored", file + (archive.map { ", \(NumberText.grouped($0.bytes)) bytes" } ?? ", a registry"))
        for run in report.runs {
            let renamed = run.number == run.archivedNumber ? "" : " (there \(run.archivedNumber))"
            let length = NumberText.counted(run.iterations, "iteration")
            let last = NumberText.grouped(run.iterations)
            let extent = run.iterationsBefore.map { before in
                (before == run.iterations
                    ? " at iteration \(last)" : " from iteration \(NumberText.grouped(before)) to \(last)")
                    + "\(renamed): model \(run.model)"
            }
            fields.add(
                "run \(run.number)", run.outcome.rawValue + (extent ?? "\(renamed): model \(run.model), \(length)"))
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
        if report.changedNothing { fields.add("", "nothing was missing, and nothing changed") }
        return fields
    }

    private static func object(_ run: RestoreReport.Run) -> JSONValue {
        [
            "run": JSONValue(run.number), "archived_run": JSONValue(run.archivedNumber),
            "uuid": .string(run.uuid.description), "model": .string(run.model),
            "outcome": .string(run.outcome.rawValue), "iteration": JSONValue(run.iterations),
            "from_iteration": JSONValue(run.iterationsBefore),
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
