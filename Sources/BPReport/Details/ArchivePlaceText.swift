package import BPRegistry

/// The archives that hold weights which are no longer in the registry.
package enum ArchivePlaceText {
    /// `in /data/iris.safetensors, digest 4a8f…; restore it with: bpreg restore /data/iris.safetensors`
    static func sentence(_ archive: ArchiveRecord, hint: String) -> String {
        "in \(archive.place), digest \(archive.digest.short); restore it with: "
            + "bpreg restore \(ShellText.quoted(archive.place))\(hint)"
    }

    /// A note under a list: which of its versions are archived. Nil if none is.
    package static func note(_ versions: [VersionRecord], hint: String) -> String? {
        guard let first = versions.first, let archive = first.archive else { return nil }
        let names = versions.prefix(4).map(\.name).joined(separator: ", ") + (versions.count > 4 ? ", …" : "")
        let isOne = versions.allSatisfy { $0.archive?.id == archive.id }
        return "archived: \(names); restore \(versions.count == 1 ? "it" : "them") with: "
            + (isOne
                ? "bpreg restore \(ShellText.quoted(archive.place))\(hint)"
                : "bpreg restore FILE, with the file that bpreg show \(first.name)\(hint) names")
    }
}
