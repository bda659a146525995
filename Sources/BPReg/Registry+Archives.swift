import BPTransfer

extension Registry {
    /// Writes a run, a version or a model to an archive: one file from which `restore` recovers everything, the next
    /// iteration included. It holds whole runs, the parents of forks too.
    /// - Parameters:
    ///   - reference: a run, a version, or a model with all its versions and runs.
    ///   - path: the file to write, by convention `.safetensors`. No file may have this name yet.
    ///   - includingData: whether the data go into the archive. Without them a resume needs the file of the data.
    /// - Returns: the path, size and digest of the archive.
    /// - Throws: `RegistryError` if the reference names nothing or a point of a run; `FileError`, `FormatError`.
    @discardableResult
    public func archive(
        _ reference: String, to path: String, includingData: Bool = true
    ) throws -> ArchiveName {
        let named = try Reference(reference)
        guard let selection = try ArchiveSelection(named, in: self) else {
            throw RegistryError.badReference(text: reference, reason: "it names a point; whole runs are archived")
        }
        return try withTransferSource(of: selection.subject, withData: includingData) { source in
            try ArchiveWriter.write(
                source, candidates: selection.candidates, subject: selection.subject.text, to: path, replace: false,
                version: bpregVersion)
        }
    }

    /// Restores an archive into this registry. What the registry has already is recognized, so a second restoration
    /// changes nothing. A run that the archive continues is extended. Runs and versions keep their numbers if these are
    /// free.
    /// - Returns: each run, version and dataset of the archive, with its number here.
    /// - Throws: `FileError`, `FormatError` for a file that is not a sound archive; `RegistryError.conflict` if a run is
    ///   here with another history; `alive` if a run would be extended whose process is alive.
    @discardableResult
    public func restore(_ path: String) throws -> RestoreReport { try restore(from: ArchiveFile(path)) }
}
