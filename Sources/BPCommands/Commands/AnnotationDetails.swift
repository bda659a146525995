import BPJSON
import BPRegistry

/// What people gave to a run or a version: tags and notes.
struct AnnotationDetails {
    private let tags: [TagRecord]
    private let notes: [NoteRecord]

    init(_ subject: Subject, in registry: Registry) throws {
        tags = try registry.tags(of: subject)
        notes = try registry.notes(of: subject)
    }

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
