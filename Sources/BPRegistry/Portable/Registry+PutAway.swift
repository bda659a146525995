public import BPStore
import BPJSON
import BPSQLite

extension Registry {
    /// Frees the weights of what is selected, which an archive holds, and leaves the archive's name in their place: of a
    /// version its own, in its run's keyframes too; of a run those of its keyframes and versions; of a model those of all
    /// its versions and runs. What anything else needs (another version, an ancestor) stays, and so does what the archive
    /// does not hold. Each transaction frees some of them for good: a kill between two leaves the others here.
    /// - Parameter contents: the tensors that the archive holds.
    /// - Throws: `notFound`; `alive` when the process of one of the runs lives; `readOnly`, `diskFull`, `inputOutput`.
    package func putAway(
        _ selection: Subject, into archive: ArchiveName, holding contents: Set<SHA256Digest>
    ) throws(RegistryError) -> PutAway {
        let found = try reading { store in try store.freeable(selection, contents) }
        var result = PutAway(archive: nil, tensors: 0, bytes: 0, kept: found.kept)
        var rest = found.tensors[...]
        while !rest.isEmpty {
            let group = rest.limited(toBytes: PutAway.group)
            rest = rest.dropFirst(group.count)
            let before = result
            result = try writing { store in
                // What has been named by something else meanwhile stays.
                let still = try store.freeable(selection, contents)
                let digests = Set(still.tensors.map(\.digest))
                let freed = group.filter { digests.contains($0.digest) }
                guard !freed.isEmpty else { return before }
                let row = try store.putAway(freed, selection, archive, before.archive?.id, environment.now())
                return PutAway(
                    archive: try ArchiveRecord(row), tensors: before.tensors + freed.count,
                    bytes: before.bytes + freed.reduce(0) { $0 + $1.bytes },
                    kept: before.kept + group.count - freed.count)
            }
        }
        // The weights are gone by now; that the file keeps its length is no failure.
        if result.tensors > 0 { try? withStore { _ = try $0.connection.incrementalVacuum(pages: 4_096) } }
        return result
    }

    /// The archives that hold weights which are not here any more, oldest first.
    public func archives() throws(RegistryError) -> [ArchiveRecord] {
        try reading { store in try store.rows(.archive, "ORDER BY id").map { try ArchiveRecord($0) } }
    }
}

extension PutAway {
    /// Bytes of tensors that one transaction frees.
    fileprivate static let group = 64 << 20

    fileprivate struct Tensor {
        let digest: SHA256Digest
        let bytes: Int
    }
}

extension ArraySlice<PutAway.Tensor> {
    /// The first of these, at least one, with so many bytes together.
    fileprivate func limited(toBytes limit: Int) -> ArraySlice<PutAway.Tensor> {
        var sum = 0
        var count = 0
        for tensor in self {
            sum += tensor.bytes
            if count > 0, sum > limit { break }
            count += 1
        }
        return prefix(count)
    }
}

/// What a selection itself names.
private struct Named {
    var runs: [Int] = []
    var versions: [TableRow] = []
    /// The runs whose keyframes may go with these weights: a version's are also those of its own run.
    var holders: Set<Int> = []
    var tensors: Set<SHA256Digest> = []
}

extension Store {
    /// The tensors of a selection that can go, and how many must stay.
    fileprivate func freeable(
        _ selection: Subject, _ contents: Set<SHA256Digest>
    ) throws -> (tensors: [PutAway.Tensor], kept: Int) {
        let closure = try Closure(selection, in: self)
        for number in closure.runs {
            if let owner = try livingOwner(of: runRow(number), environment) {
                throw RegistryError.alive(run: number, owner: owner)
            }
        }
        var tensors: [PutAway.Tensor] = []
        var kept = 0
        let named = try named(by: selection, closure)
        for digest in named.tensors.sorted(by: { $0.hex < $1.hex }) {
            if try tombstone(of: digest) != nil { continue }
            guard contents.contains(digest), try !isUsed(digest, besides: named) else {
                kept += 1
                continue
            }
            let size: Int = try connection.value("SELECT bytes FROM tensor WHERE sha256 = ?", [digest.bytes])
            tensors.append(PutAway.Tensor(digest: digest, bytes: size))
        }
        return (tensors, kept)
    }

    /// What a selection itself names, whose weights may go: all else that the archive holds keeps its own.
    private func named(by selection: Subject, _ closure: Closure) throws -> Named {
        var named = Named()
        switch selection {
        case .run(let number): named.runs = [number]
        case .version(let name, let number):
            named.versions = try rows(.version, "WHERE model = ? AND number = ?", [modelRow(name)["id"], number])
            named.holders = Set(try named.versions.map { try $0.int("run") })
        case .model(let name):
            let model = try modelRow(name)["id"]
            named.versions = try rows(.version, "WHERE model = ?", [model])
            named.runs = try connection.all("SELECT id FROM run WHERE model = ?", [model], as: Int.self)
        case .dataset: break
        case .all: named.runs = closure.runs
        }
        named.holders.formUnion(named.runs)
        for run in named.runs {
            named.versions += try rows(.version, "WHERE run = ?", [run])
            for keyframe in try rows(.keyframe, "WHERE run = ? AND state = 'complete'", [run]) {
                named.tensors.formUnion(try tensorNames(of: keyframe, .keyframeTensor).map(\.digest))
            }
        }
        for version in named.versions {
            named.tensors.formUnion(try tensorNames(of: version, .versionTensor).map(\.digest))
        }
        return named
    }

    /// Whether something that a selection does not name needs a tensor: another version, a keyframe of another run, be it
    /// an ancestor's, or data.
    private func isUsed(_ digest: SHA256Digest, besides named: Named) throws -> Bool {
        let holders = try connection.all(
            "SELECT run FROM keyframe_tensor AS t JOIN keyframe ON keyframe.id = t.keyframe WHERE t.tensor = ?",
            [digest.bytes], as: Int.self)
        if holders.contains(where: { !named.holders.contains($0) }) { return true }
        let ids = Set(try named.versions.map { try $0.int("id") })
        let versions = try connection.all(
            "SELECT version FROM version_tensor WHERE tensor = ?", [digest.bytes], as: Int.self)
        if versions.contains(where: { !ids.contains($0) }) { return true }
        return try connection.value(
            "SELECT EXISTS (SELECT 1 FROM dataset_column WHERE sha256 = ?)", [digest.bytes])
    }

    /// Frees tensors and names the archive in their place, within a transaction.
    /// - Parameter id: the row of the archive, where there is one already.
    /// - Returns: the row of the archive.
    fileprivate func putAway(
        _ tensors: [PutAway.Tensor], _ subject: Subject, _ archive: ArchiveName, _ id: Int?, _ now: Int64
    ) throws -> TableRow {
        var row: TableRow
        if let id {
            row = try need(.archive, [.int(id)])
        } else {
            let next = try connection.value("SELECT coalesce(max(id), 0) + 1 FROM archive", as: Int.self)
            row = TableRow(
                .archive,
                [
                    "id": .int(next), "path": .text(archive.path), "digest": .digest(archive.digest),
                    "subject": .text(subject.text), "bytes": .int(archive.bytes), "tensors": .int(0),
                    "created": .integer(now),
                ])
            try insert(row)
            try updateRegistry { registry in
                if registry["archives"] == .null { registry["archives"] = .int(0) }
                try registry.add(1, to: "archives")
            }
            try addEvent(
                .archived, of: subject, at: now,
                ["path": .string(archive.path), "digest": .string(archive.digest.hex)])
        }
        for tensor in tensors {
            try insert(TableRow(.archivedTensor, ["tensor": .digest(tensor.digest), "archive": row["id"]]))
            try deleteChunks(of: tensor.digest)
        }
        try row.add(tensors.count, to: "tensors")
        try update(row)
        return row
    }
}
