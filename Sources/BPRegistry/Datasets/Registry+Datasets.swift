public import BPStore
import BPJSON
import BPSQLite

extension Registry {
    /// Keeps a dataset: its content if that is wanted, else its hashes. Storing the same again changes nothing, but
    /// for content that was left out before. Transactions hold at most 8 MiB, and a kill between them leaves what the
    /// next call goes on with.
    /// - Returns: the dataset's hash: SHA-256 over its canonical manifest.
    @discardableResult
    package func storeDataset(_ dataset: NewDataset) throws(RegistryError) -> SHA256Digest {
        let digests = dataset.columns.map { SHA256.hash($0.bytes) }
        let hash = dataset.hash(ofColumns: digests)
        let known = try reading { store in try store.row(.dataset, [.digest(hash)]) }
        if let known {
            let isEnough: Bool = try reading { _ in
                try known.bool("complete") && (try known.bool("stored") || !dataset.keepContent)
            }
            if isEnough { return hash }
        }
        let tensors =
            dataset.keepContent
            ? zip(digests, dataset.columns).map { (digest: $0, content: NewTensor($1.name, bytes: $1.bytes)) } : []
        let groups = TensorPart.groups(ofSizes: tensors.map { $0.content.byteCount })
        for (index, group) in groups.enumerated() {
            try writing { store in
                if index == 0 { try begin(dataset, hash, digests, store) }
                for tensor in index == 0 ? tensors : [] {
                    try store.addTensor(tensor.digest, bytes: tensor.content.byteCount)
                }
                for part in group { _ = try part.write(tensors, to: store) }
                if index == groups.count - 1 { try complete(hash, stored: dataset.keepContent, store) }
            }
        }
        return hash
    }

    /// Enters a dataset that is not there yet, incomplete.
    private func begin(
        _ dataset: NewDataset, _ hash: SHA256Digest, _ digests: [SHA256Digest], _ store: Store
    ) throws {
        if var known = try store.row(.dataset, [.digest(hash)]) {
            // One that was left half is taken up again, and is not for gc to free meanwhile.
            if try !known.bool("complete") {
                known["created"] = .integer(environment.now())
                try store.update(known)
            }
            return
        }
        try store.insert(
            TableRow(
                .dataset,
                [
                    "hash": .digest(hash), "name": .text(dataset.name), "source_path": .text(dataset.sourcePath),
                    "rows": .int(dataset.rowCount), "columns": .int(dataset.columns.count),
                    "bytes": .int(dataset.columns.reduce(0) { $0 + $1.bytes.count }), "stored": .bool(false),
                    "complete": .bool(false), "created": .integer(environment.now()),
                ]))
        for (position, column) in dataset.columns.enumerated() {
            try store.insert(
                TableRow(
                    .datasetColumn,
                    [
                        "dataset": .digest(hash), "position": .int(position), "name": .text(column.name),
                        "type": .text(column.type.rawValue), "sha256": .digest(digests[position]),
                        "bytes": .int(column.bytes.count),
                    ]))
        }
        try store.updateRegistry { try $0.add(1, to: "datasets") }
    }

    private func complete(_ hash: SHA256Digest, stored: Bool, _ store: Store) throws {
        var row = try store.need(.dataset, [.digest(hash)])
        row["complete"] = .bool(true)
        if stored { row["stored"] = .bool(true) }
        try store.update(row)
        try store.addEvent(.stored, of: Subject.dataset(hash), at: environment.now(), ["content": .bool(stored)])
    }

    /// All datasets, the one that was stored last first: by their events, since a clock may be set back.
    public func datasets() throws(RegistryError) -> [DatasetRecord] {
        try reading { store in
            try store.rows(
                .dataset,
                """
                WHERE complete = 1
                ORDER BY (SELECT min(id) FROM event WHERE subject = 'dataset:' || lower(hex(hash))) DESC, hash
                """
            ).map { try store.dataset($0) }
        }
    }

    /// The dataset of this hash.
    /// - Throws: `notFound` naming the datasets there are.
    public func dataset(_ hash: SHA256Digest) throws(RegistryError) -> DatasetRecord {
        let found = try reading { store -> DatasetRecord? in
            guard let row = try store.row(.dataset, [.digest(hash)]), try row.bool("complete") else { return nil }
            return try store.dataset(row)
        }
        if let found { return found }
        return try dataset(prefix: hash.hex)
    }

    /// The dataset whose hash begins with `prefix`, hex digits of either case.
    /// - Throws: `badReference` for what is no hex, or where several begin so; `notFound`.
    public func dataset(prefix: String) throws(RegistryError) -> DatasetRecord {
        guard !prefix.isEmpty, prefix.utf8.allSatisfy({ hexValue($0) != nil }) else {
            throw .badReference(text: prefix, reason: "a dataset is named by the first digits of its hash")
        }
        let all = try datasets()
        let found = all.filter { $0.hash.hex.hasPrefix(prefix.lowercased()) }
        guard found.count <= 1 else {
            throw .badReference(text: prefix, reason: "\(found.count) datasets begin so")
        }
        guard let dataset = found.first else {
            throw .notFound(
                reference: prefix, what: "no dataset begins so",
                exists: all.isEmpty ? "there is no dataset" : "there are " + list(all.map { $0.hash.short }), near: [])
        }
        return dataset
    }

    /// The canonical bytes of a column, checked against their hash.
    /// - Throws: `notFound` for a column that is not there, or where the content was not kept.
    public func columnBytes(_ hash: SHA256Digest, column index: Int) throws(RegistryError) -> [UInt8] {
        try columnBytes(try dataset(hash), column: index)
    }

    /// The same of a dataset that was read already: all its columns are read without asking for it each time.
    public func columnBytes(_ dataset: DatasetRecord, column index: Int) throws(RegistryError) -> [UInt8] {
        let hash = dataset.hash
        guard dataset.columns.indices.contains(index) else {
            throw .notFound(
                reference: "column \(index) of dataset \(hash.short)", what: "no such column",
                exists: "it has \(dataset.columns.count), counted from 0", near: [])
        }
        guard dataset.isStored else {
            throw .notFound(
                reference: "dataset \(hash.short)", what: "its content was not kept",
                exists: "it was read from \(dataset.sourcePath)", near: [])
        }
        return try tensor(dataset.columns[index].digest)
    }
}

extension Store {
    fileprivate func dataset(_ row: TableRow) throws -> DatasetRecord {
        let columns = try rows(.datasetColumn, "WHERE dataset = ? ORDER BY position", [row["hash"]])
        guard try columns.count == row.int("columns") else {
            throw damaged("dataset \(row.keyText)", "it has \(columns.count) columns, its row tells another number")
        }
        return DatasetRecord(
            hash: try row.digest("hash"), name: try row.text("name"), sourcePath: try row.text("source_path"),
            rows: try row.int("rows"), isStored: try row.bool("stored"), bytes: try row.int("bytes"),
            columns: try columns.map {
                DatasetRecord.Column(
                    name: try $0.text("name"), type: try $0.choice("type"), digest: try $0.digest("sha256"),
                    bytes: try $0.int("bytes"))
            },
            created: try row.int64("created"))
    }
}

extension NewDataset {
    /// What the dataset's hash is taken over: the same table of another name or place is the same dataset.
    func manifest(_ digests: [SHA256Digest]) -> JSONValue {
        [
            "format": 1, "rows": JSONValue(rowCount),
            "columns": .array(
                zip(columns, digests).map { column, digest in
                    [
                        "name": .string(column.name), "type": .string(column.type.rawValue),
                        "sha256": .string(digest.hex),
                    ]
                }),
        ]
    }
}

/// A list for an error: the first few, and how many more.
func list(_ items: [String]) -> String {
    let shown = items.prefix(8).joined(separator: ", ")
    return items.count > 8 ? "\(shown) and \(items.count - 8) more" : shown
}
