import BPJSON
package import BPRegistry

/// The list of datasets.
package enum DatasetList {
    package static let columns = ListColumns<DatasetRecord>([
        (.digest("dataset_sha256", "dataset"), { .string($0.hash.hex) }),
        (.words("name"), { .string($0.name) }),
        (.count("rows"), { JSONValue($0.rows) }),
        (.count("columns"), { JSONValue($0.columns.count) }),
        (.count("bytes"), { JSONValue($0.bytes) }),
        (.mark("stored"), { .bool($0.isStored) }),
        (.time("created"), { TimeText.json($0.created) }),
        (.words("source"), { .string($0.sourcePath) }),
    ])
}

/// The list of aliases.
package enum AliasList {
    package static let columns = ListColumns<AliasRecord>([
        (.words("model"), { .string($0.model) }),
        (.words("alias"), { .string($0.name) }),
        (.count("version"), { JSONValue($0.version) }),
        (.time("moved"), { TimeText.json($0.moved) }),
    ])
}

/// The tags of a run or a version.
package enum TagList {
    package static let columns = ListColumns<TagRecord>([
        (.words("tag"), { .string($0.name) }),
        (.words("value"), { .string($0.value) }),
        (.time("set"), { TimeText.json($0.created) }),
    ])
}

/// The notes about a run or a version.
package enum NoteList {
    package static let columns = ListColumns<NoteRecord>([
        (.count("id"), { JSONValue($0.id) }),
        (.time("written"), { TimeText.json($0.created) }),
        (.sentences("text"), { .string($0.text) }),
    ])
}

/// The pins of a run.
package enum PinList {
    package static let columns = ListColumns<PinRecord>([
        (.count("run"), { JSONValue($0.run) }),
        (.count("segment"), { JSONValue($0.segment) }),
        (.count("iteration"), { JSONValue($0.iteration) }),
        (.words("name"), { JSONValue($0.name) }),
        (.time("created"), { TimeText.json($0.created) }),
    ])
}
