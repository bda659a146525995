package import BPRegistry
package import BPStore

extension Registry {
    /// Frees the weights of a selection that an archive holds, and records the archive in their place. For a version
    /// these are its own weights, in its run's keyframes too; for a run, those of its keyframes and versions; for a
    /// model, those of all its versions and runs. Weights stay if anything else needs them (another version, an
    /// ancestor) or if the archive does not hold them. Each transaction frees some of them permanently: a kill between
    /// two leaves the others here.
    /// - Parameter contents: the tensors that the archive holds.
    /// - Throws: `notFound`; `alive` if the process of one of the runs is alive; `readOnly`, `diskFull`, `inputOutput`.
    package func freeWeights(
        of selection: Subject, archivedIn archive: ArchiveName, holding contents: Set<SHA256Digest>
    ) throws(RegistryError) -> FreedWeights {
        let found = try reading { store in try FreeableTensors(selection, heldByArchive: contents, in: store) }
        var result = FreedWeights(archive: nil, tensors: 0, bytes: 0, kept: found.kept)
        var rest = found.tensors[...]
        while !rest.isEmpty {
            let group = rest.limited(toBytes: FreedWeights.bytesInTransaction)
            rest = rest.dropFirst(group.count)
            let before = result
            result = try writing { store in
                // A tensor stays if something else has begun to need it.
                let still = Set(
                    try FreeableTensors(selection, heldByArchive: contents, in: store).tensors.map(\.digest))
                let freed = group.filter { still.contains($0.digest) }
                guard !freed.isEmpty else { return before }
                let row =
                    try before.archive.map { try store.archives.need($0.id) }
                    ?? store.archives.add(
                        path: archive.path, digest: archive.digest, bytes: archive.bytes, of: selection,
                        at: environment.now())
                return FreedWeights(
                    archive: try store.archives.free(freed.map(\.digest), into: row),
                    tensors: before.tensors + freed.count, bytes: before.bytes + freed.reduce(0) { $0 + $1.bytes },
                    kept: before.kept + group.count - freed.count)
            }
        }
        // The weights are already freed; it is no failure if the file keeps its length.
        if result.tensors > 0 { try? withStore { try $0.shrink(pages: 4_096) } }
        return result
    }
}

/// The result of `freeWeights`.
package struct FreedWeights: Sendable, Equatable {
    /// The archive that is recorded in their place; nil if nothing was freed.
    package let archive: ArchiveRecord?
    /// The number of tensors that were freed.
    package let tensors: Int
    /// Bytes of these tensors.
    package let bytes: Int
    /// The number of tensors that stay, because something outside the archive needs them or the archive does not hold
    /// them.
    package let kept: Int

    /// Bytes of tensors that one transaction frees.
    fileprivate static let bytesInTransaction = 64 << 20
}

extension ArraySlice<FreeableTensors.Tensor> {
    /// The first tensors, at least one, that have this many bytes together.
    fileprivate func limited(toBytes limit: Int) -> ArraySlice<FreeableTensors.Tensor> {
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
