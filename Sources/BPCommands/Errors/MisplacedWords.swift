import ArgumentParser
import BPReport

/// Words of a command line that are in another place than bpreg wants them: `rollback 4 10` is `rollback 4@epoch:10`, and
/// `export iris iris.onnx` is `export iris -o iris.onnx`.
enum MisplacedWords {
    /// The command to type next, if the words are a command once the refused one is in its place; otherwise nil.
    /// - Parameter refused: the word or option that ArgumentParser names in its message.
    static func next(_ arguments: [String], refused: String) -> String? {
        guard let name = arguments.first else { return nil }
        let words = Array(arguments.dropFirst())
        return proposals(name, words, refused).lazy.compactMap(command).first
    }

    /// The words as a command line if bpreg can parse them; otherwise nil.
    static func command(_ words: [String]) -> String? {
        // train alone is parsed, since --resume needs no table.
        if words == ["train"] { return nil }
        return (try? Root.parseAsRoot(words)).map { _ in "bpreg " + words.map(ShellText.quoted).joined(separator: " ") }
    }

    /// Whole commands, of which the first that bpreg can parse is taken.
    private static func proposals(_ name: String, _ words: [String], _ refused: String) -> [[String]] {
        switch name {
        case "export", "archive":
            guard refused.hasPrefix("--output"), let ref = words.first, !ref.hasPrefix("-") else { return [] }
            // The file may be there without its option.
            if words.count > 1, !words[1].hasPrefix("-") { return [[name, ref, "-o"] + words.dropFirst()] }
            let stem = String(ref.map { "@:.".contains($0) ? "-" : $0 })
            return [[name] + words + ["-o", stem + (name == "export" ? ".onnx" : ".safetensors")]]
        case "verify":
            guard words.contains(refused), !refused.hasPrefix("-") else { return [] }
            return (refused.contains(".sqlite") ? [[name, "--registry"] + words] : []) + [["inspect", refused]]
        case "rollback", "show", "predict", "evaluate", "pin", "version":
            return point(words, refused).map { [[name] + $0] } ?? []
        case "train":
            guard words.contains(refused), !refused.hasPrefix("-"), !words.contains("--target") else { return [] }
            return [[name] + words.filter { $0 != refused } + ["--target", refused]]
        case "runs", "versions":
            guard ["--model", "--status", "--optimizer"].contains(refused), !words.contains("--where"),
                let place = words.firstIndex(of: refused), place + 1 < words.count
            else { return [] }
            var rest = words
            rest[place] = "--where"
            rest[place + 1] = "\(refused.dropFirst(2)) = \"\(words[place + 1])\""
            return [[name] + rest]
        default: return []
        }
    }

    /// `4 10` and `4 --epoch 10` as `4@epoch:10`.
    private static func point(_ words: [String], _ refused: String) -> [String]? {
        guard let run = words.first, Int(run) != nil, let place = words.firstIndex(of: refused), place > 0 else {
            return nil
        }
        var rest = words
        if ["--epoch", "--iteration"].contains(refused), place + 1 < words.count, Int(words[place + 1]) != nil {
            rest.removeSubrange(place...place + 1)
            rest[0] = "\(run)@\(refused.dropFirst(2)):\(words[place + 1])"
            return rest
        }
        guard Int(refused) != nil else { return nil }
        rest.remove(at: place)
        rest[0] = "\(run)@epoch:\(refused)"
        return rest
    }
}
