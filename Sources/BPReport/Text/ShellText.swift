/// Words of a command line that can be pasted into a POSIX shell.
package enum ShellText {
    /// The typed command with one word changed, or nil unless it has that word once.
    package static func command(_ typed: [String], replacing word: String, with other: String) -> String? {
        guard typed.count(where: { $0 == word }) == 1 else { return nil }
        return "bpreg " + typed.map { quoted($0 == word ? other : $0) }.joined(separator: " ")
    }

    /// The typed command with the front of one word changed, such as the model in `iris:3`, or nil unless one begins so.
    package static func command(_ typed: [String], replacingFront front: String, with other: String) -> String? {
        func begins(_ word: String) -> Bool {
            word.hasPrefix(front) && word.dropFirst(front.count).first.map { "@:.".contains($0) } == true
        }
        guard typed.count(where: begins) == 1 else { return nil }
        return "bpreg "
            + typed.map { quoted(begins($0) ? other + $0.dropFirst(front.count) : $0) }.joined(separator: " ")
    }

    /// The typed command without an option and its value, or nil unless it has that option once.
    package static func command(_ typed: [String], without option: String) -> String? {
        let places = typed.indices.filter { typed[$0] == option || typed[$0].hasPrefix(option + "=") }
        guard let place = places.first, places.count == 1 else { return nil }
        var rest = typed
        rest.removeSubrange(place..<min(typed.count, place + (typed[place] == option ? 2 : 1)))
        return "bpreg " + rest.map(quoted).joined(separator: " ")
    }

    /// The programs that a command to type next begins with.
    private static let programs: Set = [
        "bpreg", "cat", "chmod", "d=$(mktemp", "df", "find", "fuser", "gzip", "head", "iconv", "kill", "ls", "ps",
        "sed", "sleep", "unset", "unzip",
    ]

    /// Whether a text is a whole command, and not advice in words.
    static func isCommand(_ text: String) -> Bool {
        text.split(separator: " ", maxSplits: 1).first.map { programs.contains(String($0)) } ?? false
    }

    /// A word with control characters as `$'a\nb'`, which bash, ksh and zsh read.
    private static func escaped(_ word: String) -> String {
        var text = ""
        for scalar in word.unicodeScalars {
            switch scalar {
            case "\n": text += "\\n"
            case "\t": text += "\\t"
            case "\r": text += "\\r"
            case "'", "\\": text += "\\" + String(scalar)
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let octal = String(scalar.value, radix: 8)
                text += "\\" + String(repeating: "0", count: 3 - octal.count) + octal
            default: text.unicodeScalars.append(scalar)
            }
        }
        return "$'" + text + "'"
    }

    /// The folder of a path, quoted.
    package static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : quoted(String(path[..<slash]))
    }

    /// `word` as it is if every character is harmless, otherwise in single quotes.
    package static func quoted(_ word: String) -> String {
        let harmless = word.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: ":"),
                UInt8(ascii: "@"), UInt8(ascii: "="), UInt8(ascii: ","), UInt8(ascii: "+"):
                true
            default: byte >= 0x80
            }
        }
        if harmless, !word.isEmpty { return word }
        // A line end in quotes would be shown as \n, which a shell does not read.
        if word.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) { return escaped(word) }
        let inner = word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
        return "'" + inner + "'"
    }
}
