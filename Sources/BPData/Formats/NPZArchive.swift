import BPText

/// A zip archive of NPY files, whose names end with `.npy`; the arrays are named without it.
struct NPZArchive {
    let names: [String]
    private let zip: ZipArchive

    init(_ bytes: [UInt8]) throws(DataError) {
        zip = try ZipArchive(bytes)
        names = zip.members.map(\.name).filter { $0.hasSuffix(".npy") && $0 != ".npy" }.map { String($0.dropLast(4)) }
        guard !zip.members.isEmpty else { throw DataError(.malformed, "the zip archive is empty: it has no file") }
        guard !names.isEmpty else {
            throw DataError(
                .malformed,
                "the zip archive has no member whose name ends with .npy; it has: "
                    + Visible.list(zip.members.map(\.name)))
        }
    }

    /// Refuses a model that bpreg exported, which is no table.
    func refuseExport() throws(DataError) {
        guard names.contains(where: { $0.hasPrefix("bpreg.") }) else { return }
        var error = DataError(
            .malformed,
            "it is a model that bpreg exported, and no table: it has \(Visible.list(names.filter { $0.hasPrefix("bpreg.") }))"
        )
        error.remedy = .command("bring it into a registry with bpreg import FILE, and name its table with --data")
        throw error
    }

    /// The array of this name.
    func array(_ name: String) throws(DataError) -> NPYArray {
        guard let member = zip.member(name + ".npy") else { throw missing(name) }
        do throws(DataError) {
            // What is longer or shorter than its header says is not inflated.
            if let size = NPYArray.size(of: zip.prefix(of: member, 1 << 10)), size != member.size {
                throw DataError(
                    .malformed,
                    "its header states \(Visible.count(size, "byte")), and the archive \(Visible.grouped(member.size))")
            }
            return try NPYArray(try zip.bytes(of: member))
        } catch {
            var error = error
            error.member = name
            throw error
        }
    }

    /// Where labels are.
    enum Labels: Equatable {
        case member(String)
        case file(String)

        var memberName: String? { if case .member(let name) = self { name } else { nil } }
    }

    /// How its members make a table.
    enum Choice: Equatable {
        case pair(features: String, labels: Labels?)
        /// Each is a column.
        case columns
    }

    /// What was said, and what the names show where nothing was said.
    /// - Throws: `DataError` (`choice`) that lists the members where they leave a choice.
    func choice(_ said: TableChoices, isForTraining: Bool, wantsLabels: Bool) throws(DataError) -> Choice {
        var labels = said.labels.map { names.contains($0) ? Labels.member($0) : .file($0) }
        if case .file(let path) = labels, !FileBytes.isThere(path) { throw missing(path) }
        if let features = said.features {
            guard names.contains(features) else { throw missing(features) }
            if labels == nil, wantsLabels { labels = labelMember(of: features).map { .member($0) } }
            return .pair(features: features, labels: labels)
        }
        let rest = names.filter { $0 != labels?.memberName }
        let known = rest.filter { LabelNames.areFeatures($0) }
        for rank in isForTraining ? [["train"], []] : [["test"], [], ["val", "validation"], ["train"]] {
            let group = known.filter { rank.isEmpty ? parts($0).isEmpty : !parts($0).isDisjoint(with: rank) }
            let paired = group.filter { labelMember(of: $0) != nil }
            let best = paired.isEmpty ? group : paired
            guard best.count <= 1 else { throw ambiguous(best) }
            guard let features = best.first else { continue }
            if labels == nil, wantsLabels { labels = labelMember(of: features).map { .member($0) } }
            return .pair(features: features, labels: labels)
        }
        if rest.count == 1 { return .pair(features: rest[0], labels: labels) }
        guard labels == nil, let lengths = try lengthsOfColumns() else { throw ambiguous(names) }
        guard Set(lengths.map(\.count)).count == 1 else { throw NPZArchive.uneven(lengths) }
        return .columns
    }

    /// The lengths of all members; nil if they are not of one dimension each.
    private func lengthsOfColumns() throws(DataError) -> [(name: String, count: Int)]? {
        var lengths: [(name: String, count: Int)] = []
        for name in names {
            let array = try array(name)
            guard array.shape.count == 1, array.element != nil else { return nil }
            lengths.append((name, array.shape[0]))
        }
        return lengths
    }

    private static func uneven(_ lengths: [(name: String, count: Int)]) -> DataError {
        let shown = lengths.map { "\($0.name) (\(Visible.grouped($0.count)))" }
        return DataError(
            .choice,
            "the members are no columns of one table, since their lengths differ: \(Visible.list(shown)); --features MEMBER "
                + "names one that holds the rows, and --labels MEMBER their labels")
    }

    private func labelMember(of features: String) -> String? {
        for candidate in LabelNames.labels(besides: features.lowercased()) {
            if let name = names.first(where: { $0.lowercased() == candidate.lowercased() && $0 != features }) {
                return name
            }
        }
        return nil
    }

    /// Of which part of the data a name speaks.
    private func parts(_ name: String) -> Set<String> {
        Set(LabelNames.words(of: name.lowercased())).intersection(["train", "test", "val", "validation"])
    }

    private func missing(_ name: String) -> DataError {
        var error = DataError(
            .choice, "there is no member \(Visible.quoted(name)); the archive has: \(Visible.list(names))")
        error.nearName = NearNames.of(name, among: names).first
        error.value = Visible.text(name)
        return error
    }

    private func ambiguous(_ names: [String]) -> DataError {
        DataError(
            .choice,
            "which member holds the rows? It may be any of: \(Visible.list(names)); --features MEMBER says it, and "
                + "--labels MEMBER which holds the labels")
    }
}
