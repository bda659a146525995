internal import BPJSON
package import BPTransfer
package import BPRegistry

/// A summary of a document, for people who want to know its content before they restore it.
///
/// The summary repeats the document. A restoration checks whether the document is consistent.
package struct ArchiveContents: Sendable, Equatable {
    /// The runs, parents first.
    package let runs: [Run]
    /// The versions, run by run.
    package let versions: [Version]
    /// The datasets.
    package let datasets: [Dataset]
    /// How many tensors and columns there are.
    package let contents: Int
    /// Bytes of all parts.
    package let bytes: Int

    /// A run.
    package struct Run: Sendable, Equatable {
        /// Its number where it came from.
        package let number: Int
        /// Its name for the world.
        package let uuid: UUIDv7?
        /// Its model.
        package let model: String
        /// How it ended; nil where it had no end.
        package let status: String?
        /// The last iteration of its line.
        package let iterations: Int
        /// Epochs of its line.
        package let epochs: Int
        /// Complete keyframes.
        package let keyframes: Int
        /// The name for the world of the run that it was forked from.
        package let parent: UUIDv7?
    }

    /// A version.
    package struct Version: Sendable, Equatable {
        /// Its model.
        package let model: String
        /// Its number where it came from.
        package let number: Int
        /// Its name for the world.
        package let uuid: UUIDv7?
        /// The run that computed it, by its number.
        package let run: Int
        /// The iteration.
        package let iteration: Int
        /// The SHA-256 of its parameters.
        package let weights: String?

        /// `iris:3`.
        package var name: String { "\(model):\(number)" }
    }

    /// A dataset.
    package struct Dataset: Sendable, Equatable {
        /// Its hash.
        package let hash: String
        /// Its name.
        package let name: String
        /// How many rows it has.
        package let rows: Int
        /// How many columns it has.
        package let columns: Int
        /// Whether its content goes along, or only its hash.
        package let isStored: Bool
    }

    /// What `source` holds.
    package init(_ source: any TransferSource) {
        let document = source.document
        var versions: [Version] = []
        runs = (document["runs"]?.array ?? []).map { run in
            let number = run["id"]?.int ?? 0
            for version in run["versions"]?.array ?? [] {
                let parameters = version["tensors"]?.array?.first { $0["name"]?.string == TensorName.parameters }
                versions.append(
                    Version(
                        model: version["model"]?.string ?? "", number: version["number"]?.int ?? 0,
                        uuid: ArchiveContents.uuid(version["uuid"]), run: number,
                        iteration: version["iteration"]?.int ?? 0, weights: parameters?["tensor"]?.string))
            }
            return Run(
                number: number, uuid: ArchiveContents.uuid(run["uuid"]), model: run["model"]?.string ?? "",
                status: run["status"]?.string, iterations: run["iterations"]?.int ?? 0, epochs: run["epochs"]?.int ?? 0,
                keyframes: run["keyframes"]?.array?.count ?? 0, parent: ArchiveContents.uuid(run["parent_run"]))
        }
        self.versions = versions
        datasets = (document["datasets"]?.array ?? []).map { dataset in
            Dataset(
                hash: dataset["hash"]?.string ?? "", name: dataset["name"]?.string ?? "",
                rows: dataset["rows"]?.int ?? 0, columns: dataset["columns"]?.array?.count ?? 0,
                isStored: dataset["stored"]?.int == 1)
        }
        var (contents, bytes) = (0, 0)
        for part in source.parts {
            if case .content = part.name { contents += 1 }
            bytes = bytes.addingReportingOverflow(part.count &* part.type.width).partialValue
        }
        (self.contents, self.bytes) = (contents, bytes)
    }

    /// A record has a UUID as 32 hex digits.
    private static func uuid(_ value: JSONValue?) -> UUIDv7? {
        value?.string.flatMap(hexBytes).flatMap(UUIDv7.init(bytes:))
    }
}
