package import BPInterchange
package import BPJSON
package import BPTransfer
import BPRegistry

/// An archive that was written, as JSON and in words.
package struct ArchiveText: Details {
    /// The reference as it was typed, and the file.
    private let reference: String, file: String
    private let name: ArchiveName
    private let contents: ArchiveContents
    private let subject: String
    /// The weights that were freed, if they were to be.
    private let freed: FreedWeights?

    package init(
        reference: String, file: String, name: ArchiveName, contents: ArchiveContents, subject: String,
        freed: FreedWeights?
    ) {
        (self.reference, self.file, self.name) = (reference, file, name)
        (self.contents, self.subject, self.freed) = (contents, subject, freed)
    }

    package var members: [String: JSONValue] {
        [
            "reference": .string(reference), "file": .string(file), "bytes": JSONValue(name.bytes),
            "digest": .string(name.digest.hex), "subject": .string(subject),
            "runs": .array(contents.runs.map { JSONValue($0.number) }),
            "versions": .array(contents.versions.map { .string($0.name) }),
            "with_data": .bool(contents.datasets.allSatisfy(\.isStored)),
            "removed_tensors": JSONValue(freed?.tensors), "removed_bytes": JSONValue(freed?.bytes),
            "kept_tensors": JSONValue(freed?.kept),
        ]
    }

    package func fields(hint: String) -> Fields {
        var fields = Fields()
        fields.add("archive", "\(file), \(NumberText.grouped(name.bytes)) bytes")
        fields.add("holds", ArchiveText.summary(contents))
        fields.add("digest", name.digest.hex)
        if let freed {
            let text = "\(NumberText.counted(freed.tensors, "tensor")), \(NumberText.bytes(Double(freed.bytes)))"
            fields.add("freed", text + (freed.kept > 0 ? "; \(freed.kept) stay, which others need" : ""))
            fields.add("restore", "bpreg restore \(ShellText.quoted(file))\(hint)")
        }
        return fields
    }

    /// `run 7 and its parent 3; version iris:3; 1 dataset`.
    private static func summary(_ contents: ArchiveContents) -> String {
        func list(_ names: [String], _ noun: String) -> String? {
            if names.isEmpty { return nil }
            let shown = names.prefix(6).joined(separator: ", ") + (names.count > 6 ? ", …" : "")
            return
                (names.count > 6
                ? NumberText.counted(names.count, noun) + ": " : noun + (names.count == 1 ? " " : "s "))
                + shown
        }
        let data = contents.datasets.filter { !$0.isStored }.count
        return [
            list(contents.runs.map { String($0.number) }, "run"), list(contents.versions.map(\.name), "version"),
            contents.datasets.isEmpty
                ? nil
                : list(contents.datasets.map(\.name), "dataset").map {
                    $0 + (data > 0 ? ", of which the content of \(data) is left out" : "")
                },
        ].compactMap { $0 }.joined(separator: "; ")
    }
}
