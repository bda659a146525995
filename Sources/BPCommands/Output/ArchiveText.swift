import BPRegistry

/// Where weights have gone, for people.
enum ArchiveText {
    /// `in /data/iris.safetensors, digest 4a8f…; bring it back: bpreg restore /data/iris.safetensors`
    static func place(_ archive: ArchiveRecord, hint: String) -> String {
        "in \(archive.path), digest \(archive.digest.short); bring it back: "
            + "bpreg restore \(ShellText.quoted(archive.path))\(hint)"
    }

    /// Says under a list which of its versions are archived.
    static func tell(of versions: [VersionRecord], hint: String) {
        guard let first = versions.first, let archive = first.archive else { return }
        let names = versions.prefix(4).map(\.name).joined(separator: ", ") + (versions.count > 4 ? ", …" : "")
        let isOne = versions.allSatisfy { $0.archive?.id == archive.id }
        Notes.say(
            "archived: \(names); bring \(versions.count == 1 ? "it" : "them") back: "
                + (isOne
                    ? "bpreg restore \(ShellText.quoted(archive.path))\(hint)"
                    : "bpreg restore FILE, where bpreg show \(first.name)\(hint) tells the file"))
    }
}
