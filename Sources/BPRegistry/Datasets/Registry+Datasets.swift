import BPJSON
public import BPStore

extension SnapshotReading {
    /// All datasets, the one stored last first: ordered by events, because a clock may be set back.
    public func datasets() throws(RegistryError) -> [DatasetRecord] {
        try reading { store in try store.datasets.complete().map { try DatasetRecord($0, in: store) } }
    }

    /// The dataset of this hash.
    /// - Throws: `notFound` naming the datasets that exist.
    public func dataset(_ hash: SHA256Digest) throws(RegistryError) -> DatasetRecord {
        let found = try reading { store -> DatasetRecord? in
            guard let row = try store.datasets.find(hash), row.isComplete else { return nil }
            return try DatasetRecord(row, in: store)
        }
        if let found { return found }
        return try dataset(prefix: hash.hex)
    }

    /// The dataset whose hash begins with `prefix`, hex digits of either case.
    /// - Throws: `badReference` if it is not hex, or if several hashes begin with it; `notFound`.
    public func dataset(prefix: String) throws(RegistryError) -> DatasetRecord {
        guard !prefix.isEmpty, prefix.utf8.allSatisfy({ hexValue($0) != nil }) else {
            throw .badReference(text: prefix, reason: "a dataset is named by the first digits of its hash")
        }
        let all = try datasets()
        let found = all.filter { $0.hash.hex.hasPrefix(prefix.lowercased()) }
        guard found.count <= 1 else {
            throw .badReference(text: prefix, reason: "it is the beginning of \(found.count) hashes")
        }
        guard let dataset = found.first else {
            throw .notFound(
                reference: prefix, what: "no dataset has a hash that begins with it",
                exists: all.isEmpty ? "there is no dataset" : "there are " + list(all.map { $0.hash.short }), near: [])
        }
        return dataset
    }

    /// The canonical bytes of a column, checked against their hash.
    /// - Throws: `notFound` if there is no such column, or if the content was not kept.
    public func columnBytes(_ hash: SHA256Digest, column index: Int) throws(RegistryError) -> [UInt8] {
        try columnBytes(try dataset(hash), column: index)
    }

    /// The same for a dataset that was already read, so that reading all its columns does not read it each time.
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

extension Registry {
    /// Stores a dataset: its content if `keepContent` is set, otherwise only its hashes. Storing the same dataset again
    /// changes nothing, except that it adds content which was left out before. Transactions hold at most 8 MiB. After a
    /// kill between them the next call continues.
    /// - Returns: the dataset's hash: SHA-256 over its canonical manifest.
    @discardableResult
    package func storeDataset(_ dataset: NewDataset) throws(RegistryError) -> SHA256Digest {
        let digests = dataset.columns.map { SHA256.hash($0.bytes) }
        let hash = dataset.hash(ofColumns: digests)
        let known = try reading { store in try store.datasets.find(hash) }
        if let known, known.isComplete, known.isStored || !dataset.keepContent { return hash }
        let tensors = HashedTensors(
            dataset.keepContent
                ? zip(digests, dataset.columns).map { (digest: $0, content: NewTensor($1.name, bytes: $1.bytes)) } : [])
        for group in tensors.groups.indices {
            try writing { store in
                if group == 0 {
                    try begin(dataset, hash, digests, store)
                    for tensor in tensors.tensors {
                        try store.tensors.add(tensor.digest, bytes: tensor.content.byteCount)
                    }
                }
                _ = try tensors.write(group: group, to: store)
                if group == tensors.groups.count - 1 { try complete(hash, stored: dataset.keepContent, store) }
            }
        }
        return hash
    }

    /// Inserts a dataset that is not here yet, as incomplete.
    private func begin(
        _ dataset: NewDataset, _ hash: SHA256Digest, _ digests: [SHA256Digest], _ store: Store
    ) throws {
        let now = environment.now()
        if var known = try store.datasets.find(hash) {
            // An incomplete one is continued, and gc must not free it meanwhile.
            if !known.isComplete {
                known.created = now
                try store.update(known)
            }
            return
        }
        try store.insert(
            DatasetRow(
                hash: hash, name: dataset.name, sourcePath: dataset.sourcePath, rows: dataset.rowCount,
                columnCount: dataset.columns.count, bytes: dataset.columns.reduce(0) { $0 + $1.bytes.count },
                isStored: false, isComplete: false, created: now))
        for (position, column) in dataset.columns.enumerated() {
            try store.insert(
                DatasetColumnRow(
                    dataset: hash, position: position, name: column.name, type: column.type,
                    sha256: digests[position], bytes: column.bytes.count))
        }
        try store.registry.update { $0.datasets += 1 }
    }

    private func complete(_ hash: SHA256Digest, stored: Bool, _ store: Store) throws {
        var row = try store.datasets.need(hash)
        row.isComplete = true
        if stored { row.isStored = true }
        try store.update(row)
        try store.events.add(.stored, of: .dataset(hash), at: environment.now(), ["content": .bool(stored)])
    }
}

extension DatasetRecord {
    fileprivate init(_ row: DatasetRow, in store: Store) throws {
        let columns = try store.datasets.columns(of: row.hash)
        guard columns.count == row.columnCount else {
            throw store.damaged(
                "dataset \(row.keyText)", "it has \(columns.count) columns, but its row records \(row.columnCount)")
        }
        self.init(
            hash: row.hash, name: row.name, sourcePath: row.sourcePath, rows: row.rows, isStored: row.isStored,
            bytes: row.bytes,
            columns: columns.map { Column(name: $0.name, type: $0.type, digest: $0.sha256, bytes: $0.bytes) },
            created: row.created)
    }
}

extension NewDataset {
    /// The manifest from which the dataset's hash is computed. It has no name and no path, so the same table is the
    /// same dataset under any name.
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

/// A list for an error: the first few items, and the number of the others.
package func list(_ items: [String]) -> String {
    let shown = items.prefix(8).joined(separator: ", ")
    return items.count > 8 ? "\(shown) and \(items.count - 8) more" : shown
}
