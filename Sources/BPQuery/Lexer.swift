import BPText

/// Splits an expression into its words.
struct Lexer {
    private let text: String
    private let scalars: [Unicode.Scalar]
    private var place = 0

    /// The most bytes that an expression may have.
    static let longest = 10_000

    private init(_ text: String) { (self.text, scalars) = (text, Array(text.unicodeScalars)) }

    /// The words of `text`, followed by `.end`.
    /// - Throws: `QueryError` for characters that cannot begin a word, and for a text that is too long.
    static func tokens(_ text: String) throws(QueryError) -> [Token] {
        guard text.utf8.count <= longest else {
            throw QueryError(
                .expression, text, at: nil,
                "the expression has \(text.utf8.count) bytes, at most \(longest) are taken")
        }
        var lexer = Lexer(text)
        var tokens: [Token] = []
        while let token = try lexer.next() { tokens.append(token) }
        let end = TextSpan(start: lexer.scalars.count, end: lexer.scalars.count + 1)
        return tokens + [Token(kind: .end, span: end)]
    }

    private mutating func next() throws(QueryError) -> Token? {
        while place < scalars.count, scalars[place].properties.isWhitespace { place += 1 }
        guard place < scalars.count else { return nil }
        let start = place
        let kind = try word()
        return Token(kind: kind, span: TextSpan(start: start, end: place))
    }

    private mutating func word() throws(QueryError) -> Token.Kind {
        let first = scalars[place]
        if Lexer.beginsName(first) { return name() }
        if Lexer.isDigit(first) || beginsNumber { return try number() }
        switch first {
        case "\"", "'": return try quoted(first)
        case "(": return symbol(.open, 1)
        case ")": return symbol(.close, 1)
        case ",": return symbol(.comma, 1)
        default: break
        }
        for (sign, comparison) in Lexer.comparisons where isHere(sign) {
            return symbol(.comparison(comparison), sign.unicodeScalars.count)
        }
        for (sign, word) in Lexer.foreign where isHere(sign) {
            throw fault(sign.unicodeScalars.count, "\(sign) is not known here", near: [word])
        }
        if ["\u{201C}", "\u{201D}", "\u{2018}", "\u{2019}", "\u{AB}", "\u{BB}"].contains(first) {
            throw fault(1, "text needs plain quotes, \"…\" or '…'")
        }
        throw fault(1, "\(String(first).debugDescription) begins neither a name nor a value")
    }

    /// The comparison signs, longer ones first, so that `<=` is not read as `<`.
    private static let comparisons: [(String, QueryComparison)] = [
        ("!=", .unequal), ("<>", .unequal), ("<=", .lessOrEqual), (">=", .greaterOrEqual), ("==", .equal),
        ("=", .equal), ("<", .less), (">", .greater),
    ]

    /// Signs of other languages, with the words that this language uses instead.
    private static let foreign = [("&&", "and"), ("||", "or"), ("!", "not"), ("&", "and"), ("|", "or"), ("~", "like")]

    private mutating func symbol(_ kind: Token.Kind, _ length: Int) -> Token.Kind {
        place += length
        return kind
    }

    private func isHere(_ sign: String) -> Bool { scalars[place...].starts(with: sign.unicodeScalars) }

    private func fault(_ length: Int, _ reason: String, near: [String] = []) -> QueryError {
        QueryError(.expression, text, at: place, length: length, reason, near: near)
    }

    private mutating func name() -> Token.Kind {
        let word = take(Lexer.continuesName)
        if let keyword = Keyword(rawValue: word.lowercased()) { return .keyword(keyword) }
        return ["inf", "infinity"].contains(word.lowercased())
            ? .number(.infinity) : .name(ComposedText.of(word))
    }

    private var beginsNumber: Bool {
        var next = place
        if scalars[next] == "-" || scalars[next] == "+" { next += 1 }
        if next < scalars.count, scalars[next] == "." { next += 1 }
        return next > place && next < scalars.count && (Lexer.isDigit(scalars[next]) || isInfinity(next))
    }

    private func isInfinity(_ place: Int) -> Bool {
        String(String.UnicodeScalarView(scalars[place...].prefix(3))).lowercased() == "inf"
    }

    private mutating func number() throws(QueryError) -> Token.Kind {
        let start = place
        var word = ""
        if scalars[place] == "-" || scalars[place] == "+" {
            word.unicodeScalars.append(scalars[place])
            place += 1
        }
        var before: Unicode.Scalar = " "
        word += take { scalar in
            defer { before = scalar }
            let isSign = (scalar == "-" || scalar == "+") && (before == "e" || before == "E")
            return isSign || scalar == "." || scalar == "_" || Lexer.isDigit(scalar) || Lexer.isLetter(scalar)
        }
        // `Double` alone would also accept hexadecimal digits and "nan".
        let isPlain = word.unicodeScalars.allSatisfy { Lexer.isDigit($0) || "+-.eE".unicodeScalars.contains($0) }
        let isInfinite = ["inf", "infinity"].contains(word.drop { "+-".contains($0) }.lowercased())
        guard isPlain || isInfinite, let value = Double(word) else {
            let isHash = QueryHash.lengths.contains(word.utf8.count) && word.allSatisfy(\.isHexDigit)
            throw QueryError(
                .expression, text, at: start, length: place - start,
                "\"\(word)\" is no number" + (isHash ? "; a hash needs quotes" : ""),
                near: isHash ? ["\"\(word)\""] : word.contains("_") ? [word.filter { $0 != "_" }] : [])
        }
        switch QueryValue(whole: word) {
        case .whole(let number): return .whole(number)
        case .number: return .number(value)
        default:
            throw QueryError(
                .expression, text, at: start, length: place - start,
                "\(word) has more digits than are compared; text in quotes is compared as it is",
                near: ["\"\(word)\""])
        }
    }

    private mutating func quoted(_ quote: Unicode.Scalar) throws(QueryError) -> Token.Kind {
        let start = place
        var value = String.UnicodeScalarView()
        place += 1
        while place < scalars.count {
            if scalars[place] == quote {
                place += 1
                guard place < scalars.count, scalars[place] == quote else { return .text(String(value)) }
            }
            value.append(scalars[place])
            place += 1
        }
        throw QueryError(
            .expression, text, at: start, length: place - start, "the text that begins here has no closing \(quote)")
    }

    private mutating func take(_ belongs: (Unicode.Scalar) -> Bool) -> String {
        var word = String.UnicodeScalarView()
        while place < scalars.count, belongs(scalars[place]) {
            word.append(scalars[place])
            place += 1
        }
        return String(word)
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar.properties.isAlphabetic
    }

    private static func beginsName(_ scalar: Unicode.Scalar) -> Bool { isLetter(scalar) || scalar == "_" }

    private static func continuesName(_ scalar: Unicode.Scalar) -> Bool {
        beginsName(scalar) || isDigit(scalar) || scalar.isNameScalar || scalar == "." || scalar == "-"
    }

    /// Whether all of `text` is one name.
    static func isName(_ text: Substring) -> Bool {
        text.unicodeScalars.first.map(beginsName) == true && text.unicodeScalars.allSatisfy(continuesName)
    }
}
