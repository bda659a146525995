import BPJSON
package import BPRegistry

/// The tags and notes of a run or a version.
package struct AnnotationDetails {
    let tags: [TagRecord]
    let notes: [NoteRecord]

    package init(tags: [TagRecord], notes: [NoteRecord]) { (self.tags, self.notes) = (tags, notes) }

    var members: [String: JSONValue] {
        [
            "tags": .object(Dictionary(uniqueKeysWithValues: tags.map { ($0.name, .string($0.value)) })),
            "notes": .array(
                notes.map {
                    ["id": JSONValue($0.id), "written": TimeText.json($0.created), "text": .string($0.text)]
                }
            ),
        ]
    }

    func add(to fields: inout Fields) {
        fields.add("tags", tags.isEmpty ? nil : tags.map { "\($0.name)=\($0.value)" }.joined(separator: ", "))
        for note in notes { fields.add("note \(note.id)", note.text) }
    }
}
