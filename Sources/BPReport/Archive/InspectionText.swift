package import BPInterchange
package import BPJSON
import BPRegistry
import BPTraining

/// The contents of an archive, as JSON and in words.
package struct InspectionText: Details {
    private let archive: ArchiveFile
    /// Its path as it was typed.
    private let file: String
    private let contents: ArchiveContents

    package init(_ archive: ArchiveFile, file: String) {
        (self.archive, self.file, contents) = (archive, file, ArchiveContents(archive))
    }

    package var members: [String: JSONValue] {
        [
            "file": .string(file), "bytes": JSONValue(archive.name.bytes), "digest": .string(archive.name.digest.hex),
            "subject": .string(archive.subject), "written_by": .string(archive.writtenBy),
            "weights": archive.weights.map(InspectionText.object) ?? .null,
            "runs": .array(contents.runs.map(InspectionText.object)),
            "versions": .array(contents.versions.map(InspectionText.object)),
            "datasets": .array(contents.datasets.map(InspectionText.object)),
            "contents": JSONValue(contents.contents), "content_bytes": JSONValue(contents.bytes),
        ]
    }

    package func fields(hint: String) -> Fields {
        var fields = Fields()
        fields.add("archive", "\(file), \(NumberText.grouped(archive.name.bytes)) bytes, sound")
        fields.add("of", InspectionText.name(archive.subject))
        fields.add("written by", "bpreg \(archive.writtenBy)")
        fields.add("digest", archive.name.digest.hex)
        if let weights = archive.weights {
            let number =
                contents.runs.first { $0.uuid == weights.run }.map { "run \($0.number)" } ?? "run \(weights.run)"
            let place = "\(number), epoch \(weights.epoch), iteration \(NumberText.grouped(weights.iteration))"
            fields.add("layers", TrainingText.layers(weights.network))
            fields.add("weights of", weights.version.map { "\($0), \(place)" } ?? place)
            fields.add("SHA-256", weights.digest.hex)
        }
        fields.part("Runs, as numbered where they came from")
        for run in contents.runs {
            let parent = run.parent.map { uuid in
                contents.runs.first { $0.uuid == uuid }.map { ", forked from \($0.number)" } ?? ""
            }
            fields.add(
                "run \(run.number)",
                "model \(run.model), \(run.status ?? "without an end"), \(NumberText.counted(run.epochs, "epoch")), "
                    + "\(NumberText.counted(run.iterations, "iteration")), "
                    + NumberText.counted(run.keyframes, "keyframe") + (parent ?? ""))
        }
        for version in contents.versions {
            fields.add(
                version.name,
                "run \(version.run), iteration \(NumberText.grouped(version.iteration)), "
                    + (version.weights.map { String($0.prefix(12)) } ?? "no weights"))
        }
        for dataset in contents.datasets {
            fields.add(
                "data",
                "\(dataset.name), \(NumberText.grouped(dataset.rows)) × \(dataset.columns), "
                    + (dataset.isStored ? "in the file" : "as hash alone: a resume will ask for the file"))
        }
        return fields
    }

    /// `version iris:3` of `version:iris:3`.
    private static func name(_ subject: String) -> String {
        guard let colon = subject.firstIndex(of: ":") else { return subject == "all" ? "a whole registry" : subject }
        return subject[..<colon] + " " + subject[subject.index(after: colon)...]
    }

    private static func object(_ weights: ArchiveWeights) -> JSONValue {
        [
            "run": .string(weights.run.description), "segment": JSONValue(weights.segment),
            "iteration": JSONValue(weights.iteration), "epoch": JSONValue(weights.epoch),
            "version": JSONValue(weights.version), "layers": weights.network.json,
            "weights_sha256": .string(weights.digest.hex),
        ]
    }

    private static func object(_ run: ArchiveContents.Run) -> JSONValue {
        [
            "run": JSONValue(run.number), "uuid": JSONValue(run.uuid?.description), "model": .string(run.model),
            "status": JSONValue(run.status), "epoch": JSONValue(run.epochs), "iteration": JSONValue(run.iterations),
            "keyframes": JSONValue(run.keyframes), "parent": JSONValue(run.parent?.description),
        ]
    }

    private static func object(_ version: ArchiveContents.Version) -> JSONValue {
        [
            "version": .string(version.name), "uuid": JSONValue(version.uuid?.description),
            "run": JSONValue(version.run), "iteration": JSONValue(version.iteration),
            "weights_sha256": JSONValue(version.weights),
        ]
    }

    private static func object(_ dataset: ArchiveContents.Dataset) -> JSONValue {
        [
            "dataset_sha256": .string(dataset.hash), "name": .string(dataset.name), "rows": JSONValue(dataset.rows),
            "columns": JSONValue(dataset.columns), "stored": .bool(dataset.isStored),
        ]
    }
}
