package import BPRegistry

/// Writes archives.
package enum ArchiveWriter {
    /// Writes what a registry gives to a file that is whole or not there, with a few MiB of memory whatever its size.
    /// - Parameters:
    ///   - source: the record and its parts.
    ///   - candidates: weights that `layer1.weight` and so on may be, the best first: the first that the source has.
    ///   - subject: what the archive is of: `run:7`, `version:iris:3`, `model:iris`.
    ///   - path: the file.
    ///   - replace: whether a file that is there is replaced.
    ///   - version: the bpreg that writes it.
    ///   - isStopped: asked now and then; true ends the work without a file.
    /// - Throws: `WritingStopped`; `FileError`; `FormatError` (`unsuitable`) where the record has more text than is read again; what the
    ///   source throws.
    package static func write(
        _ source: any PortableSource, candidates: [ArchiveWeights], subject: String, to path: String, replace: Bool,
        version: String, isStopped: () -> Bool = { false }
    ) throws -> ArchiveName {
        let parts = source.parts
        let known = Set(parts)
        let weights = candidates.first {
            known.contains(PortablePart(.content($0.digest), type: .f32, count: $0.network.parameterCount))
        }
        let layout = try ArchiveLayout(
            recordText: source.record.serialized, parts: parts, weights: weights, subject: subject, version: version,
            file: path)
        let writer = try SafetensorsWriter(path, replace: replace, header: layout.header)
        var digest = SHA256()
        digest.update(layout.header.encoded())
        for part in layout.parts {
            var count = 0
            try source.read(part) { bytes in
                if isStopped() { throw WritingStopped() }
                digest.update(bytes)
                try writer.write(bytes)
                count += bytes.count
            }
            guard count == layout.places[part]?.count else {
                throw FormatError(.unsuitable, file: path, "a part gave \(count) bytes, not those that it has")
            }
        }
        let sum = digest.finish()
        try writer.rewrite(Array(sum.hex.utf8), at: ArchiveLayout.digestPlace)
        try writer.finish()
        return ArchiveName(path: writer.path, digest: sum, bytes: writer.count)
    }
}

/// The work was to end, and no file was made.
package struct WritingStopped: Error {}
