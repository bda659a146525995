package import BPInterchange
package import BPJSON
package import BPRegistry

/// An archive that was written, as JSON and in words.
package struct ArchiveText: Details {
    /// The reference as it was typed, and the file.
    private let reference: String, file: String
    private let name: ArchiveName
    private let contents: ArchiveContents
    private let subject: String
    /// The weights that were freed, if they were to be.
    private let putAway: PutAway?

    package init(
        reference: String, file: String, name: ArchiveName, contents: ArchiveContents, subject: String,
        putAway: PutAway?
    ) {
        (self.reference, self.file, self.name) = (reference, file, name)
        (self.contents, self.subject, self.putAway) = (contents, subject, putAway)
    }

    package var members: [String: JSONValue] {
        [
            "reference": .string(reference), "file": .string(file), "bytes": JSONValue(name.bytes),
            "digest": .string(name.digest.hex), "subject": .string(subject),
            "runs": .array(contents.runs.map { JSONValue($0.number) }),
            "versions": .array(contents.versions.map { .string($0.name) }),
            "with_data": .bool(contents.datasets.allSatisfy(\.isStored)),
            "removed_tensors": JSONValue(putAway?.tensors), "removed_bytes": JSONValue(putAway?.bytes),
            "kept_tensors": JSONValue(putAway?.kept),
        ]
    }

    package func fields(hint: String) -> Fields {
        var fields = Fields()
        fields.add("archive", "\(file), \(NumberText.grouped(name.bytes)) bytes")
        fields.add("holds", ArchiveText.summary(contents))
        fields.add("digest", name.digest.hex)
        if let putAway {
            let freed = "\(NumberText.counted(putAway.tensors, "tensor")), \(NumberText.bytes(Double(putAway.bytes)))"
            fields.add("freed", freed + (putAway.kept > 0 ? "; \(putAway.kept) stay, which others need" : ""))
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
