/// How people name the labels that belong to features: by one word of the name.
enum LabelNames {
    private static let words: [(features: String, labels: [String])] = [
        ("images", ["labels", "label"]), ("x", ["y", "Y"]), ("X", ["y", "Y"]), ("data", ["target", "labels", "label"]),
        ("features", ["labels", "label", "target"]), ("inputs", ["targets", "labels"]),
    ]

    /// The words of a name: letters and digits, as they stand.
    static func words(of name: String) -> [String] {
        name.split { !($0.isLetter || $0.isNumber) }.map(String.init)
    }

    /// Whether a name is one that features have.
    static func areFeatures(_ name: String) -> Bool {
        let own = Set(words(of: name.lowercased()))
        return words.contains { own.contains($0.features.lowercased()) }
    }

    /// The names that labels may have beside features of this name, the likeliest first.
    static func labels(besides name: String) -> [String] {
        words.flatMap { pair in
            pair.labels.compactMap { replace(pair.features, by: $0, in: name) }
        }
    }

    /// The files that may hold the labels of the features in this one: in the same folder, gzipped or not. In names
    /// of IDX files idx3 or idx2 tells the number of dimensions, which for labels is one.
    static func files(besides path: String) -> [String] {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        var name = String(path.dropFirst(folder.count))
        let isCompressed = name.hasSuffix(".gz")
        if isCompressed { name.removeLast(3) }
        return labels(besides: name).flatMap { label -> [String] in
            let label = ["idx2", "idx3", "idx4"].reduce(label) { replace($1, by: "idx1", in: $0) ?? $0 }
            return (isCompressed ? [".gz", ""] : ["", ".gz"]).map { folder + label + $0 }
        }
    }

    /// The name with one of its words replaced; nil if the word is none of them.
    private static func replace(_ word: String, by other: String, in name: String) -> String? {
        var result = ""
        var found = false
        var rest = Substring(name)
        while let first = rest.first {
            let isWord = first.isLetter || first.isNumber
            let part = rest.prefix { ($0.isLetter || $0.isNumber) == isWord }
            let isIt = part == word && !found
            found = found || isIt
            result += isIt ? other : String(part)
            rest = rest.dropFirst(part.count)
        }
        return found ? result : nil
    }
}
